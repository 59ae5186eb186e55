#pragma once
#include "base/failure.hpp"

namespace pamoja::openid {

// The error codes of OAuth 2.0 (RFC 6749, 7009, 6750) and OpenID Connect Core. The code is the wire's.
inline constexpr Reason invalid_request{FailureKind::malformed, "invalid_request"};
inline constexpr Reason invalid_client{FailureKind::unauthenticated, "invalid_client"};
inline constexpr Reason invalid_grant{FailureKind::malformed, "invalid_grant"};
inline constexpr Reason invalid_scope{FailureKind::malformed, "invalid_scope"};
inline constexpr Reason unauthorized_client{FailureKind::malformed, "unauthorized_client"};
inline constexpr Reason unsupported_grant_type{FailureKind::malformed, "unsupported_grant_type"};
inline constexpr Reason unsupported_response_type{FailureKind::malformed, "unsupported_response_type"};
inline constexpr Reason request_not_supported{FailureKind::malformed, "request_not_supported"};
inline constexpr Reason request_uri_not_supported{FailureKind::malformed, "request_uri_not_supported"};
inline constexpr Reason access_denied{FailureKind::forbidden, "access_denied"};
inline constexpr Reason login_required{FailureKind::forbidden, "login_required"};
inline constexpr Reason consent_required{FailureKind::forbidden, "consent_required"};
inline constexpr Reason invalid_token{FailureKind::unauthenticated, "invalid_token"};
inline constexpr Reason insufficient_scope{FailureKind::forbidden, "insufficient_scope"};

// An address that no answer can be sent back to: the person sees a page.
inline constexpr Reason unusable_request{FailureKind::malformed, "unusable_request"};

}  // namespace pamoja::openid
