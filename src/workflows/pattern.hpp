#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace pamoja::workflows {

// What is wrong with a pattern, as the end of a sentence: "has a ( without its )".
struct PatternFault : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A regular expression that a whole text must match: literals, `.`, classes ([a-z], [^0-9], \d \w \s and
// their opposites), groups, `|`, `*`, `+`, `?` and {n}, {n,}, {n,m}. A leading ^ and a closing $ are allowed
// and change nothing. There are no back references, so that matching takes time in proportion to the text,
// whatever the pattern.
class Pattern {
  public:
    // Throws PatternFault, also for patterns that are too large when their repetitions are written out.
    static Pattern compile(std::string_view written);

    bool matches(std::string_view utf8_text) const;

    struct Range {
        char32_t first = 0;
        char32_t last = 0;
    };
    struct CharSet {
        std::vector<Range> ranges;
        bool is_negated = false;

        bool holds(char32_t) const;
    };
    enum class Op { character, split, jump, accept };
    struct Instruction {
        Op op = Op::accept;
        std::size_t set = 0;  // of a character
        std::size_t next = 0;
        std::size_t other = 0;  // of a split
    };

  private:
    Pattern() = default;
    std::vector<CharSet> sets_;
    std::vector<Instruction> program_;
};

}  // namespace pamoja::workflows
