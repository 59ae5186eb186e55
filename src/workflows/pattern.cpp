#include "workflows/pattern.hpp"

#include <algorithm>
#include <array>

#include "workflows/internal/pattern_reader.hpp"

namespace pamoja::workflows {
namespace {

using Instruction = Pattern::Instruction;
using Op = Pattern::Op;

constexpr std::size_t program_max = 1'000;
constexpr std::size_t visits_max = 10'000;

// Writes repetitions out. Nodes are counted as well as instructions, because repetitions of nothing cost time
// without making the program longer.
class Emitter {
  public:
    std::vector<Instruction> program;

    void emit(const PatternNode& node) {
        if (++visits_ > visits_max || program.size() > program_max) throw PatternFault("is too large");
        switch (node.kind) {
            case PatternNode::Kind::character:
                program.push_back({Op::character, node.set, program.size() + 1, 0});
                return;
            case PatternNode::Kind::sequence:
                for (const auto& child : node.children) emit(child);
                return;
            case PatternNode::Kind::choice:
                return emit_choice(node.children);
            case PatternNode::Kind::repeat:
                return emit_repeat(node);
        }
    }

  private:
    void emit_choice(const std::vector<PatternNode>& choices) {
        std::vector<std::size_t> jumps;
        for (std::size_t i = 0; i + 1 < choices.size(); ++i) {
            const auto split = add(Op::split);
            emit(choices[i]);
            jumps.push_back(add(Op::jump));
            program[split].other = program.size();
        }
        emit(choices.back());
        for (const auto jump : jumps) program[jump].next = program.size();
    }

    void emit_repeat(const PatternNode& node) {
        const PatternNode& child = node.children.front();
        for (int i = 0; i < node.min; ++i) emit(child);
        if (node.max == PatternNode::unbounded) {
            const auto split = add(Op::split);
            emit(child);
            program[add(Op::jump)].next = split;
            program[split].other = program.size();
            return;
        }
        std::vector<std::size_t> splits;
        for (int i = node.min; i < node.max; ++i) {
            splits.push_back(add(Op::split));
            emit(child);
        }
        for (const auto split : splits) program[split].other = program.size();
    }

    std::size_t add(Op op) {
        program.push_back({op, 0, program.size() + 1, 0});
        return program.size() - 1;
    }

    std::size_t visits_ = 0;
};

// The instructions at which a match may stand, each at most once.
class States {
  public:
    explicit States(const std::vector<Instruction>& program) : program_(program), seen_(program.size(), 0) {}

    void clear() {
        states_.clear();
        ++generation_;
    }
    void add(std::size_t start) {
        pending_.push_back(start);
        while (!pending_.empty()) {
            const std::size_t state = pending_.back();
            pending_.pop_back();
            if (seen_[state] == generation_) continue;
            seen_[state] = generation_;
            const Instruction& instruction = program_[state];
            if (instruction.op == Op::split) pending_.push_back(instruction.other);
            if (instruction.op == Op::split || instruction.op == Op::jump) {
                pending_.push_back(instruction.next);
            } else {
                states_.push_back(state);
            }
        }
    }
    const std::vector<std::size_t>& all() const { return states_; }

  private:
    const std::vector<Instruction>& program_;
    std::vector<std::uint64_t> seen_;
    std::uint64_t generation_ = 1;
    std::vector<std::size_t> states_;
    std::vector<std::size_t> pending_;
};

}  // namespace

bool Pattern::CharSet::holds(char32_t c) const {
    const bool is_inside =
        std::ranges::any_of(ranges, [&](const Range& range) { return c >= range.first && c <= range.last; });
    return is_inside != is_negated;
}

Pattern Pattern::compile(std::string_view written) {
    Pattern pattern;
    const PatternNode root = read_pattern(written, pattern.sets_);
    Emitter emitter;
    emitter.emit(root);
    pattern.program_ = std::move(emitter.program);
    pattern.program_.push_back({});
    return pattern;
}

bool Pattern::matches(std::string_view utf8_text) const {
    std::array<States, 2> states{States(program_), States(program_)};
    std::size_t now = 0;
    states[now].add(0);
    for (const char32_t c : code_points_of(utf8_text)) {
        States& then = states[1 - now];
        then.clear();
        for (const std::size_t state : states[now].all()) {
            const Instruction& instruction = program_[state];
            if (instruction.op == Op::character && sets_[instruction.set].holds(c))
                then.add(instruction.next);
        }
        now = 1 - now;
        if (then.all().empty()) return false;
    }
    return std::ranges::any_of(states[now].all(),
                               [&](std::size_t state) { return program_[state].op == Op::accept; });
}

}  // namespace pamoja::workflows
