#include "describe/types.hpp"

#include <charconv>
#include <functional>
#include <limits>
#include <stdexcept>

namespace pamoja {
namespace {

[[noreturn]] void bad_cell(const char* wanted) {
    throw std::runtime_error(std::string("a stored value is not a ") + wanted);
}

std::int64_t integer_of(const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell)) return *number;
    if (const auto* flag = std::get_if<bool>(&cell)) return *flag ? 1 : 0;
    bad_cell("number");
}

// The text of a number: a JSON number, or in forms and queries (and for amounts in strings) a string.
const std::string* number_text(const json::Value& value, bool may_be_string) {
    if (const auto* number = value.number()) return &number->text;
    return may_be_string ? value.string() : nullptr;
}

void read_integer(const json::Value& value, std::int64_t& result, std::int64_t min, std::int64_t max,
                  Reading& reading) {
    const auto* text = number_text(value, reading.is_text);
    const auto number = text != nullptr ? parse_scaled(*text, 0) : std::nullopt;
    if (!number || *number < min || *number > max) return reading.fail("invalid", "must be a whole number");
    result = *number;
}

std::optional<Money> parse_tagged(const std::string& text) {
    if (text.size() < 5 || text[3] != ' ') return std::nullopt;
    return Money::parse_major(text.substr(4), Currency(text.substr(0, 3)));
}

std::optional<Money> parse_money(const json::Value& value, const Reading& reading) {
    const auto& style = reading.style;
    if (style.money == MoneyForm::tagged)
        return value.string() != nullptr ? parse_tagged(*value.string()) : std::nullopt;
    const bool may_be_string = reading.is_text || style.money == MoneyForm::major_string;
    const auto* text = number_text(value, may_be_string);
    if (text == nullptr) return std::nullopt;
    if (style.money != MoneyForm::minor_number) return Money::parse_major(*text, style.currency);
    const auto minor = parse_scaled(*text, 0);
    return minor ? std::optional(Money(*minor, style.currency)) : std::nullopt;
}

// Amounts beyond this are refused on the wire, so that sums of many stay within 64 bits.
constexpr std::int64_t money_max = 1'000'000'000'000'000;

}  // namespace

const WireStyle& WireStyle::storage() {
    static const WireStyle style{};
    return style;
}

void Reading::fail(std::string code, std::string message) {
    errors.push_back({path, std::move(message), std::move(code)});
}

void Type<bool>::read(const json::Value& value, bool& result, Reading& reading) {
    if (const auto* flag = value.boolean()) {
        result = *flag;
    } else if (const auto* text = value.string();
               reading.is_text && text != nullptr && (*text == "true" || *text == "false")) {
        result = *text == "true";
    } else {
        reading.fail("invalid", "must be true or false");
    }
}
void Type<bool>::write(const bool& value, json::Writer& writer, const WireStyle&) {
    writer.boolean(value);
}
Cell Type<bool>::to_cell(const bool& value) {
    return value;
}
void Type<bool>::from_cell(const Cell& cell, bool& value) {
    value = integer_of(cell) != 0;
}
void Type<bool>::schema(json::Writer& writer, const WireStyle&) {
    writer.member("type", "boolean");
}

void Type<int>::read(const json::Value& value, int& result, Reading& reading) {
    std::int64_t wide = result;
    read_integer(value, wide, std::numeric_limits<int>::min(), std::numeric_limits<int>::max(), reading);
    result = static_cast<int>(wide);
}
void Type<int>::write(const int& value, json::Writer& writer, const WireStyle&) {
    writer.integer(value);
}
Cell Type<int>::to_cell(const int& value) {
    return static_cast<std::int64_t>(value);
}
void Type<int>::from_cell(const Cell& cell, int& value) {
    value = static_cast<int>(integer_of(cell));
}
void Type<int>::schema(json::Writer& writer, const WireStyle&) {
    writer.member("type", "integer");
}

void Type<std::int64_t>::read(const json::Value& value, std::int64_t& result, Reading& reading) {
    read_integer(value, result, std::numeric_limits<std::int64_t>::min(),
                 std::numeric_limits<std::int64_t>::max(), reading);
}
void Type<std::int64_t>::write(const std::int64_t& value, json::Writer& writer, const WireStyle&) {
    writer.integer(value);
}
Cell Type<std::int64_t>::to_cell(const std::int64_t& value) {
    return value;
}
void Type<std::int64_t>::from_cell(const Cell& cell, std::int64_t& value) {
    value = integer_of(cell);
}
void Type<std::int64_t>::schema(json::Writer& writer, const WireStyle&) {
    writer.member("type", "integer");
}

