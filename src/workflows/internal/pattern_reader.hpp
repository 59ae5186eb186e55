#pragma once
#include <memory>

#include "workflows/pattern.hpp"

namespace pamoja::workflows {

// The syntax tree of a pattern.
struct PatternNode {
    enum class Kind { character, sequence, choice, repeat };
    static constexpr int unbounded = -1;

    Kind kind = Kind::sequence;
    std::size_t set = 0;  // of a character
    int min = 0;          // of a repetition
    int max = 0;
    std::vector<PatternNode> children;
};

// The code points of a text that is valid UTF-8; what is not reads as U+FFFD.
std::u32string code_points_of(std::string_view utf8);

// Reads a pattern and collects its character sets. Throws PatternFault.
PatternNode read_pattern(std::string_view written, std::vector<Pattern::CharSet>& sets);

}  // namespace pamoja::workflows
