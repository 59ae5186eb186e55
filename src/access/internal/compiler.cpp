#include "access/internal/compiler.hpp"

#include <algorithm>
#include <set>

#include "access/internal/operator_text.hpp"
#include "access/internal/role_rest.hpp"
#include "access/internal/type_check.hpp"
#include "json/writer.hpp"

namespace pamoja::access {
namespace {

// The tree between JSON and the flat program.
struct Node {
    StepKind kind = StepKind::all;
    std::vector<Node> children{};
    std::uint32_t test = 0;
};

class Compiler {
  public:
    Compiler(Program& program, std::vector<FieldError>& errors) : program_(program), errors_(errors) {}

    Node read_alternatives(const json::Value& written, const std::string& place, std::size_t depth) {
        Node node{StepKind::any};
        if (depth > condition_depth_max) return fail(place, "Conditions nest too deeply."), node;
        const auto* items = written.array();
        if (items == nullptr) return read_object(written, place, depth);
        if (items->size() > condition_tests_max) return fail(place, "There are too many conditions."), node;
        for (std::size_t i = 0; i < items->size(); ++i) {
            node.children.push_back(read_object((*items)[i], place + "[" + std::to_string(i) + "]", depth));
        }
        return node;
    }

  private:
    void fail(const std::string& place, std::string message) {
        errors_.push_back({place, std::move(message), "invalid"});
    }

    Node read_object(const json::Value& written, const std::string& place, std::size_t depth) {
        Node node{StepKind::all};
        const auto* members = written.object();
        if (members == nullptr) {
            fail(place, "A condition is an object of attributes and what they must be.");
            return node;
        }
        if (members->empty()) fail(place, "A condition names at least one attribute.");
        for (const auto& [name, value] : *members) {
            if (errors_.size() > errors_max) break;
            node.children.push_back(read_member(name, value, place + "." + name, depth));
        }
        return node;
    }

    Node read_member(const std::string& name, const json::Value& value, const std::string& place,
                     std::size_t depth) {
        if (name != "any" && name != "all" && name != "not") return read_test(name, value, place);
        const bool is_empty = value.array() != nullptr && value.array()->empty();
        if (is_empty) return fail(place, "There is nothing to hold here."), Node{};
        if (name == "not") return {StepKind::negation, {read_alternatives(value, place, depth + 1)}};
        if (value.array() == nullptr) return fail(place, "A list of conditions belongs here."), Node{};
        Node node = read_alternatives(value, place, depth + 1);
        if (name == "all" && node.kind == StepKind::any) node.kind = StepKind::all;
        return node;
    }

    Node read_test(const std::string& name, const json::Value& value, const std::string& place) {
        Node node{StepKind::test, {}, static_cast<std::uint32_t>(program_.tests.size())};
        auto path = parse_path(name);
        if (!path) {
            fail(place.substr(0, condition_text_max),
                 "This is no attribute; write names with dots, user.role.");
            return node;
        }
        if (program_.tests.size() == condition_tests_max) fail(place, "There are too many conditions.");
        if (program_.tests.size() >= condition_tests_max) return node;
        Test test{std::move(*path), Operator::equal, {}, place, name};
        if (read_value(value, test)) program_.tests.push_back(std::move(test));
        return node;
    }

    bool read_value(const json::Value& value, Test& test) {
        const auto* text = value.string();
        const bool is_operator = text != nullptr && is_operator_text(*text);
        if (text != nullptr && text->size() > condition_text_max) {
            fail(test.place, "This text is too long.");
            return false;
        }
        if (is_operator) {
            auto fault = parse_operator_text(*text, test);
            if (!fault.message.empty()) return report(test, fault, *text);
            test.text += " " + *text;
        } else if (!read_literals(value, test)) {
            return false;
        }
        recognise_times(test);
        const auto fault = check_types(test);
        if (!fault.message.empty()) return report(test, fault, is_operator ? *text : std::string());
        simplify(test);
        return true;
    }

    bool report(const Test& test, const TextFault& fault, const std::string& text) {
        std::string message = fault.message;
        if (!text.empty()) {
            const auto begin = text.find_first_not_of(" \t");
            const bool is_word = text.find_first_of("=!<>") != begin;
            message = "At column " + std::to_string(fault.column) + ": " + message;
            if (is_word) message += " A text that begins like an operator is written as == \"…\".";
        }
        fail(test.place, std::move(message));
        return false;
    }

    bool read_literals(const json::Value& value, Test& test) {
        Operand operand;
        test.text += (value.array() != nullptr ? " in " : " == ") + json::to_text(value);
        if (const auto* items = value.array()) {
            test.op = Operator::in;
            operand.base = OperandBase::list;
            if (items->empty()) return fail(test.place, "The list is empty."), false;
            if (items->size() > condition_list_max) return fail(test.place, "The list is too long."), false;
            for (const auto& item : *items) {
                if (!read_literal(item, operand.items.emplace_back(), test)) return false;
            }
        } else if (!read_literal(value, operand, test)) {
            return false;
        }
        test.operands.push_back(std::move(operand));
        return true;
    }

