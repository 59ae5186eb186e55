#include <algorithm>
#include <set>

#include "base/decimal.hpp"
#include "workflows/internal/faults.hpp"
#include "workflows/internal/number_text.hpp"
#include "workflows/pattern.hpp"

namespace pamoja::workflows {
namespace {

constexpr std::size_t options_max = 200;
constexpr int length_max = 10'000;

bool is_text(FieldType type) {
    return type == FieldType::text || type == FieldType::textarea;
}
bool is_choice(FieldType type) {
    return type == FieldType::select || type == FieldType::multiselect;
}

// A bound as something that can be compared, whether it is a number or a day.
std::optional<std::int64_t> bound_of(FieldType type, const json::Value& written) {
    if (type == FieldType::number) return scaled_number(written);
    const auto day = written.string() != nullptr ? Date::parse(*written.string()) : std::nullopt;
    if (!day) return std::nullopt;
    return day->days().time_since_epoch().count();
}

void check_bounds(const FormField& field, const FieldRules& rules, const std::string& place, Faults& faults) {
    if (!rules.min && !rules.max) return;
    const bool is_number = field.field_type == FieldType::number;
    if (!is_number && field.field_type != FieldType::date) {
        faults.add(place + (rules.min ? ".min" : ".max"), "not_applicable",
                   "Only numbers and dates have a smallest and a largest value.");
        return;
    }
    const char* wanted = is_number ? "This must be a number." : "This must be a date in the form YYYY-MM-DD.";
    const auto min = rules.min ? bound_of(field.field_type, *rules.min) : std::nullopt;
    const auto max = rules.max ? bound_of(field.field_type, *rules.max) : std::nullopt;
    if (rules.min && !min) faults.add(place + ".min", "invalid", wanted);
    if (rules.max && !max) faults.add(place + ".max", "invalid", wanted);
    if (min && max && *max < *min)
        faults.add(place + ".max", "invalid", "The largest value is below the smallest.");
}

void check_lengths(const FormField& field, const FieldRules& rules, const std::string& place,
                   Faults& faults) {
    if (!rules.min_length && !rules.max_length) return;
    if (!is_text(field.field_type) && field.field_type != FieldType::multiselect) {
        faults.add(place + (rules.min_length ? ".min_length" : ".max_length"), "not_applicable",
                   "Only texts and multiple choices have a length.");
        return;
    }
    const int min = rules.min_length.value_or(0);
    const int max = rules.max_length.value_or(length_max);
    if (min < 0 || min > length_max)
        faults.add(place + ".min_length", "invalid", "This must be between 0 and 10000.");
    if (max < std::max(min, 1) || max > length_max)
        faults.add(place + ".max_length", "invalid", "This must be between the smallest length and 10000.");
}

void check_pattern(const FormField& field, const FieldRules& rules, const std::string& place,
                   Faults& faults) {
    if (!rules.pattern) return;
    if (!is_text(field.field_type)) {
        faults.add(place + ".pattern", "not_applicable", "Only texts have a pattern.");
        return;
    }
    try {
        (void)Pattern::compile(*rules.pattern);
    } catch (const PatternFault& fault) {
        faults.add(place + ".pattern", "invalid", std::string("The pattern ") + fault.what() + ".");
    }
}

void check_options(const FormField& field, const FieldRules* rules, const std::string& place,
                   Faults& faults) {
    const bool has_options = rules != nullptr && rules->options.has_value();
    if (!is_choice(field.field_type)) {
        if (has_options) faults.add(place + ".options", "not_applicable", "Only choices have options.");
        return;
    }
    if (!has_options || rules->options->empty() || rules->options->size() > options_max) {
        faults.add(place + ".options", "required", "A choice needs between 1 and 200 options.");
        return;
    }
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < rules->options->size(); ++i) {
        const std::string& option = (*rules->options)[i];
        if (option.empty() || option.size() > 200 || !seen.insert(option).second) {
            faults.add(item_place(place + ".options", i), "invalid",
                       "Options are different texts of 1 to 200 bytes.");
        }
    }
}

}  // namespace

void find_form_faults(const Step& step, const std::string& place, Faults& faults) {
    std::set<std::string_view> keys;
    for (std::size_t i = 0; i < step.form_fields.size(); ++i) {
        const FormField& field = step.form_fields[i];
        const std::string here = item_place(place + ".form_fields", i);
        if (!is_key(field.field_key)) {
            faults.add(here + ".field_key", "invalid",
                       "A key consists of letters, digits and underscores and does not begin with a digit.");
        } else if (!keys.insert(field.field_key).second) {
            faults.add(here + ".field_key", "duplicate", "Another field of this step has this key.");
        }
        const FieldRules* rules = field.validation ? &*field.validation : nullptr;
        const std::string rules_place = here + ".validation";
        check_options(field, rules, rules_place, faults);
        if (rules == nullptr) continue;
        check_bounds(field, *rules, rules_place, faults);
        check_lengths(field, *rules, rules_place, faults);
        check_pattern(field, *rules, rules_place, faults);
    }
}

}  // namespace pamoja::workflows
