#pragma once
#include <initializer_list>
#include <span>

#include "describe/types.hpp"

namespace pamoja {

enum class TextFormat { any, email, phone, uri, password };

// One member of a described struct: its name, where it lies, and the rules of its values.
class Field {
  public:
    Field(const char* name, void* value, const TypeOps* ops, bool is_required)
        : name_(name), value_(value), ops_(ops), is_required_(is_required) {}

    // Characters (Unicode code points) of a text, or items of a list.
    Field& length(std::size_t min, std::size_t max);
    Field& between(std::int64_t min, std::int64_t max);
    Field& at_least(std::int64_t min);
    Field& at_most(std::int64_t max);
    // Amounts are compared in minor units of the wire's currency.
    Field& money_between(std::int64_t min_minor, std::int64_t max_minor);
    Field& one_of(std::span<const char* const> choices);
    Field& email() { return format(TextFormat::email).length(0, 254); }
    Field& phone() { return format(TextFormat::phone).length(0, 20); }
    Field& uri() { return format(TextFormat::uri).length(1, 2048); }
    // Never shown: the schema marks it as such.
    Field& secret();
    // The answer only holds it; what a request says of it is ignored.
    Field& read_only();
    // Left out of an answer when it holds nothing, instead of being null.
    Field& omitted_when_absent();
    Field& doc(const char* text);

    const char* name() const { return name_; }
    const TypeOps& ops() const { return *ops_; }
    void* value() const { return value_; }
    bool is_required() const { return is_required_; }
    bool is_read_only() const { return is_read_only_; }
    bool is_omitted() const { return is_omitted_when_absent_ && ops_->content(value_) == nullptr; }

    void check(Reading&) const;  // the rules; the value has been read
    void write_schema(json::Writer&, const WireStyle&) const;

  private:
    Field& format(TextFormat);
    void check_text(const std::string&, Reading&) const;
    void check_size(std::size_t size, const char* unit, Reading&) const;
    void check_number(std::int64_t number, Reading&, const WireStyle&) const;
    void write_bounds(json::Writer&, const WireStyle&) const;

    const char* name_;
    void* value_;
    const TypeOps* ops_;
    const char* doc_ = nullptr;
    std::optional<std::int64_t> number_min_;
    std::optional<std::int64_t> number_max_;
    std::size_t length_min_ = 0;
    std::size_t length_max_ = 0;  // 0: the general bound of texts and lists
    std::span<const char* const> choices_;
    TextFormat format_ = TextFormat::any;
    bool is_required_;
    bool is_secret_ = false;
    bool is_read_only_ = false;
    bool is_omitted_when_absent_ = false;
};

// What describe(Fields&) fills: one description serves JSON in and out, validation, SQL rows and OpenAPI.
// The members must outlive it; names are literals.
class Fields {
  public:
    template <class T>
    Field& operator()(const char* name, T& value) {
        return add(name, &value, ops_of<T>(), !ops_of<T>()->is_optional);
    }
    // A request may leave it out; the member keeps its default.
    template <class T>
    Field& optional(const char* name, T& value) {
        return add(name, &value, ops_of<T>(), false);
    }
    // The fields of another struct stand among these.
    template <Described T>
    void include(T& record) {
        record.describe(*this);
    }

    std::vector<Field>& list() { return list_; }
    const std::vector<Field>& list() const { return list_; }

  private:
    Field& add(const char* name, void* value, const TypeOps* ops, bool is_required);
    std::vector<Field> list_;
};

// Reads the members of a JSON object and checks their rules; every fault is added to reading.errors.
void read_fields(const Fields&, const json::Value&, Reading&);
void write_fields(const Fields&, json::Writer&, const WireStyle&);
// The members "type", "properties" and "required" of an object's schema.
void write_fields_schema(const Fields&, json::Writer&, const WireStyle&);

template <Described T>
Fields fields_of(T& record) {
    Fields fields;
    record.describe(fields);
    return fields;
}

// A request struct may state rules that span fields: void check(Reading&).
template <class T>
concept Checked = requires(T& record, Reading& reading) {
    record.check(reading);
};

// Throws Failure(validation_failed) with every field error that was found.
void throw_errors(const Reading&);

// Reads a struct from JSON. Throws Failure(validation_failed) with all field errors at once.
template <Described T>
T read_json(const json::Value& value, const WireStyle& style, bool is_text = false) {
    T record;
    Reading reading{style, is_text, {}, {}};
    ops_of<T>()->read(value, &record, reading);
    throw_errors(reading);
    return record;
}

template <class T>
std::string write_json(const T& record, const WireStyle& style) {
    json::Writer writer;
    ops_of<T>()->write(&record, writer, style);
    return writer.take();
}

}  // namespace pamoja

#include "describe/types_of_structs.hpp"
