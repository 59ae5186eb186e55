#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/failure.hpp"
#include "base/id.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "describe/cell.hpp"
#include "describe/wire_style.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace pamoja {

class Fields;

template <class T>
concept Described = requires(T& record, Fields& fields) {
    record.describe(fields);
};

// An enumeration with a function `names(E)` beside it that lists the names of its values in order, from 0.
template <class E>
concept NamedEnum = std::is_enum_v<E> && requires(E value) {
    names(value).size();
};

template <NamedEnum E>
const char* name_of(E value) {
    return names(value)[static_cast<std::size_t>(value)];
}

template <NamedEnum E>
std::optional<E> value_named(std::string_view name) {
    const auto all = names(E{});
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (name == all[i]) return static_cast<E>(i);
    }
    return std::nullopt;
}

// What a reader of JSON carries along: the wire's style, where it stands, and what it found wrong so far.
struct Reading {
    const WireStyle& style;
    bool is_text = false;  // values come from a query or a form, where everything is a string
    std::string path;      // of the value that is being read: "employment_info.monthly_income"
    std::vector<FieldError> errors;

    void fail(std::string code, std::string message);
};

// What kind of value a field holds, for the rules and the schema.
enum class ValueKind { boolean, integer, number, text, money, rate, date, instant, list, object, any };

// What describe() needs to know of a type, without its name: how it is read, written and stored.
struct TypeOps {
    ValueKind kind;
    bool is_optional;
    void (*read)(const json::Value&, void* value, Reading&);
    void (*write)(const void* value, json::Writer&, const WireStyle&);
    Cell (*to_cell)(const void* value);
    void (*from_cell)(const Cell&, void* value);
    void (*schema)(json::Writer&, const WireStyle&);  // the members of its JSON Schema
    const void* (*content)(const void* value);        // the value itself; null for an absent optional
    std::size_t (*size)(const void* value);           // items of a list; null for what is none
    void (*set_currency)(void* value, Currency);      // null for what holds no money
};

template <class T>
const TypeOps* ops_of();

}  // namespace pamoja