void Type<double>::read(const json::Value& value, double& result, Reading& reading) {
    const auto* text = number_text(value, reading.is_text);
    if (text == nullptr) return reading.fail("invalid", "must be a number");
    double number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size())
        return reading.fail("invalid", "must be a number");
    result = number;
}
void Type<double>::write(const double& value, json::Writer& writer, const WireStyle&) {
    char text[64];
    const auto [end, error] = std::to_chars(text, text + sizeof text, value);
    const bool is_number = error == std::errc() && value - value == 0;
    if (is_number) return writer.raw({text, end});
    writer.null();
}
Cell Type<double>::to_cell(const double& value) {
    return value;
}
void Type<double>::from_cell(const Cell& cell, double& value) {
    const auto* number = std::get_if<double>(&cell);
    value = number != nullptr ? *number : static_cast<double>(integer_of(cell));
}
void Type<double>::schema(json::Writer& writer, const WireStyle&) {
    writer.member("type", "number");
}

void Type<std::string>::read(const json::Value& value, std::string& result, Reading& reading) {
    const auto* text = value.string();
    if (text == nullptr) return reading.fail("invalid", "must be a text");
    // PostgreSQL stores no NUL, and nobody types one.
    if (text->find('\0') != std::string::npos) return reading.fail("invalid", "must not hold NUL characters");
    result = *text;
}
void Type<std::string>::write(const std::string& value, json::Writer& writer, const WireStyle&) {
    writer.string(value);
}
Cell Type<std::string>::to_cell(const std::string& value) {
    return value;
}
void Type<std::string>::from_cell(const Cell& cell, std::string& value) {
    value = detail::text_of(cell);
}
void Type<std::string>::schema(json::Writer& writer, const WireStyle&) {
    writer.member("type", "string");
}

void Type<Money>::read(const json::Value& value, Money& result, Reading& reading) {
    const auto money = parse_money(value, reading);
    if (!money) return reading.fail("invalid", "must be an amount of money");
    if (money->minor() > money_max || money->minor() < -money_max)
        return reading.fail("too_large", "is too large");
    result = *money;
}
void Type<Money>::write(const Money& value, json::Writer& writer, const WireStyle& style) {
    switch (style.money) {
        case MoneyForm::major_number:
            return writer.raw(value.shortest_text());
        case MoneyForm::major_string:
            return writer.string(value.major_text());
        case MoneyForm::minor_number:
            return writer.integer(value.minor());
        case MoneyForm::tagged:
            return writer.string(std::string(value.currency().code()) + " " + value.major_text());
    }
}
Cell Type<Money>::to_cell(const Money& value) {
    return value.minor();
}
void Type<Money>::from_cell(const Cell& cell, Money& value) {
    value = Money(integer_of(cell), value.currency());
}
void Type<Money>::schema(json::Writer& writer, const WireStyle& style) {
    switch (style.money) {
        case MoneyForm::major_number:
            return writer.member("type", "number");
        case MoneyForm::minor_number:
            return writer.member("type", "integer");
        case MoneyForm::major_string:
        case MoneyForm::tagged:
            return writer.member("type", "string");
    }
}

void Type<Rate>::read(const json::Value& value, Rate& result, Reading& reading) {
    const auto* text = number_text(value, true);
    const auto rate = text != nullptr ? Rate::parse(*text) : std::nullopt;
    if (!rate) return reading.fail("invalid", "must be a rate in per cent");
    result = *rate;
}
void Type<Rate>::write(const Rate& value, json::Writer& writer, const WireStyle&) {
    writer.raw(value.text());
}
Cell Type<Rate>::to_cell(const Rate& value) {
    return value.micropercent();
}
void Type<Rate>::from_cell(const Cell& cell, Rate& value) {
    value = Rate::micropercent(integer_of(cell));
}
void Type<Rate>::schema(json::Writer& writer, const WireStyle&) {
    writer.member("type", "number");
}

void Type<Date>::read(const json::Value& value, Date& result, Reading& reading) {
    const auto date = value.string() != nullptr ? Date::parse(*value.string()) : std::nullopt;
    if (!date) return reading.fail("invalid", "must be a date in the form YYYY-MM-DD");
    result = *date;
}
void Type<Date>::write(const Date& value, json::Writer& writer, const WireStyle&) {
    writer.string(value.text());
}
Cell Type<Date>::to_cell(const Date& value) {
    return value.text();
}
void Type<Date>::from_cell(const Cell& cell, Date& value) {
    const auto date = Date::parse(detail::text_of(cell));
    if (!date) bad_cell("date");
    value = *date;
}
void Type<Date>::schema(json::Writer& writer, const WireStyle&) {
    writer.member("type", "string");
    writer.member("format", "date");
}

