#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "crypto/signing_key.hpp"

namespace pamoja::crypto {

// What an access token says. All fields are set in every token of ours.
struct Claims {
    std::string issuer{};
    std::string audience{};    // the face
    std::string subject{};     // the user
    std::string session_id{};  // "sid"
    std::string tenant{};
    std::string type{};  // "access"; anything else is worth nothing as an access token
    std::string id{};    // "jti"
    Timestamp issued_at{};
    Timestamp expires_at{};  // both in whole seconds on the wire

    bool operator==(const Claims&) const = default;
};

std::string sign_token(const SigningKeys&, const Claims&);

struct TokenExpectations {
    std::string issuer{};
    std::string audience{};
    std::string type{};
    Timestamp now{};
    std::chrono::seconds leeway{0};  // for clocks of several machines
};

// The claims of a token of ours that holds now, for that issuer, audience and type; otherwise empty, whatever
// the reason. The tenant, the session and the person are for the caller to check.
std::optional<Claims> verify_token(const SigningKeys&, std::string_view text, const TokenExpectations&);

}  // namespace pamoja::crypto
