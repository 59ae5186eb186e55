#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pamoja::json {

class Value;

// A number as it was written, so that money never passes through a double.
struct Number {
    std::string text;
    bool operator==(const Number&) const = default;
};

using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;
using Object = std::vector<Member>;  // in order of arrival; names are unique

// One JSON value (RFC 8259).
class Value {
  public:
    Value() = default;  // null
    explicit Value(bool value) : data_(value) {}
    explicit Value(std::int64_t value) : data_(Number{std::to_string(value)}) {}
    explicit Value(Number value) : data_(std::move(value)) {}
    explicit Value(std::string value) : data_(std::move(value)) {}
    explicit Value(std::string_view value) : data_(std::string(value)) {}
    explicit Value(const char* value) : data_(std::string(value)) {}
    explicit Value(Array value) : data_(std::move(value)) {}
    explicit Value(Object value) : data_(std::move(value)) {}

    bool is_null() const { return std::holds_alternative<std::nullptr_t>(data_); }
    const bool* boolean() const { return std::get_if<bool>(&data_); }
    const Number* number() const { return std::get_if<Number>(&data_); }
    const std::string* string() const { return std::get_if<std::string>(&data_); }
    const Array* array() const { return std::get_if<Array>(&data_); }
    const Object* object() const { return std::get_if<Object>(&data_); }
    Array* array() { return std::get_if<Array>(&data_); }
    Object* object() { return std::get_if<Object>(&data_); }

    // The member of that name; null (the pointer) when this is no object or has no such member.
    const Value* find(std::string_view name) const;
    // The value at a dotted path ("Body.stkCallback.ResultCode"); null when any step is missing.
    const Value* at(std::string_view path) const;

    // Text of a string or number; empty for everything else. For lenient readers of other parties' answers.
    std::string text_or_empty() const;
    // The integer that this number is; empty when it is no number, has decimals or does not fit.
    std::optional<std::int64_t> integer() const;

    bool operator==(const Value&) const = default;

  private:
    std::variant<std::nullptr_t, bool, Number, std::string, Array, Object> data_ = nullptr;
};

struct ParseLimits {
    std::size_t depth_max = 64;
    std::size_t values_max = 100'000;
    std::size_t number_length_max = 64;
};

// Reads one JSON text. Throws Failure(malformed_request) that names the place for what is not JSON, for
// duplicate member names, invalid UTF-8, lone surrogates, and for what passes the limits.
Value parse(std::string_view text, const ParseLimits& = {});

}  // namespace pamoja::json