void Type<Timestamp>::read(const json::Value& value, Timestamp& result, Reading& reading) {
    const auto instant = value.string() != nullptr ? Timestamp::parse(*value.string()) : std::nullopt;
    if (!instant) return reading.fail("invalid", "must be a time in the form YYYY-MM-DDTHH:MM:SSZ");
    result = *instant;
}
void Type<Timestamp>::write(const Timestamp& value, json::Writer& writer, const WireStyle& style) {
    writer.string(&style == &WireStyle::storage() ? value.precise_text() : value.text());
}
Cell Type<Timestamp>::to_cell(const Timestamp& value) {
    return value.micros();
}
void Type<Timestamp>::from_cell(const Cell& cell, Timestamp& value) {
    value = Timestamp::from_micros(integer_of(cell));
}
void Type<Timestamp>::schema(json::Writer& writer, const WireStyle&) {
    writer.member("type", "string");
    writer.member("format", "date-time");
}

void Type<Currency>::read(const json::Value& value, Currency& result, Reading& reading) {
    try {
        result = Currency(value.string() != nullptr ? *value.string() : "");
    } catch (const Failure&) {
        reading.fail("invalid", "must be the code of a supported currency");
    }
}
void Type<Currency>::write(const Currency& value, json::Writer& writer, const WireStyle&) {
    writer.string(value.code());
}
Cell Type<Currency>::to_cell(const Currency& value) {
    return std::string(value.code());
}
void Type<Currency>::from_cell(const Cell& cell, Currency& value) {
    value = Currency(detail::text_of(cell));
}
void Type<Currency>::schema(json::Writer& writer, const WireStyle&) {
    writer.member("type", "string");
}

void Type<json::Value>::read(const json::Value& value, json::Value& result, Reading&) {
    result = value;
}
void Type<json::Value>::write(const json::Value& value, json::Writer& writer, const WireStyle&) {
    writer.value(value);
}
Cell Type<json::Value>::to_cell(const json::Value& value) {
    return json::to_text(value);
}
void Type<json::Value>::from_cell(const Cell& cell, json::Value& value) {
    value = detail::stored_json(cell);
}
void Type<json::Value>::schema(json::Writer&, const WireStyle&) {}

void Type<Blob>::read(const json::Value&, Blob&, Reading& reading) {
    reading.fail("invalid", "cannot be sent as JSON");
}
void Type<Blob>::write(const Blob&, json::Writer& writer, const WireStyle&) {
    writer.null();
}
Cell Type<Blob>::to_cell(const Blob& value) {
    return value;
}
void Type<Blob>::from_cell(const Cell& cell, Blob& value) {
    const auto* blob = std::get_if<Blob>(&cell);
    if (blob == nullptr) bad_cell("blob");
    value = *blob;
}
void Type<Blob>::schema(json::Writer&, const WireStyle&) {}

namespace detail {

std::string enum_on_wire(const char* name, EnumCase enum_case) {
    std::string text = name;
    if (enum_case == EnumCase::lower) return text;
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

void read_enum(const json::Value& value, std::span<const char* const> names, std::size_t& index,
               Reading& reading) {
    std::string choices;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto choice = enum_on_wire(names[i], reading.style.enums);
        if (value.string() != nullptr && *value.string() == choice) {
            index = i;
            return;
        }
        choices += (i == 0 ? "" : ", ") + choice;
    }
    reading.fail("invalid_choice", "must be one of " + choices);
}

void write_enum_schema(json::Writer& writer, std::span<const char* const> names, const WireStyle& style) {
    writer.member("type", "string");
    writer.name("enum");
    writer.begin_array();
    for (const char* name : names) writer.string(enum_on_wire(name, style.enums));
    writer.end_array();
}

std::string text_of(const Cell& cell) {
    const auto* text = std::get_if<std::string>(&cell);
    if (text == nullptr) bad_cell("text");
    return *text;
}

json::Value stored_json(const Cell& cell) {
    return json::parse(text_of(cell));
}

void write_list_schema(json::Writer& writer, void (*item_schema)(json::Writer&, const WireStyle&),
                       const WireStyle& style) {
    writer.member("type", "array");
    writer.name("items");
    writer.begin_object();
    item_schema(writer, style);
    writer.end_object();
}

void read_list(const json::Value& value, Reading& reading,
               const std::function<void(const json::Value&)>& read_item) {
    const auto* items = value.array();
    if (items == nullptr) return reading.fail("invalid", "must be a list");
    const std::string path = reading.path;
    for (std::size_t i = 0; i < items->size(); ++i) {
        reading.path = path + "[" + std::to_string(i) + "]";
        read_item((*items)[i]);
    }
    reading.path = path;
}

}  // namespace detail
}  // namespace pamoja
