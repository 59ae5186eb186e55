#include "access/internal/evaluation.hpp"

#include <cassert>

namespace pamoja::access {
namespace {

Truth truth_of(bool holds) {
    return holds ? Truth::yes : Truth::no;
}

// The comparison of one pair of values; `problem` is set when it cannot be made.
class Comparison {
  public:
    Comparison(const Facts& facts, std::string* problem) : facts_(facts), problem_(problem) {}

    Truth unknown(std::string_view why) {
        if (problem_ != nullptr && problem_->empty()) *problem_ = std::string(why);
        return Truth::unknown;
    }

    // Null is equal to null alone. Values of different kinds cannot be compared.
    Truth equal(const Datum& a, const Datum& b) {
        if (a.kind == DatumKind::null || b.kind == DatumKind::null) return truth_of(a.kind == b.kind);
        if (a.kind == DatumKind::text && b.kind == DatumKind::text) return truth_of(a.text == b.text);
        if (a.kind == DatumKind::boolean && b.kind == DatumKind::boolean) {
            return truth_of(a.boolean == b.boolean);
        }
        const auto order = compare(a, b);
        return order ? truth_of(*order == 0) : Truth::unknown;
    }

    // Numbers with numbers, times with times; a text is read as the time that it is compared with.
    std::optional<std::strong_ordering> compare(const Datum& a, const Datum& b) {
        if (a.kind == DatumKind::number && b.kind == DatumKind::number) {
            return a.number < b.number   ? std::strong_ordering::less
                   : a.number > b.number ? std::strong_ordering::greater
                                         : std::strong_ordering::equal;
        }
        if (b.kind == DatumKind::date) return compare_dates(a, b);
        if (b.kind == DatumKind::instant) return compare_instants(a, b);
        if (a.kind == DatumKind::text && b.kind == DatumKind::text) {
            const auto time = time_of(b);
            if (time.kind != DatumKind::text) return compare(a, time);
        }
        mismatch(a, b);
        return std::nullopt;
    }

    Truth contains(const Datum& a, const Datum& b) {
        if (a.kind == DatumKind::text && b.kind == DatumKind::text) {
            return truth_of(a.text.find(b.text) != std::string_view::npos);
        }
        if (a.kind == DatumKind::list || a.kind == DatumKind::names) return any_equal(a, b);
        return mismatch(a, b);
    }

    Truth starts_with(const Datum& a, const Datum& b) {
        if (a.kind != DatumKind::text || b.kind != DatumKind::text) return mismatch(a, b);
        return truth_of(a.text.starts_with(b.text));
    }

    // Whether any of a list's values is equal to the other.
    Truth any_equal(const Datum& list, const Datum& value) {
        Truth result = Truth::no;
        if (list.kind == DatumKind::names) {
            for (const auto& name : *list.names) {
                if (result == Truth::yes) break;
                result = either(result, equal(Datum::of(std::string_view(name)), value));
            }
            return result;
        }
        for (const auto& item : *list.list) {
            if (result == Truth::yes) break;
            result = either(result, equal(Datum::of(&item), value));
        }
        return result;
    }

    Truth mismatch(const Datum& a, const Datum& b) {
        if (problem_ != nullptr && problem_->empty()) {
            *problem_ = std::string("The attribute is ") + noun_of(a.kind) +
                        ", which cannot be compared with " + noun_of(b.kind) + " in this way.";
        }
        return Truth::unknown;
    }

  private:
    static Datum time_of(const Datum& text) {
        if (const auto instant = Timestamp::parse(text.text)) return Datum::of(*instant);
        if (const auto date = Date::parse(text.text)) return Datum::of(*date);
        return text;
    }

    std::optional<std::strong_ordering> compare_instants(const Datum& a, const Datum& b) {
        const Datum time = a.kind == DatumKind::text ? time_of(a) : a;
        if (time.kind == DatumKind::instant) return time.instant <=> b.instant;
        if (time.kind == DatumKind::date) return start_of_day(time.date, facts_.time_zone) <=> b.instant;
        unknown_time(a);
        return std::nullopt;
    }

    std::optional<std::strong_ordering> compare_dates(const Datum& a, const Datum& b) {
        const Datum time = a.kind == DatumKind::text ? time_of(a) : a;
        if (time.kind == DatumKind::date) return time.date <=> b.date;
        if (time.kind == DatumKind::instant) return local_date(time.instant, facts_.time_zone) <=> b.date;
        unknown_time(a);
        return std::nullopt;
    }

    void unknown_time(const Datum& a) {
        if (problem_ == nullptr || !problem_->empty()) return;
        *problem_ = std::string("The attribute is ") + noun_of(a.kind) + " that is no time.";
    }

