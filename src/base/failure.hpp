#pragma once
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pamoja {

// The closed set of ways in which a request is refused. A face maps each to its status and code.
enum class FailureKind {
    malformed,        // the request cannot be parsed
    invalid,          // parsed, but fields are wrong
    unauthenticated,  // who is asking is not known
    forbidden,        // known, but not allowed
    not_found,        // absent, or none of the caller's business
    conflict,         // the state of the thing does not allow it
    rate_limited,     // too often
    too_large,        // more bytes than the route takes
    unsupported,      // a media type or method that the route does not take
    unavailable,      // the server or a party it needs cannot answer now; try again
    internal,         // a fault of ours
};

// What went wrong, as a value that a face can map to its documented code. Declared by the module that throws
// it.
struct Reason {
    FailureKind kind;
    const char* code;

    bool operator==(const Reason& other) const {
        return kind == other.kind && std::string_view(code) == other.code;
    }
};

inline constexpr Reason malformed_request{FailureKind::malformed, "malformed_request"};
inline constexpr Reason validation_failed{FailureKind::invalid, "validation_failed"};
inline constexpr Reason unauthenticated{FailureKind::unauthenticated, "unauthenticated"};
inline constexpr Reason forbidden{FailureKind::forbidden, "forbidden"};
inline constexpr Reason not_found{FailureKind::not_found, "not_found"};
inline constexpr Reason conflict{FailureKind::conflict, "conflict"};
inline constexpr Reason rate_limited{FailureKind::rate_limited, "rate_limit_exceeded"};
inline constexpr Reason payload_too_large{FailureKind::too_large, "payload_too_large"};
inline constexpr Reason unsupported_media_type{FailureKind::unsupported, "unsupported_media_type"};
inline constexpr Reason unavailable{FailureKind::unavailable, "service_unavailable"};
inline constexpr Reason internal_error{FailureKind::internal, "internal_error"};

// One wrong field of a request. `field` is the wire's name, with dots into nested objects ("user.email").
struct FieldError {
    std::string field;
    std::string message;  // a sentence for the caller's user
    std::string code;     // "required", "invalid", "too_long", …
};

// Ends a request: its transaction rolls back and the face renders it. The message is a sentence for the
// caller's user and never holds internals.
class Failure : public std::exception {
  public:
    Failure(Reason reason, std::string message, std::vector<FieldError> errors = {});

    const char* what() const noexcept override { return message_.c_str(); }
    const Reason& reason() const { return reason_; }
    const std::string& message() const { return message_; }
    const std::vector<FieldError>& errors() const { return errors_; }

    // How long the caller should wait, where that is known (429 and 503).
    std::optional<std::chrono::seconds> retry_after;

    // What else the caller's program needs to go on: a JSON object, or empty. Shown by faces whose errors
    // have room for it ({"mfa_required":true}).
    std::string details;

  private:
    Reason reason_;
    std::string message_;
    std::vector<FieldError> errors_;
};

// States a business rule: throws Failure(reason, message) unless it holds.
inline void require(bool holds, const Reason& reason, std::string_view message) {
    if (!holds) throw Failure(reason, std::string(message));
}

// States a rule about one field of the request: throws validation_failed that names it.
void require_field(bool holds, std::string_view field, std::string_view code, std::string_view message);

}  // namespace pamoja
