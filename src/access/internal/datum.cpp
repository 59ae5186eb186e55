#include "access/internal/datum.hpp"

#include "json/writer.hpp"

namespace pamoja::access {

std::optional<Millionths> parse_millionths(std::string_view text) {
    if (const auto scaled = parse_scaled(text, 6)) return *scaled;
    if (const auto whole = parse_scaled(text, 0)) return static_cast<Millionths>(*whole) * millionth;
    return std::nullopt;
}

std::string text_of(Millionths value) {
    const bool is_negative = value < 0;
    const Millionths size = is_negative ? -value : value;
    std::string text = is_negative ? "-" : "";
    // The whole part of what conditions compare fits 64 bits; sums of two of them are written in two halves.
    const auto whole = size / millionth;
    constexpr Millionths half = 1'000'000'000'000'000'000;
    if (whole >= half) {
        text += std::to_string(static_cast<std::int64_t>(whole / half));
        const auto rest = std::to_string(static_cast<std::int64_t>(whole % half));
        text += std::string(18 - rest.size(), '0') + rest;
    } else {
        text += std::to_string(static_cast<std::int64_t>(whole));
    }
    const auto rest = static_cast<std::int64_t>(size % millionth);
    if (rest == 0) return text;
    auto decimals = std::to_string(rest + millionth).substr(1);
    decimals.erase(decimals.find_last_not_of('0') + 1);
    return text + "." + decimals;
}

Datum Datum::of(const json::Value* value) {
    if (value == nullptr) return {};
    Datum datum;
    if (const auto* text = value->string()) {
        datum = of(std::string_view(*text));
    } else if (const auto* digits = value->number()) {
        const auto number = parse_millionths(digits->text);
        datum = number ? of(*number) : fault("has more digits than can be compared");
    } else if (const auto* boolean = value->boolean()) {
        datum = of(*boolean);
    } else if (const auto* items = value->array()) {
        datum.kind = DatumKind::list;
        datum.list = items;
    } else {
        datum.kind = value->is_null() ? DatumKind::null : DatumKind::object;
    }
    return datum;
}

Datum Datum::of(bool value) {
    Datum datum;
    datum.kind = DatumKind::boolean;
    datum.boolean = value;
    return datum;
}

Datum Datum::of(Millionths value) {
    Datum datum;
    datum.kind = DatumKind::number;
    datum.number = value;
    return datum;
}

Datum Datum::of(Timestamp value) {
    Datum datum;
    datum.kind = DatumKind::instant;
    datum.instant = value;
    return datum;
}

Datum Datum::of(Date value) {
    Datum datum;
    datum.kind = DatumKind::date;
    datum.date = value;
    return datum;
}

Datum Datum::of(std::string_view value) {
    Datum datum;
    datum.kind = DatumKind::text;
    datum.text = value;
    return datum;
}

Datum Datum::fault(std::string_view what) {
    Datum datum;
    datum.kind = DatumKind::fault;
    datum.text = what;
    return datum;
}

const char* noun_of(DatumKind kind) {
    static constexpr const char* nouns[] = {"missing", "null",      "a boolean", "a number",
                                            "a text",  "a time",    "a date",    "a list",
                                            "a list",  "an object", "of no use"};
    return nouns[static_cast<std::size_t>(kind)];
}

json::Value json_of(const Datum& datum) {
    switch (datum.kind) {
        case DatumKind::missing:
        case DatumKind::null:
        case DatumKind::fault:
        case DatumKind::object:
            return json::Value();
        case DatumKind::boolean:
            return json::Value(datum.boolean);
        case DatumKind::number:
            return json::Value(json::Number{text_of(datum.number)});
        case DatumKind::text:
            return json::Value(datum.text);
        case DatumKind::instant:
        case DatumKind::date:
            return json::Value(text_of(datum));
        case DatumKind::list:
            return json::Value(*datum.list);
        case DatumKind::names: {
            json::Array names;
            for (const auto& name : *datum.names) names.emplace_back(name);
            return json::Value(std::move(names));
        }
    }
    return json::Value();
}

std::string text_of(const Datum& datum) {
    switch (datum.kind) {
        case DatumKind::instant:
            return datum.instant.micros() % 1'000'000 == 0 ? datum.instant.text()
                                                           : datum.instant.precise_text();
        case DatumKind::date:
            return datum.date.text();
        case DatumKind::missing:
        case DatumKind::object:
        case DatumKind::fault:
            return noun_of(datum.kind);
        case DatumKind::null:
        case DatumKind::boolean:
        case DatumKind::number:
        case DatumKind::text:
        case DatumKind::list:
        case DatumKind::names:
            return json::to_text(json_of(datum));
    }
    return {};
}

}  // namespace pamoja::access
