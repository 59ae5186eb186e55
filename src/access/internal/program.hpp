#pragma once
#include <optional>
#include <string>
#include <vector>

#include "access/internal/datum.hpp"

namespace pamoja::access {

// The compiled form of a condition: a flat list of steps over a list of tests.

// The way to an attribute. `booking.scheduled_time` and `booking.scheduled_at` name the same: the path holds
// the second, and the lookup tries both.
struct Path {
    std::string text;  // "booking.scheduled_at"
    std::vector<std::string> steps;
    bool is_role = false;   // user.role: any of the user's roles
    bool is_roles = false;  // user.roles: the list of them
    bool is_scheduled = false;
};

enum class OperandBase { literal, list, now, today, path };

// The right side of a test: a base, moved by an offset that was folded at compile time.
struct Operand {
    OperandBase base = OperandBase::literal;
    DatumKind kind = DatumKind::null;  // of a literal: null, boolean, number, text, instant or date
    bool boolean = false;
    Millionths number = 0;
    Timestamp instant{};
    Date date{};
    std::string text{};
    Path path{};
    std::int64_t offset_micros = 0;
    Millionths offset_number = 0;
    bool is_moved_in_time = false;
    bool is_moved_by_number = false;
    std::vector<Operand> items{};  // of a list
    std::size_t column = 0;        // where it stands in the operator's text, from 1
};

enum class Operator {
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    in,
    not_in,
    contains,
    starts_with,
    between,
    exists,
    not_exists,
};

// One comparison of an attribute.
struct Test {
    Path path;
    Operator op = Operator::equal;
    std::vector<Operand> operands;  // none for exists, two for between, one otherwise
    std::string place;              // in the JSON document, for faults and traces
    std::string text;               // as it reads: "booking.scheduled_time > now() + 24h"
};

enum class StepKind { all, any, negation, test };

// A step stands before those that belong to it, which end before `end`.
struct Step {
    StepKind kind = StepKind::test;
    std::uint32_t end = 0;
    std::uint32_t test = 0;
};

struct Program {
    std::vector<Step> steps;  // none: always true
    std::vector<Test> tests;
    std::optional<std::vector<std::string>> roles;
    std::vector<std::string> attributes;
};

// How deep conditions nest, and how much of them there may be.
inline constexpr std::size_t condition_depth_max = 8;
inline constexpr std::size_t condition_tests_max = 256;
inline constexpr std::size_t condition_list_max = 200;
inline constexpr std::size_t condition_text_max = 1000;  // bytes of one operator's text or literal
inline constexpr std::size_t path_steps_max = 8;
inline constexpr std::size_t path_text_max = 200;

// Empty when the text is no dotted path of names.
std::optional<Path> parse_path(std::string_view text);

}  // namespace pamoja::access
