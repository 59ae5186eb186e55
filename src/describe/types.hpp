#pragma once
#include <functional>
#include <span>
#include <stdexcept>

#include "describe/type.hpp"

namespace pamoja {

// How each type is read, written and stored. The functions are in types.cpp; templates only where they must
// be.
template <class T>
struct Type;

#define PAMOJA_PLAIN_TYPE(T, kind_value)                              \
    template <>                                                       \
    struct Type<T> {                                                  \
        static constexpr ValueKind kind = ValueKind::kind_value;      \
        static void read(const json::Value&, T&, Reading&);           \
        static void write(const T&, json::Writer&, const WireStyle&); \
        static Cell to_cell(const T&);                                \
        static void from_cell(const Cell&, T&);                       \
        static void schema(json::Writer&, const WireStyle&);          \
    }

PAMOJA_PLAIN_TYPE(bool, boolean);
PAMOJA_PLAIN_TYPE(int, integer);
PAMOJA_PLAIN_TYPE(std::int64_t, integer);
PAMOJA_PLAIN_TYPE(double, number);
PAMOJA_PLAIN_TYPE(std::string, text);
PAMOJA_PLAIN_TYPE(Money, money);
PAMOJA_PLAIN_TYPE(Rate, rate);
PAMOJA_PLAIN_TYPE(Date, date);
PAMOJA_PLAIN_TYPE(Timestamp, instant);
PAMOJA_PLAIN_TYPE(Currency, text);
PAMOJA_PLAIN_TYPE(json::Value, any);
PAMOJA_PLAIN_TYPE(Blob, any);

#undef PAMOJA_PLAIN_TYPE

template <class Tag>
struct Type<Id<Tag>> {
    static constexpr ValueKind kind = ValueKind::text;
    static void read(const json::Value& value, Id<Tag>& id, Reading& reading) {
        std::string text;
        Type<std::string>::read(value, text, reading);
        id = Id<Tag>(std::move(text));
    }
    static void write(const Id<Tag>& id, json::Writer& writer, const WireStyle&) { writer.string(id.text()); }
    static Cell to_cell(const Id<Tag>& id) { return id.text(); }
    static void from_cell(const Cell& cell, Id<Tag>& id) {
        std::string text;
        Type<std::string>::from_cell(cell, text);
        id = Id<Tag>(std::move(text));
    }
    static void schema(json::Writer& writer, const WireStyle&) { writer.member("type", "string"); }
};

namespace detail {

std::string enum_on_wire(const char* name, EnumCase);
void read_enum(const json::Value&, std::span<const char* const> names, std::size_t& index, Reading&);
void write_enum_schema(json::Writer&, std::span<const char* const> names, const WireStyle&);
std::string text_of(const Cell&);
json::Value stored_json(const Cell&);
void write_list_schema(json::Writer&, void (*item_schema)(json::Writer&, const WireStyle&), const WireStyle&);
void read_list(const json::Value&, Reading&, const std::function<void(const json::Value&)>& read_item);

}  // namespace detail

template <NamedEnum E>
struct Type<E> {
    static constexpr ValueKind kind = ValueKind::text;
    static void read(const json::Value& value, E& result, Reading& reading) {
        static constexpr auto all = names(E{});
        auto index = static_cast<std::size_t>(result);
        detail::read_enum(value, all, index, reading);
        result = static_cast<E>(index);
    }
    static void write(const E& value, json::Writer& writer, const WireStyle& style) {
        writer.string(detail::enum_on_wire(name_of(value), style.enums));
    }
    static Cell to_cell(const E& value) { return std::string(name_of(value)); }
    static void from_cell(const Cell& cell, E& value) {
        const auto found = value_named<E>(detail::text_of(cell));
        if (!found)
            throw std::runtime_error("a stored enumeration has an unknown name: " + detail::text_of(cell));
        value = *found;
    }
    static void schema(json::Writer& writer, const WireStyle& style) {
        static constexpr auto all = names(E{});
        detail::write_enum_schema(writer, all, style);
    }
};

template <class T>
struct Type<std::optional<T>> {
    static constexpr ValueKind kind = Type<T>::kind;
    static void read(const json::Value& value, std::optional<T>& result, Reading& reading) {
        if (value.is_null()) {
            result.reset();
            return;
        }
        Type<T>::read(value, result.emplace(), reading);
    }
    static void write(const std::optional<T>& value, json::Writer& writer, const WireStyle& style) {
        if (value) {
            Type<T>::write(*value, writer, style);
        } else {
            writer.null();
        }
    }
    static Cell to_cell(const std::optional<T>& value) { return value ? Type<T>::to_cell(*value) : Cell(); }
    static void from_cell(const Cell& cell, std::optional<T>& value) {
        value.reset();
        if (!is_null(cell)) Type<T>::from_cell(cell, value.emplace());
    }
    static void schema(json::Writer& writer, const WireStyle& style) {
        writer.name("anyOf");
        writer.begin_array();
        writer.begin_object();
        Type<T>::schema(writer, style);
        writer.end_object();
        writer.raw(R"({"type":"null"})");
        writer.end_array();
    }
};

// Lists and structs are stored as JSON text, which SQL never looks into.
template <class T>
struct Type<std::vector<T>> {
    static constexpr ValueKind kind = ValueKind::list;
    static void read(const json::Value& value, std::vector<T>& items, Reading& reading) {
        items.clear();
        detail::read_list(value, reading, [&](const json::Value& item) {
            Type<T>::read(item, items.emplace_back(), reading);
        });
    }
    static void write(const std::vector<T>& items, json::Writer& writer, const WireStyle& style) {
        writer.begin_array();
        for (const auto& item : items) Type<T>::write(item, writer, style);
        writer.end_array();
    }
    static Cell to_cell(const std::vector<T>& items) {
        json::Writer writer;
        write(items, writer, WireStyle::storage());
        return writer.take();
    }
    static void from_cell(const Cell& cell, std::vector<T>& items) {
        Reading reading{WireStyle::storage(), false, {}, {}};
        read(detail::stored_json(cell), items, reading);
    }
    static void schema(json::Writer& writer, const WireStyle& style) {
        detail::write_list_schema(writer, &Type<T>::schema, style);
    }
};

}  // namespace pamoja
