#pragma once
#include <optional>

#include "base/decimal.hpp"
#include "json/value.hpp"

namespace pamoja::workflows {

// A number of a form in millionths; empty for what is no JSON number, too large, or finer than that.
inline std::optional<std::int64_t> scaled_number(const json::Value& value) {
    return value.number() != nullptr ? parse_scaled(value.number()->text, 6) : std::nullopt;
}

}  // namespace pamoja::workflows
