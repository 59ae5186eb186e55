#include "base/failure.hpp"

namespace pamoja {

Failure::Failure(Reason reason, std::string message, std::vector<FieldError> errors)
    : reason_(reason), message_(std::move(message)), errors_(std::move(errors)) {}

void require_field(bool holds, std::string_view field, std::string_view code, std::string_view message) {
    if (holds) return;
    throw Failure(validation_failed, std::string(message),
                  {{std::string(field), std::string(message), std::string(code)}});
}

}  // namespace pamoja
