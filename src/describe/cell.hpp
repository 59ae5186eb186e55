#pragma once
#include <cstdint>
#include <string>
#include <variant>

namespace pamoja {

// Bytes that are no text.
struct Blob {
    std::string bytes;
    bool operator==(const Blob&) const = default;
};

// One value of one column, of the portable types. SQLite gives booleans back as integers.
using Cell = std::variant<std::monostate, std::int64_t, double, bool, std::string, Blob>;

inline bool is_null(const Cell& cell) {
    return std::holds_alternative<std::monostate>(cell);
}

}  // namespace pamoja
