#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition.hpp"

namespace pamoja::workflows {

// Collects what is wrong with a definition. Places are those of its JSON ("steps[1].form_fields[0].label").
struct Faults {
    std::vector<FieldError> errors;

    void add(std::string place, std::string_view code, std::string_view message) {
        errors.push_back({std::move(place), std::string(message), std::string(code)});
    }
};

std::string item_place(std::string_view list, std::size_t index);  // "steps[1]"

// Letters, digits and underscores, not beginning with a digit: what the condition language can name.
bool is_key(std::string_view);

// Whether the language of policies can read it and what it reads can be there. `step` is the one whose form
// is `data`; null where there is none.
void find_condition_faults(const Definition&, const Step* step, const json::Value& when,
                           const std::string& place, Faults&);
// Whether a path ("steps.registration.city") leads to something that a run knows.
bool is_known_path(const Definition&, const Step* step, std::string_view path);

void find_form_faults(const Step&, const std::string& place, Faults&);
void find_action_faults(const Definition&, const Step* step, const ActionPlan&, const std::string& place,
                        Faults&);
void find_flow_faults(const Definition&, Faults&);

}  // namespace pamoja::workflows
