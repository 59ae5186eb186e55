#include "access/condition.hpp"

#include "access/internal/compiler.hpp"
#include "access/internal/evaluation.hpp"

namespace pamoja::access {
namespace {

std::shared_ptr<const Program> unconditional() {
    static const auto program = std::make_shared<const Program>();
    return program;
}

}  // namespace

void Clause::describe(Fields& f) {
    f("place", place);
    f("text", text);
    f("truth", truth);
    f("actual", actual);
    f("expected", expected);
    f("problem", problem);
}

Condition::Condition() : program_(unconditional()) {}

Condition Condition::compile(const json::Value& written, std::string_view place) {
    std::vector<FieldError> errors;
    auto program = compile_program(written, place, errors);
    if (!errors.empty()) throw Failure(validation_failed, "The conditions are not valid.", std::move(errors));
    return Condition(std::make_shared<const Program>(std::move(program)));
}

Truth Condition::evaluate(const Facts& facts, std::vector<Clause>* trace) const {
    return evaluate_program(*program_, facts, trace);
}

const std::optional<std::vector<std::string>>& Condition::roles() const {
    return program_->roles;
}

const std::vector<std::string>& Condition::attributes() const {
    return program_->attributes;
}

bool Condition::is_unconditional() const {
    return program_->steps.empty();
}

}  // namespace pamoja::access
