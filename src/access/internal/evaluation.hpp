#pragma once
#include "access/condition.hpp"
#include "access/internal/program.hpp"

namespace pamoja::access {

// What an attribute is. A user's role and roles come from the facts' own list where there is one.
Datum attribute(const Path&, const Facts&);
// What an operand comes to; of a list in brackets nothing.
Datum value_of(const Operand&, const Facts&);
// What the attribute is compared with, as a person would write it.
std::string expected_text(const Test&, const Facts&);

// Both say in `problem`, where one is asked for, why the result is unknown.
Truth evaluate_test(const Test&, const Facts&, std::string* problem = nullptr);
Truth evaluate_program(const Program&, const Facts&, std::vector<Clause>* trace);

inline Truth negated(Truth truth) {
    if (truth == Truth::unknown) return truth;
    return truth == Truth::yes ? Truth::no : Truth::yes;
}
inline Truth both(Truth a, Truth b) {
    if (a == Truth::no || b == Truth::no) return Truth::no;
    return a == Truth::yes && b == Truth::yes ? Truth::yes : Truth::unknown;
}
inline Truth either(Truth a, Truth b) {
    return negated(both(negated(a), negated(b)));
}

}  // namespace pamoja::access
