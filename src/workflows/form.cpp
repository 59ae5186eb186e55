#include "workflows/form.hpp"

#include <algorithm>

#include "workflows/internal/number_text.hpp"
#include "workflows/pattern.hpp"

namespace pamoja::workflows {
namespace {

// An event with the data must stay under 20 kB.
constexpr std::size_t data_max = 12 * 1024;
constexpr int text_length_max = 1'000;
constexpr int textarea_length_max = 10'000;

bool is_nothing(const json::Value& value) {
    return value.is_null() || (value.string() != nullptr && value.string()->empty());
}

class FieldReader {
  public:
    FieldReader(const FormField& field, const json::Value& given, const FileCheck& may_use_file,
                Reading& reading)
        : field_(field),
          rules_(field.validation.value_or(FieldRules{})),
          given_(given),
          may_use_file_(may_use_file),
          reading_(reading) {}

    void read() {
        switch (field_.field_type) {
            case FieldType::text:
                return read_free_text(text_length_max);
            case FieldType::textarea:
                return read_free_text(textarea_length_max);
            case FieldType::number:
                return read_number();
            case FieldType::date:
                return read_date();
            case FieldType::email:
                return read_as<std::string>([](Field& f) { f.email(); }, [](const std::string&) {});
            case FieldType::phone:
                return read_as<std::string>([](Field& f) { f.phone(); }, [](const std::string&) {});
            case FieldType::boolean:
                return read_as<bool>([](Field&) {}, [](bool) {});
            case FieldType::select:
                return read_as<std::string>([](Field&) {}, [&](const auto& chosen) { check_option(chosen); });
            case FieldType::multiselect:
                return read_choices();
            case FieldType::file:
                return read_file();
        }
    }

  private:
    // Reads the field as a T with the usual rules, then, when those hold, with the form's own.
    template <class T, class Rules, class Check>
    void read_as(Rules rules, Check check) {
        T value{};
        Fields fields;
        Field& field = field_.is_required ? fields(field_.field_key.c_str(), value)
                                          : fields.optional(field_.field_key.c_str(), value);
        rules(field);
        const auto errors_before = reading_.errors.size();
        read_fields(fields, given_, reading_);
        if (reading_.errors.size() == errors_before && given_.find(field_.field_key) != nullptr) check(value);
    }

    void fail(const char* code, std::string message) {
        reading_.errors.push_back(
            {reading_.path + "." + field_.field_key, field_.label + " " + std::move(message), code});
    }

    void read_free_text(int general_max) {
        const auto min = static_cast<std::size_t>(rules_.min_length.value_or(0));
        const auto max = static_cast<std::size_t>(rules_.max_length.value_or(general_max));
        read_as<std::string>([&](Field& f) { f.length(min, max); },
                             [&](const std::string& text) {
                                 if (rules_.pattern && !Pattern::compile(*rules_.pattern).matches(text))
                                     fail("invalid", "does not have the form that is asked for");
                             });
    }

    void read_number() {
        read_as<json::Value>(
            [](Field&) {},
            [&](const json::Value& value) {
                const auto number = scaled_number(value);
                if (!number) return fail("invalid", "must be a number");
                if (rules_.min && *number < scaled_number(*rules_.min).value_or(*number))
                    return fail("too_small", "must be at least " + rules_.min->number()->text);
                if (rules_.max && *number > scaled_number(*rules_.max).value_or(*number))
                    return fail("too_large", "must be at most " + rules_.max->number()->text);
            });
    }

    void read_date() {
        read_as<Date>([](Field&) {},
                      [&](const Date& date) {
                          if (rules_.min && date < Date::parse(*rules_.min->string()).value_or(date))
                              return fail("too_small", "must not be before " + *rules_.min->string());
                          if (rules_.max && date > Date::parse(*rules_.max->string()).value_or(date))
                              return fail("too_large", "must not be after " + *rules_.max->string());
                      });
    }

    void check_option(const std::string& chosen) {
        if (std::ranges::find(*rules_.options, chosen) == rules_.options->end())
            fail("invalid_choice", "must be one of the options");
    }

    void read_choices() {
        const auto min = static_cast<std::size_t>(rules_.min_length.value_or(field_.is_required ? 1 : 0));
        const auto max = static_cast<std::size_t>(rules_.max_length.value_or(200));
        read_as<std::vector<std::string>>([&](Field& f) { f.length(min, max); },
                                          [&](std::vector<std::string> chosen) {
                                              for (const auto& one : chosen) check_option(one);
                                              std::ranges::sort(chosen);
                                              if (std::ranges::adjacent_find(chosen) != chosen.end())
                                                  fail("duplicate", "names an option twice");
                                          });
    }

    void read_file() {
        read_as<std::string>([](Field& f) { f.length(1, 100); },
                             [&](const std::string& file_id) {
                                 if (!may_use_file_ || !may_use_file_(file_id))
                                     fail("unknown_file", "must be the id of a file that you have uploaded");
                             });
    }

    const FormField& field_;
    const FieldRules rules_;
    const json::Value& given_;
    const FileCheck& may_use_file_;
    Reading& reading_;
};

}  // namespace

json::Value checked_form(const Step& step, const json::Value& data, const FileCheck& may_use_file) {
    Reading reading{WireStyle::storage(), false, "data", {}};
    if (data.object() == nullptr) {
        reading.fail("invalid", "Data must be an object");
        throw_errors(reading);
    }
    if (json::to_text(data).size() > data_max) reading.fail("too_long", "Data must be under 12 kB");
    json::Object given;
    for (const auto& [name, value] : *data.object()) {
        if (step.find_field(name) == nullptr) {
            reading.errors.push_back({"data." + name, "This step has no such field.", "unknown_field"});
        } else if (!is_nothing(value)) {
            given.emplace_back(name, value);
        }
    }
    const json::Value present(std::move(given));
    json::Object ordered;
    for (const FormField& field : step.form_fields) {
        FieldReader(field, present, may_use_file, reading).read();
        if (const auto* value = present.find(field.field_key)) ordered.emplace_back(field.field_key, *value);
    }
    throw_errors(reading);
    return json::Value(std::move(ordered));
}

}  // namespace pamoja::workflows
