#include "json/value.hpp"

#include "base/decimal.hpp"

namespace pamoja::json {

const Value* Value::find(std::string_view name) const {
    const auto* members = object();
    if (members == nullptr) return nullptr;
    for (const auto& [member_name, value] : *members) {
        if (member_name == name) return &value;
    }
    return nullptr;
}

const Value* Value::at(std::string_view path) const {
    const Value* value = this;
    while (value != nullptr && !path.empty()) {
        const auto dot = path.find('.');
        value = value->find(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return value;
}

std::string Value::text_or_empty() const {
    if (const auto* text = string()) return *text;
    if (const auto* digits = number()) return digits->text;
    return {};
}

std::optional<std::int64_t> Value::integer() const {
    const auto* digits = number();
    if (digits == nullptr) return std::nullopt;
    return parse_scaled(digits->text, 0);
}

}  // namespace pamoja::json