    bool read_literal(const json::Value& value, Operand& operand, const Test& test) {
        const auto datum = Datum::of(&value);
        operand.kind = datum.kind;
        operand.boolean = datum.boolean;
        operand.number = datum.number;
        operand.text = std::string(datum.text);
        if (datum.kind == DatumKind::list || datum.kind == DatumKind::object) {
            return fail(test.place, "A literal, a list of literals or an operator's text belongs here."),
                   false;
        }
        if (datum.kind == DatumKind::fault) {
            return fail(test.place, "Numbers have six decimals and eighteen digits at most."), false;
        }
        if (operand.text.starts_with("now()") || operand.text.starts_with("today()")) {
            return fail(test.place, "An operator is missing: write == " + operand.text + "."), false;
        }
        if (operand.text.size() > condition_text_max)
            return fail(test.place, "This text is too long."), false;
        return true;
    }

    static void simplify(Test& test) {
        const bool is_in = test.op == Operator::in || test.op == Operator::not_in;
        if (!is_in || test.operands.front().items.size() != 1) return;
        test.op = test.op == Operator::in ? Operator::equal : Operator::not_equal;
        Operand only = std::move(test.operands.front().items.front());
        test.operands.front() = std::move(only);
    }

    static constexpr std::size_t errors_max = 20;

    Program& program_;
    std::vector<FieldError>& errors_;
};

// Takes away what does nothing: groups of one, groups within a group of the same kind, double negation.
Node simplified(Node node) {
    std::vector<Node> children;
    for (auto& child : node.children) {
        Node simple = simplified(std::move(child));
        const bool is_same = simple.kind == node.kind && node.kind != StepKind::test &&
                             node.kind != StepKind::negation && !simple.children.empty();
        if (is_same) {
            for (auto& inner : simple.children) children.push_back(std::move(inner));
        } else {
            children.push_back(std::move(simple));
        }
    }
    node.children = std::move(children);
    const bool is_group = node.kind == StepKind::all || node.kind == StepKind::any;
    if (is_group && node.children.size() == 1) {
        Node only = std::move(node.children.front());
        return only;
    }
    if (node.kind == StepKind::negation && node.children.front().kind == StepKind::negation) {
        Node inner = std::move(node.children.front().children.front());
        return inner;
    }
    return node;
}

void flatten(const Node& node, std::vector<Step>& steps) {
    const auto at = steps.size();
    steps.push_back({node.kind, 0, node.test});
    for (const auto& child : node.children) flatten(child, steps);
    steps[at].end = static_cast<std::uint32_t>(steps.size());
}

using Roles = std::optional<std::vector<std::string>>;

// Of a conjunction the shortest list of its members, of a disjunction the union where each member has one.
Roles roles_of(const Node& node, const Program& program) {
    if (node.kind == StepKind::test) return chosen_roles(program.tests.at(node.test));
    if (node.kind == StepKind::negation || node.children.empty()) return std::nullopt;
    Roles result;
    for (const auto& child : node.children) {
        auto roles = roles_of(child, program);
        if (node.kind == StepKind::all) {
            if (roles && (!result || roles->size() < result->size())) result = std::move(roles);
        } else {
            if (!roles) return std::nullopt;
            if (!result) result.emplace();
            result->insert(result->end(), roles->begin(), roles->end());
        }
    }
    if (result) {
        std::ranges::sort(*result);
        result->erase(std::unique(result->begin(), result->end()), result->end());
    }
    return result;
}

void add_attributes(const Operand& operand, std::set<std::string>& names) {
    if (operand.base == OperandBase::path) names.insert(operand.path.text);
    for (const auto& item : operand.items) add_attributes(item, names);
}

}  // namespace

Program compile_program(const json::Value& written, std::string_view place, std::vector<FieldError>& errors) {
    Program program;
    const bool is_unconditional = written.array() != nullptr && written.array()->empty();
    if (is_unconditional) return program;
    const auto errors_before = errors.size();
    const Node tree = simplified(Compiler(program, errors).read_alternatives(written, std::string(place), 1));
    if (errors.size() != errors_before) return program;
    flatten(tree, program.steps);
    program.roles = roles_of(tree, program);
    std::set<std::string> names;
    for (const auto& test : program.tests) {
        names.insert(test.path.text);
        for (const auto& operand : test.operands) add_attributes(operand, names);
    }
    program.attributes.assign(names.begin(), names.end());
    return program;
}

}  // namespace pamoja::access
