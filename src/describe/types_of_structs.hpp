#pragma once
// Included by fields.hpp at its end: the Type of described structs needs Fields, and Fields needs ops_of.
#include "describe/fields.hpp"

namespace pamoja {

template <Described T>
struct Type<T> {
    static constexpr ValueKind kind = ValueKind::object;
    static void read(const json::Value& value, T& record, Reading& reading) {
        const auto errors_before = reading.errors.size();
        read_fields(fields_of(record), value, reading);
        if constexpr (Checked<T>) {
            if (reading.errors.size() == errors_before) record.check(reading);
        }
    }
    static void write(const T& record, json::Writer& writer, const WireStyle& style) {
        // describe() takes references to fill; writing only reads through them.
        write_fields(fields_of(const_cast<T&>(record)), writer, style);
    }
    static Cell to_cell(const T& record) {
        json::Writer writer;
        write(record, writer, WireStyle::storage());
        return writer.take();
    }
    static void from_cell(const Cell& cell, T& record) {
        Reading reading{WireStyle::storage(), false, {}, {}};
        read(detail::stored_json(cell), record, reading);
    }
    static void schema(json::Writer& writer, const WireStyle& style) {
        T record;
        write_fields_schema(fields_of(record), writer, style);
    }
};

namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
struct IsList : std::false_type {};
template <class T>
struct IsList<std::vector<T>> : std::true_type {};

template <class T>
std::size_t size_of(const void* value) {
    if constexpr (IsList<T>::value) return static_cast<const T*>(value)->size();
    return 0;
}

template <class T>
const void* content_of(const void* value) {
    if constexpr (IsOptional<T>::value) {
        const auto& optional = *static_cast<const T*>(value);
        return optional ? &*optional : nullptr;
    } else {
        return value;
    }
}

template <class T>
void set_currency_of(void* value, Currency currency) {
    if constexpr (std::same_as<T, Money>) {
        auto& money = *static_cast<Money*>(value);
        money = Money(money.minor(), currency);
    } else if constexpr (std::same_as<T, std::optional<Money>>) {
        auto& money = *static_cast<std::optional<Money>*>(value);
        if (money) money = Money(money->minor(), currency);
    }
}

}  // namespace detail

template <class T>
const TypeOps* ops_of() {
    static constexpr bool holds_money = std::same_as<T, Money> || std::same_as<T, std::optional<Money>>;
    static constexpr TypeOps ops{
        Type<T>::kind,
        detail::IsOptional<T>::value,
        [](const json::Value& json, void* value, Reading& reading) {
            Type<T>::read(json, *static_cast<T*>(value), reading);
        },
        [](const void* value, json::Writer& writer, const WireStyle& style) {
            Type<T>::write(*static_cast<const T*>(value), writer, style);
        },
        [](const void* value) { return Type<T>::to_cell(*static_cast<const T*>(value)); },
        [](const Cell& cell, void* value) { Type<T>::from_cell(cell, *static_cast<T*>(value)); },
        &Type<T>::schema,
        &detail::content_of<T>,
        detail::IsList<T>::value ? &detail::size_of<T> : nullptr,
        holds_money ? &detail::set_currency_of<T> : nullptr,
    };
    return &ops;
}

}  // namespace pamoja
