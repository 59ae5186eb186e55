#pragma once
#include <string>
#include <string_view>

#include "access/internal/program.hpp"

namespace pamoja::access {

// What is wrong with an operator's text, and where.
struct TextFault {
    std::size_t column = 0;  // from 1
    std::string message{};   // a sentence; empty when nothing is wrong
};

// Whether a text is to be read as an operator and its operands ("> now() + 24h") rather than as a literal:
// its first word is an operator. A literal that begins like one is written as == "…".
bool is_operator_text(std::string_view);

// Fills the operator and the operands of a test. Linear in the length of the text; never recurses.
TextFault parse_operator_text(std::string_view, Test&);

}  // namespace pamoja::access