    const Facts& facts_;
    std::string* problem_;
};

const json::Value* user_of(const Facts& facts) {
    return facts.user != nullptr ? facts.user : facts.attributes.find("user");
}

Datum roles_of(const Facts& facts, bool is_one_enough) {
    const auto* user = user_of(facts);
    const auto* roles = user == nullptr ? nullptr : user->find("roles");
    if (roles == nullptr && is_one_enough && user != nullptr) roles = user->find("role");
    if (roles != nullptr || facts.roles == nullptr) return Datum::of(roles);
    Datum datum;
    datum.kind = DatumKind::names;
    datum.names = facts.roles;
    return datum;
}

Datum moved(Datum datum, const Operand& operand, const Facts& facts) {
    if (operand.is_moved_by_number) {
        if (datum.kind != DatumKind::number) return Datum::fault("is no number to add to");
        return Datum::of(datum.number + operand.offset_number);
    }
    if (!operand.is_moved_in_time) return datum;
    const auto offset = std::chrono::microseconds(operand.offset_micros);
    if (datum.kind == DatumKind::text) {
        if (const auto instant = Timestamp::parse(datum.text)) return Datum::of(instant->plus(offset));
        if (const auto date = Date::parse(datum.text)) datum = Datum::of(*date);
    }
    if (datum.kind == DatumKind::instant) return Datum::of(datum.instant.plus(offset));
    if (datum.kind != DatumKind::date) return Datum::fault("is no time to add to");
    const auto days = std::chrono::duration_cast<std::chrono::days>(offset);
    if (days == offset) return Datum::of(datum.date.plus_days(static_cast<int>(days.count())));
    return Datum::of(start_of_day(datum.date, facts.time_zone).plus(offset));
}

bool is_many(const Datum& datum) {
    return datum.kind == DatumKind::list || datum.kind == DatumKind::names;
}

// A user's role stands for each of the roles; everything else for itself.
Truth equal_to(Comparison& comparison, const Datum& a, const Datum& b) {
    if (is_many(a)) return comparison.any_equal(a, b);
    if (is_many(b)) return comparison.any_equal(b, a);
    return comparison.equal(a, b);
}

Truth usable(const Path& path, const Datum& datum, Comparison& comparison, std::string* problem) {
    if (datum.kind == DatumKind::missing) {
        return problem == nullptr ? Truth::unknown : comparison.unknown("There is no " + path.text + ".");
    }
    if (datum.kind == DatumKind::fault) {
        return problem == nullptr ? Truth::unknown
                                  : comparison.unknown(path.text + " " + std::string(datum.text) + ".");
    }
    return Truth::yes;
}

Truth ordered(Operator op, const std::optional<std::strong_ordering>& order) {
    if (!order) return Truth::unknown;
    if (op == Operator::less) return truth_of(*order < 0);
    if (op == Operator::less_or_equal) return truth_of(*order <= 0);
    if (op == Operator::greater) return truth_of(*order > 0);
    return truth_of(*order >= 0);
}

class TestRun {
  public:
    TestRun(const Test& test, const Facts& facts, std::string* problem)
        : test_(test), facts_(facts), problem_(problem), comparison_(facts, problem) {}

    Truth result() {
        left_ = attribute(test_.path, facts_);
        const bool is_there = left_.kind != DatumKind::missing && left_.kind != DatumKind::null;
        if (test_.op == Operator::exists) return truth_of(is_there);
        if (test_.op == Operator::not_exists) return truth_of(!is_there);
        if (usable(test_.path, left_, comparison_, problem_) != Truth::yes) return Truth::unknown;
        if (is_many(left_) && !test_.path.is_role && test_.op != Operator::contains) {
            return comparison_.unknown("The attribute is a list; use contains.");
        }
        switch (test_.op) {
            case Operator::equal:
                return equal(test_.operands.front());
            case Operator::not_equal:
                return negated(equal(test_.operands.front()));
            case Operator::in:
                return is_in();
            case Operator::not_in:
                return negated(is_in());
            case Operator::between:
                return both(against(test_.operands[0], Operator::greater_or_equal),
                            against(test_.operands[1], Operator::less_or_equal));
            case Operator::less:
            case Operator::less_or_equal:
            case Operator::greater:
            case Operator::greater_or_equal:
            case Operator::contains:
            case Operator::starts_with:
                return against(test_.operands.front(), test_.op);
            case Operator::exists:
            case Operator::not_exists:
                break;
        }
        return Truth::unknown;
    }

  private:
    Truth equal(const Operand& operand) {
        const Datum right = value_of(operand, facts_);
        if (usable(operand.path, right, comparison_, problem_) != Truth::yes) return Truth::unknown;
        if (is_many(right) && !operand.path.is_role && !operand.path.is_roles) {
            return comparison_.unknown("It is compared with a list; use in.");
        }
        return equal_to(comparison_, left_, right);
    }

    Truth is_in() {
        const Operand& list = test_.operands.front();
        Truth result = Truth::no;
        if (list.base == OperandBase::list) {
            for (const auto& item : list.items) {
                if (result == Truth::yes) break;
                result = either(result, equal(item));
            }
            return result;
        }
        const Datum right = value_of(list, facts_);
        if (usable(list.path, right, comparison_, problem_) != Truth::yes) return Truth::unknown;
        if (!is_many(right)) return comparison_.unknown(list.path.text + " is no list.");
        if (!is_many(left_)) return comparison_.any_equal(right, left_);
        return any_of_left([&](const Datum& each) { return comparison_.any_equal(right, each); });
    }

