#include "workflows/internal/pattern_reader.hpp"

#include <algorithm>
#include <optional>

namespace pamoja::workflows {
namespace {

using CharSet = Pattern::CharSet;
using Range = Pattern::Range;

constexpr int depth_max = 20;
constexpr int repeat_max = 1'000;
constexpr char32_t last_code_point = 0x10ffff;

// What \d, \w and \s stand for; empty for every other letter.
std::vector<Range> ranges_of_class(char32_t letter) {
    switch (letter) {
        case U'd':
            return {{U'0', U'9'}};
        case U'w':
            return {{U'a', U'z'}, {U'A', U'Z'}, {U'0', U'9'}, {U'_', U'_'}};
        case U's':
            return {{U' ', U' '}, {U'\t', U'\r'}};
        default:
            return {};
    }
}

std::vector<Range> complement_of(std::vector<Range> ranges) {
    std::ranges::sort(ranges, {}, &Range::first);
    std::vector<Range> rest;
    char32_t next = 0;
    for (const Range& range : ranges) {
        if (range.first > next) rest.push_back({next, range.first - 1});
        next = range.last + 1;
    }
    rest.push_back({next, last_code_point});
    return rest;
}

bool is_letter_or_digit(char32_t c) {
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9');
}

class Reader {
  public:
    Reader(std::string_view written, std::vector<CharSet>& sets)
        : text_(code_points_of(written)), sets_(sets) {
        if (!text_.empty() && text_.front() == U'^') at_ = 1;
        if (text_.size() > at_ && text_.back() == U'$' && !is_escaped(text_.size() - 1)) text_.pop_back();
    }

    PatternNode read() {
        PatternNode root = choice(0);
        if (at_ < text_.size()) throw PatternFault("has a ) without its (");
        return root;
    }

  private:
    bool is_escaped(std::size_t place) const {
        std::size_t slashes = 0;
        while (place > slashes && text_[place - 1 - slashes] == U'\\') ++slashes;
        return slashes % 2 == 1;
    }
    bool is_at(char32_t c) const { return at_ < text_.size() && text_[at_] == c; }
    bool take(char32_t c) {
        if (!is_at(c)) return false;
        ++at_;
        return true;
    }
    char32_t next(const char* fault) {
        if (at_ == text_.size()) throw PatternFault(fault);
        return text_[at_++];
    }

    PatternNode choice(int depth) {
        if (depth > depth_max) throw PatternFault("has too many groups within each other");
        PatternNode node{.kind = PatternNode::Kind::choice, .children = {}};
        do {
            node.children.push_back(sequence(depth));
        } while (take(U'|'));
        return node;
    }

    PatternNode sequence(int depth) {
        PatternNode node{.kind = PatternNode::Kind::sequence, .children = {}};
        while (at_ < text_.size() && !is_at(U'|') && !is_at(U')'))
            node.children.push_back(repeated(atom(depth)));
        return node;
    }

    PatternNode atom(int depth) {
        if (take(U'(')) {
            if (is_at(U'?')) throw PatternFault("has a group that begins with ?, which is not known here");
            PatternNode node = choice(depth + 1);
            if (!take(U')')) throw PatternFault("has a ( without its )");
            return node;
        }
        const char32_t c = next("ends too early");
        if (c == U'[') return character(set_in_brackets());
        if (c == U'.') return character({{{U'\n', U'\n'}}, true});
        if (c == U'\\') return character({escaped(), false});
        if (std::u32string_view(U"*+?{}]^$").find(c) != std::u32string_view::npos)
            throw PatternFault("has one of * + ? { } ] ^ $ where it means nothing; write \\ before it");
        return character({{{c, c}}, false});
    }

    PatternNode character(CharSet set) {
        sets_.push_back(std::move(set));
        return {.kind = PatternNode::Kind::character, .set = sets_.size() - 1, .children = {}};
    }

    std::vector<Range> escaped() {
        const char32_t c = next("ends in a \\");
        if (auto ranges = ranges_of_class(c); !ranges.empty()) return ranges;
        if (c == U'D' || c == U'W' || c == U'S') return complement_of(ranges_of_class(c - U'A' + U'a'));
        if (c == U'n') return {{U'\n', U'\n'}};
        if (c == U't') return {{U'\t', U'\t'}};
        if (is_letter_or_digit(c))
            throw PatternFault("has a \\ before a letter or digit of no known meaning");
        return {{c, c}};
    }

    CharSet set_in_brackets() {
        CharSet set{.ranges = {}, .is_negated = take(U'^')};
        constexpr const char* fault = "has a [ without its ]";
        for (char32_t c = next(fault); c != U']' || set.ranges.empty(); c = next(fault)) {
            if (c == U'\\') {
                const auto ranges = escaped();
                set.ranges.insert(set.ranges.end(), ranges.begin(), ranges.end());
                continue;
            }
            Range range{c, c};
            if (is_at(U'-') && at_ + 1 < text_.size() && text_[at_ + 1] != U']') {
                ++at_;
                range.last = next(fault);
                if (range.last == U'\\') range.last = next(fault);
            }
            if (range.last < range.first) throw PatternFault("has a range of characters that is backwards");
            set.ranges.push_back(range);
        }
        return set;
    }

    PatternNode repeated(PatternNode node) {
        for (int suffixes = 0;; ++suffixes) {
            const auto bounds = repetition();
            if (!bounds) return node;
            if (suffixes > 0)
                throw PatternFault("has a repetition of a repetition; put a group between them");
            node = {.kind = PatternNode::Kind::repeat,
                    .min = bounds->first,
                    .max = bounds->second,
                    .children = {std::move(node)}};
        }
    }

    std::optional<std::pair<int, int>> repetition() {
        if (take(U'*')) return std::pair(0, PatternNode::unbounded);
        if (take(U'+')) return std::pair(1, PatternNode::unbounded);
        if (take(U'?')) return std::pair(0, 1);
        if (!take(U'{')) return std::nullopt;
        const int min = count();
        int max = min;
        if (take(U',')) max = is_at(U'}') ? PatternNode::unbounded : count();
        if (!take(U'}')) throw PatternFault("has a { without its }");
        if (max != PatternNode::unbounded && max < min)
            throw PatternFault("has a repetition that is backwards");
        return std::pair(min, max);
    }

    int count() {
        int result = 0;
        const std::size_t start = at_;
        while (at_ < text_.size() && text_[at_] >= U'0' && text_[at_] <= U'9') {
            result = result * 10 + static_cast<int>(text_[at_++] - U'0');
            if (result > repeat_max) throw PatternFault("repeats more than 1000 times");
        }
        if (at_ == start) throw PatternFault("has a { without a number after it");
        return result;
    }

    std::u32string text_;
    std::vector<CharSet>& sets_;
    std::size_t at_ = 0;
};

}  // namespace

std::u32string code_points_of(std::string_view utf8) {
    std::u32string result;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if ((lead >= 0x80 && lead < 0xc0) || i + length > utf8.size()) {
            result += U'\ufffd';
            ++i;
            continue;
        }
        char32_t point = length == 1 ? lead : lead & (0xffU >> (length + 1));
        for (std::size_t k = 1; k < length; ++k)
            point = (point << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3fU);
        result += point;
        i += length;
    }
    return result;
}

PatternNode read_pattern(std::string_view written, std::vector<CharSet>& sets) {
    return Reader(written, sets).read();
}

}  // namespace pamoja::workflows
