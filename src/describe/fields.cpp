#include "describe/fields.hpp"

#include <algorithm>

namespace pamoja {
namespace {

// Bounds of every text and list that states none of its own.
constexpr std::size_t text_length_max = 10'000;
constexpr std::size_t list_length_max = 1'000;

std::size_t code_points(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// "phone_number" reads as "Phone number" in a sentence for people.
std::string label_of(std::string_view name) {
    std::string label(name.substr(name.rfind('.') == std::string_view::npos ? 0 : name.rfind('.') + 1));
    std::ranges::replace(label, '_', ' ');
    if (!label.empty() && label[0] >= 'a' && label[0] <= 'z')
        label[0] = static_cast<char>(label[0] - 'a' + 'A');
    return label;
}

// One @ with something before it and a dotted domain after it; the mail that is sent there decides the rest.
bool is_email(std::string_view text) {
    const auto at = text.find('@');
    if (at == 0 || at == std::string_view::npos || at > 64 ||
        text.find('@', at + 1) != std::string_view::npos) {
        return false;
    }
    const auto domain = text.substr(at + 1);
    const bool has_bad = std::ranges::any_of(text, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
               std::string_view("<>()[],;:\\\"").find(c) != std::string_view::npos;
    });
    const auto dot = domain.find('.');
    return !has_bad && dot != std::string_view::npos && dot > 0 && domain.back() != '.' &&
           domain.find("..") == std::string_view::npos;
}

// E.164 with its plus, or a national form: digits with the separators that people type.
bool is_phone(std::string_view text) {
    const bool has_plus = !text.empty() && text[0] == '+';
    if (has_plus) text.remove_prefix(1);
    std::size_t digits = 0;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            ++digits;
        } else if (c != ' ' && c != '-') {
            return false;
        }
    }
    return digits >= 7 && digits <= 15;
}