    Truth against(const Operand& operand, Operator op) {
        const Datum right = value_of(operand, facts_);
        if (usable(operand.path, right, comparison_, problem_) != Truth::yes) return Truth::unknown;
        if (is_many(left_) && test_.path.is_role && op == Operator::starts_with) {
            return any_of_left([&](const Datum& each) { return comparison_.starts_with(each, right); });
        }
        if (is_many(left_) && test_.path.is_role && op == Operator::contains) {
            return any_of_left([&](const Datum& each) { return comparison_.contains(each, right); });
        }
        if (op == Operator::contains) return comparison_.contains(left_, right);
        if (op == Operator::starts_with) return comparison_.starts_with(left_, right);
        return ordered(op, comparison_.compare(left_, right));
    }

    template <class F>
    Truth any_of_left(F holds) {
        Truth result = Truth::no;
        if (left_.kind == DatumKind::names) {
            for (const auto& name : *left_.names) {
                result = either(result, holds(Datum::of(std::string_view(name))));
            }
            return result;
        }
        for (const auto& item : *left_.list) result = either(result, holds(Datum::of(&item)));
        return result;
    }

    const Test& test_;
    const Facts& facts_;
    std::string* problem_;
    Comparison comparison_;
    Datum left_;
};

Clause traced(const Test& test, const Facts& facts) {
    Clause clause{.place = test.place,
                  .text = test.text,
                  .truth = Truth::no,
                  .actual = json_of(attribute(test.path, facts)),
                  .expected = expected_text(test, facts),
                  .problem = {}};
    clause.truth = evaluate_test(test, facts, &clause.problem);
    if (clause.truth != Truth::unknown) clause.problem.clear();
    return clause;
}

// Depth is bounded by condition_depth_max.
Truth run(const Program& program, std::uint32_t& at, const Facts& facts, std::vector<Clause>* trace) {
    const Step step = program.steps[at++];
    if (step.kind == StepKind::test) {
        if (trace == nullptr) return evaluate_test(program.tests[step.test], facts);
        trace->push_back(traced(program.tests[step.test], facts));
        return trace->back().truth;
    }
    if (step.kind == StepKind::negation) return negated(run(program, at, facts, trace));
    const bool is_all = step.kind == StepKind::all;
    const Truth ending = truth_of(!is_all);
    Truth result = truth_of(is_all);
    while (at < step.end) {
        const Truth next = run(program, at, facts, trace);
        result = is_all ? both(result, next) : either(result, next);
        if (result == ending && trace == nullptr) at = step.end;
    }
    return result;
}

}  // namespace

Datum attribute(const Path& path, const Facts& facts) {
    if (path.is_role || path.is_roles) return roles_of(facts, path.is_role);
    const bool is_of_user = path.steps.front() == "user";
    const auto* value = is_of_user ? user_of(facts) : facts.attributes.find(path.steps.front());
    for (std::size_t i = 1; i < path.steps.size() && value != nullptr; ++i) {
        const auto* next = value->find(path.steps[i]);
        if (next == nullptr && path.is_scheduled) next = value->find("scheduled_time");
        value = next;
    }
    return Datum::of(value);
}

Datum value_of(const Operand& operand, const Facts& facts) {
    const auto offset = std::chrono::microseconds(operand.offset_micros);
    switch (operand.base) {
        case OperandBase::now:
            return Datum::of(facts.now.plus(offset));
        case OperandBase::today: {
            const auto days = std::chrono::duration_cast<std::chrono::days>(offset);
            return Datum::of(
                local_date(facts.now, facts.time_zone).plus_days(static_cast<int>(days.count())));
        }
        case OperandBase::path:
            return moved(attribute(operand.path, facts), operand, facts);
        case OperandBase::literal:
        case OperandBase::list:
            break;
    }
    Datum datum;
    datum.kind = operand.kind;
    datum.boolean = operand.boolean;
    datum.number = operand.number;
    datum.instant = operand.instant;
    datum.date = operand.date;
    datum.text = operand.text;
    return datum;
}

std::string expected_text(const Test& test, const Facts& facts) {
    std::string text;
    for (const auto& operand : test.operands) {
        if (!text.empty()) text += " and ";
        if (operand.base != OperandBase::list) {
            text += text_of(value_of(operand, facts));
            continue;
        }
        text += '[';
        for (const auto& item : operand.items) {
            if (text.back() != '[') text += ", ";
            text += text_of(value_of(item, facts));
        }
        text += ']';
    }
    return text;
}

Truth evaluate_test(const Test& test, const Facts& facts, std::string* problem) {
    return TestRun(test, facts, problem).result();
}

Truth evaluate_program(const Program& program, const Facts& facts, std::vector<Clause>* trace) {
    if (program.steps.empty()) return Truth::yes;
    std::uint32_t at = 0;
    return run(program, at, facts, trace);
}

}  // namespace pamoja::access
