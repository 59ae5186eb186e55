#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "describe/fields.hpp"
#include "json/value.hpp"

namespace pamoja::access {

struct Program;  // internal: the compiled form

// What a condition comes to. What is not known stays not known: false and unknown is false, true or unknown
// is true, not unknown is unknown.
enum class Truth { no, yes, unknown };
constexpr std::array<const char*, 3> names(Truth) {
    return {"false", "true", "cannot_be_evaluated"};
}

// What a condition looks at. Nothing is copied: all of it must outlive the evaluation.
struct Facts {
    // An object whose members are the roots of the paths: {"booking": {"status": "confirmed"}, "env": {…}}.
    const json::Value& attributes;
    Timestamp now;
    std::string_view time_zone = "UTC";  // whose day today() is; must exist
    // The root "user" where it is not a member of the attributes.
    const json::Value* user = nullptr;
    // What user.role and user.roles are where they are not members of the user.
    const std::vector<std::string>* roles = nullptr;
};

// One comparison of a condition as it was evaluated.
struct Clause {
    std::string place;  // "rules.conditions[0].booking.scheduled_time"
    std::string text;   // "booking.scheduled_time > now() + 24h"
    Truth truth = Truth::no;
    json::Value actual;    // the attribute's value; null when there is none
    std::string expected;  // what it was compared with: "2025-12-06T14:48:13Z"
    std::string problem;   // why it could not be evaluated, otherwise empty

    void describe(Fields&);
};

// A condition of a policy or of a workflow's step, compiled. Cheap to copy, immutable, thread-safe. Its
// language is written down in docs/guides/policies.md.
class Condition {
  public:
    Condition();  // always true

    // Compiles a condition as it is written in JSON: an array of objects of which one must hold, or one
    // object all of whose members must hold. An empty array always holds. Throws Failure(validation_failed)
    // with an error for each fault: its field is the place below `place`
    // ("rules.conditions[0].booking.scheduled_time"), and its message tells the column in an operator's text.
    static Condition compile(const json::Value& written, std::string_view place = "rules.conditions");

    // Never throws for what the attributes hold. With a trace every clause is evaluated and added to it;
    // without one evaluation ends as soon as the result is known.
    Truth evaluate(const Facts&, std::vector<Clause>* trace = nullptr) const;
    bool holds(const Facts& facts) const { return evaluate(facts) == Truth::yes; }

    // The roles of which the user must have one for the condition to be anything but false; empty when it
    // does not depend on a role.
    const std::optional<std::vector<std::string>>& roles() const;
    // The attributes that it reads, in order and without duplicates ("booking.scheduled_at").
    const std::vector<std::string>& attributes() const;
    bool is_unconditional() const;
    const Program& program() const { return *program_; }

  private:
    explicit Condition(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
    std::shared_ptr<const Program> program_;
};

}  // namespace pamoja::access