bool is_uri(std::string_view text) {
    const auto colon = text.find("://");
    return (text.substr(0, colon) == "http" || text.substr(0, colon) == "https") && text.size() > colon + 3 &&
           std::ranges::none_of(text,
                                [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

// What a nested or listed value found wrong gets its label in front, so that the message stands alone.
void label_errors(std::vector<FieldError>& errors, std::size_t from) {
    for (std::size_t i = from; i < errors.size(); ++i) {
        auto& message = errors[i].message;
        if (message.starts_with("must ") || message.starts_with("is ")) {
            message = label_of(errors[i].field) + " " + message;
        }
    }
}

}  // namespace

Field& Field::length(std::size_t min, std::size_t max) {
    length_min_ = min;
    length_max_ = max;
    return *this;
}

Field& Field::between(std::int64_t min, std::int64_t max) {
    return at_least(min).at_most(max);
}

Field& Field::at_least(std::int64_t min) {
    number_min_ = min;
    return *this;
}

Field& Field::at_most(std::int64_t max) {
    number_max_ = max;
    return *this;
}

Field& Field::money_between(std::int64_t min_minor, std::int64_t max_minor) {
    return between(min_minor, max_minor);
}

Field& Field::one_of(std::span<const char* const> choices) {
    choices_ = choices;
    return *this;
}

Field& Field::format(TextFormat format) {
    format_ = format;
    return *this;
}

Field& Field::secret() {
    is_secret_ = true;
    return *this;
}

Field& Field::read_only() {
    is_read_only_ = true;
    is_required_ = false;
    return *this;
}

Field& Field::omitted_when_absent() {
    is_omitted_when_absent_ = true;
    return *this;
}

Field& Field::doc(const char* text) {
    doc_ = text;
    return *this;
}

void Field::check(Reading& reading) const {
    const void* content = ops_->content(value_);
    if (content == nullptr) return;
    switch (ops_->kind) {
        case ValueKind::text: {
            const Cell cell = ops_->to_cell(value_);
            if (const auto* text = std::get_if<std::string>(&cell)) check_text(*text, reading);
            return;
        }
        case ValueKind::integer:
        case ValueKind::money:
        case ValueKind::rate: {
            const Cell cell = ops_->to_cell(value_);
            if (const auto* number = std::get_if<std::int64_t>(&cell))
                check_number(*number, reading, reading.style);
            return;
        }
        case ValueKind::list:
            if (ops_->size != nullptr) check_size(ops_->size(value_), "items", reading);
            return;
        default:
            return;
    }
}

void Field::check_text(const std::string& text, Reading& reading) const {
    const bool says_something = length_min_ > 0 || format_ != TextFormat::any;
    if (is_required_ && text.empty() && says_something) return reading.fail("required", "is required");
    check_size(code_points(text), "characters", reading);
    if (!choices_.empty() &&
        std::ranges::none_of(choices_, [&](const char* choice) { return text == choice; })) {
        std::string list;
        for (const char* choice : choices_) list += (list.empty() ? "" : ", ") + std::string(choice);
        reading.fail("invalid_choice", "must be one of " + list);
    }
    if (format_ == TextFormat::email && !is_email(text)) reading.fail("invalid", "must be an e-mail address");
    if (format_ == TextFormat::phone && !is_phone(text)) reading.fail("invalid", "must be a phone number");
    if (format_ == TextFormat::uri && !is_uri(text))
        reading.fail("invalid", "must be an http or https address");
}

void Field::check_size(std::size_t size, const char* unit, Reading& reading) const {
    const std::size_t general_max = ops_->kind == ValueKind::list ? list_length_max : text_length_max;
    const std::size_t max = length_max_ != 0 ? length_max_ : general_max;
    if (size < length_min_) {
        reading.fail("too_short", "must have at least " + std::to_string(length_min_) + " " + unit);
    } else if (size > max) {
        reading.fail("too_long", "must have at most " + std::to_string(max) + " " + unit);
    }
}

void Field::check_number(std::int64_t number, Reading& reading, const WireStyle& style) const {
    const auto shown = [&](std::int64_t bound) {
        if (ops_->kind == ValueKind::money) return Money(bound, style.currency).shortest_text();
        return ops_->kind == ValueKind::rate ? Rate::micropercent(bound).text() : std::to_string(bound);
    };
    if (number_min_ && number < *number_min_) {
        reading.fail("too_small", "must be at least " + shown(*number_min_));
    } else if (number_max_ && number > *number_max_) {
        reading.fail("too_large", "must be at most " + shown(*number_max_));
    }
}

void Field::write_bounds(json::Writer& writer, const WireStyle& style) const {
    const bool is_text = ops_->kind == ValueKind::text;
    const bool is_list = ops_->kind == ValueKind::list;
    if (is_text && length_min_ > 0) writer.member("minLength", length_min_);
    if (is_text && length_max_ > 0) writer.member("maxLength", length_max_);
    if (is_list && length_min_ > 0) writer.member("minItems", length_min_);
    if (is_list && length_max_ > 0) writer.member("maxItems", length_max_);
    if (ops_->kind == ValueKind::integer || style.money == MoneyForm::minor_number) {
        if (number_min_) writer.member("minimum", *number_min_);
        if (number_max_) writer.member("maximum", *number_max_);
    }
    if (!choices_.empty()) {
        writer.name("enum");
        writer.begin_array();
        for (const char* choice : choices_) writer.string(choice);
        writer.end_array();
    }
    if (format_ == TextFormat::email) writer.member("format", "email");
    if (format_ == TextFormat::uri) writer.member("format", "uri");
}

void Field::write_schema(json::Writer& writer, const WireStyle& style) const {
    writer.begin_object();
    ops_->schema(writer, style);
    if (!ops_->is_optional) write_bounds(writer, style);
    if (doc_ != nullptr) writer.member("description", doc_);
    if (is_secret_) writer.member("writeOnly", true);
    if (is_read_only_) writer.member("readOnly", true);
    writer.end_object();
}

Field& Fields::add(const char* name, void* value, const TypeOps* ops, bool is_required) {
    if (list_.empty()) list_.reserve(16);
    return list_.emplace_back(name, value, ops, is_required);
}

void read_fields(const Fields& fields, const json::Value& value, Reading& reading) {
    if (value.object() == nullptr) return reading.fail("invalid", "must be an object");
    const std::string prefix = reading.path;
    for (const Field& field : fields.list()) {
        if (field.is_read_only()) continue;
        reading.path = prefix.empty() ? field.name() : prefix + "." + field.name();
        const auto errors_before = reading.errors.size();
        const auto* member = value.find(field.name());
        if (member == nullptr ||
            (member->is_null() && !field.ops().is_optional && field.ops().kind != ValueKind::any)) {
            if (field.is_required()) reading.fail("required", "is required");
        } else {
            field.ops().read(*member, field.value(), reading);
            if (reading.errors.size() == errors_before) field.check(reading);
        }
        label_errors(reading.errors, errors_before);
    }
    reading.path = prefix;
}

void write_fields(const Fields& fields, json::Writer& writer, const WireStyle& style) {
    writer.begin_object();
    for (const Field& field : fields.list()) {
        if (field.is_omitted()) continue;
        writer.name(field.name());
        field.ops().write(field.value(), writer, style);
    }
    writer.end_object();
}

void write_fields_schema(const Fields& fields, json::Writer& writer, const WireStyle& style) {
    writer.member("type", "object");
    writer.name("properties");
    writer.begin_object();
    for (const Field& field : fields.list()) {
        writer.name(field.name());
        field.write_schema(writer, style);
    }
    writer.end_object();
    writer.name("required");
    writer.begin_array();
    for (const Field& field : fields.list()) {
        if (field.is_required()) writer.string(field.name());
    }
    writer.end_array();
}

void throw_errors(const Reading& reading) {
    if (!reading.errors.empty()) throw Failure(validation_failed, "Validation failed", reading.errors);
}

}  // namespace pamoja
