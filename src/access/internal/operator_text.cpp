#include "access/internal/operator_text.hpp"

#include <array>

namespace pamoja::access {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t offset_max = std::int64_t{36'525} * 86'400 * second;  // a hundred years

struct OperatorName {
    std::string_view text;
    Operator op;
};

// A longer name stands before what it begins with.
constexpr std::array symbols{
    OperatorName{"==", Operator::equal},         OperatorName{"!=", Operator::not_equal},
    OperatorName{"<=", Operator::less_or_equal}, OperatorName{">=", Operator::greater_or_equal},
    OperatorName{"<", Operator::less},           OperatorName{">", Operator::greater},
};
constexpr std::array words{
    OperatorName{"in", Operator::in},           OperatorName{"contains", Operator::contains},
    OperatorName{"between", Operator::between}, OperatorName{"starts_with", Operator::starts_with},
    OperatorName{"exists", Operator::exists},
};

bool is_space(char c) {
    return c == ' ' || c == '\t';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_of_word(char c) {
    return is_letter(c) || is_digit(c) || c == '.';
}

std::string_view first_word(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && is_of_word(text[end])) ++end;
    return text.substr(0, end);
}

// Empty for "07:30" and the like, which are no numbers but no dates either.
bool looks_like_date(std::string_view text) {
    if (text.size() < 10) return false;
    for (std::size_t i = 0; i < 10; ++i) {
        const bool is_dash = i == 4 || i == 7;
        if (is_dash ? text[i] != '-' : !is_digit(text[i])) return false;
    }
    return true;
}

// Reads front to back. After the first fault it stands at the end, so that everything else comes to nothing.
class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    TextFault parse(Test& test) {
        skip_spaces();
        read_operator(test);
        if (test.op == Operator::between) {
            test.operands.push_back(read_operand());
            expect_word("and");
            test.operands.push_back(read_operand());
        } else if (test.op == Operator::in || test.op == Operator::not_in) {
            test.operands.push_back(read_list());
        } else if (test.op != Operator::exists && test.op != Operator::not_exists) {
            test.operands.push_back(read_operand());
        }
        skip_spaces();
        if (at_ < text_.size()) fail(at_, "Nothing may follow here.");
        return std::move(fault_);
    }

  private:
    void fail(std::size_t at, std::string message) {
        if (fault_.message.empty()) fault_ = {at + 1, std::move(message)};
        at_ = text_.size();
    }

    char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    std::string_view rest() const { return text_.substr(at_); }

    void skip_spaces() {
        while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    }

    bool take(std::string_view token) {
        skip_spaces();
        if (!rest().starts_with(token)) return false;
        at_ += token.size();
        return true;
    }

    void expect_word(std::string_view word) {
        skip_spaces();
        if (first_word(rest()) != word)
            return fail(at_, "The word \"" + std::string(word) + "\" belongs here.");
        at_ += word.size();
    }

    void read_operator(Test& test) {
        for (const auto& symbol : symbols) {
            if (!take(symbol.text)) continue;
            test.op = symbol.op;
            return;
        }
        auto word = first_word(rest());
        const bool is_negated = word == "not";
        if (is_negated) {
            at_ += word.size();
            skip_spaces();
            word = first_word(rest());
        }
        const auto start = at_;
        for (const auto& name : words) {
            if (word != name.text) continue;
            at_ += word.size();
            test.op = name.op;
            if (is_negated) negate(test, start);
            return;
        }
        fail(start, "An operator belongs here.");
    }

    void negate(Test& test, std::size_t start) {
        if (test.op == Operator::in) {
            test.op = Operator::not_in;
        } else if (test.op == Operator::exists) {
            test.op = Operator::not_exists;
        } else {
            fail(start, "Only in and exists can follow not; put the rest below \"not\".");
        }
    }

    Operand read_list() {
        skip_spaces();
        Operand list;
        list.base = OperandBase::list;
        list.column = at_ + 1;
        if (next() != '[') {
            Operand reference = read_operand();
            if (reference.base != OperandBase::path || reference.is_moved_in_time ||
                reference.is_moved_by_number) {
                fail(list.column - 1, "A list in brackets or an attribute belongs here.");
            }
            return reference;
        }
        ++at_;
        if (take("]")) {
            fail(at_ - 1, "The list is empty.");
            return list;
        }
        do {
            list.items.push_back(read_operand());
        } while (take(",") && list.items.size() < condition_list_max);
        if (!take("]")) fail(at_, "A comma or the end of the list belongs here.");
        return list;
    }

    Operand read_operand() {
        skip_spaces();
        Operand operand = read_term();
        while (true) {
            skip_spaces();
            const char sign = next();
            if (sign != '+' && sign != '-') return operand;
            const auto start = at_;
            ++at_;
            skip_spaces();
            read_move(operand, sign == '-', start);
        }
    }

    // What is added to a term: a duration to times, a number to numbers.
    void read_move(Operand& operand, bool is_negative, std::size_t start) {
        if (!is_digit(next())) return fail(at_, "A duration like 24h or a number belongs here.");
        const auto amount_at = at_;
        const auto number = read_number();
        if (!number) return;
        if (is_letter(next())) {
            const auto micros = read_unit(*number, amount_at);
            if (!micros) return;
            return move_in_time(operand, is_negative ? -*micros : *micros, start);
        }
        move_by_number(operand, is_negative ? -*number : *number, start);
    }

    void move_in_time(Operand& operand, std::int64_t micros, std::size_t start) {
        const bool is_time = operand.base == OperandBase::now || operand.base == OperandBase::today ||
                             (operand.base == OperandBase::path && !operand.is_moved_by_number) ||
                             operand.kind == DatumKind::instant || operand.kind == DatumKind::date;
        if (!is_time) return fail(start, "A duration can only be added to a time.");
        const bool is_day = operand.base == OperandBase::today ||
                            (operand.base == OperandBase::literal && operand.kind == DatumKind::date);
        if (is_day && micros % (86'400 * second) != 0) {
            return fail(start, "A date moves by whole days; use now() for shorter times.");
        }
        operand.offset_micros += micros;
        if (operand.offset_micros > offset_max || operand.offset_micros < -offset_max) {
            return fail(start, "Times can be moved by a hundred years at most.");
        }
        operand.is_moved_in_time = true;
        fold(operand);
    }

    static void fold(Operand& operand) {
        if (operand.base != OperandBase::literal) return;
        const auto offset = std::chrono::microseconds(operand.offset_micros);
        if (operand.kind == DatumKind::instant) operand.instant = operand.instant.plus(offset);
        if (operand.kind == DatumKind::date) {
            operand.date = operand.date.plus_days(
                static_cast<int>(std::chrono::duration_cast<std::chrono::days>(offset).count()));
        }
        operand.offset_micros = 0;
        operand.is_moved_in_time = false;
    }

    void move_by_number(Operand& operand, Millionths number, std::size_t start) {
        if (operand.base == OperandBase::literal && operand.kind == DatumKind::number) {
            operand.number += number;
        } else if (operand.base == OperandBase::path && !operand.is_moved_in_time) {
            operand.offset_number += number;
            operand.is_moved_by_number = true;
        } else {
            fail(start, "A number can only be added to a number; durations have a unit, such as 24h.");
        }
    }

    std::optional<Millionths> read_number() {
        const auto start = at_;
        if (next() == '-') ++at_;
        while (is_digit(next())) ++at_;
        if (next() == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) {
            ++at_;
            while (is_digit(next())) ++at_;
        }
        const auto number = parse_millionths(text_.substr(start, at_ - start));
        if (!number) fail(start, "Numbers have six decimals and eighteen digits at most.");
        return number;
    }

    std::optional<std::int64_t> read_unit(Millionths number, std::size_t start) {
        static constexpr std::string_view letters = "smhdw";
        static constexpr std::array<std::int64_t, 5> seconds{1, 60, 3600, 86'400, 604'800};
        const auto unit = letters.find(next());
        const bool is_alone = at_ + 1 == text_.size() || !is_of_word(text_[at_ + 1]);
        if (unit == std::string_view::npos || !is_alone) {
            fail(at_, "The units of durations are s, m, h, d and w.");
            return std::nullopt;
        }
        ++at_;
        const Millionths micros = number * seconds[unit];  // millionths of a second
        if (number % millionth != 0 || micros > offset_max) {
            fail(start, "Durations are whole numbers of a unit, a hundred years at most.");
            return std::nullopt;
        }
        return static_cast<std::int64_t>(micros);
    }

    Operand read_term() {
        const char c = next();
        Operand operand;
        operand.column = at_ + 1;
        if (c == '"' || c == '\'') {
            operand.kind = DatumKind::text;
            operand.text = read_quoted(c);
        } else if (is_digit(c) && looks_like_date(rest())) {
            read_time(operand);
        } else if (is_digit(c) || c == '-') {
            read_plain_number(operand);
        } else if (is_letter(c)) {
            read_word(operand);
        } else {
            fail(at_, at_ == text_.size() ? "A value is missing here." : "A value belongs here.");
        }
        return operand;
    }

    std::string read_quoted(char quote) {
        const auto start = at_++;
        std::string result;
        while (at_ < text_.size() && text_[at_] != quote) {
            if (text_[at_] == '\\') ++at_;
            if (at_ < text_.size()) result += text_[at_++];
        }
        if (at_ >= text_.size())
            fail(start, "This quotation does not end.");
        else
            ++at_;
        return result;
    }

    void read_time(Operand& operand) {
        const auto start = at_;
        auto end = at_ + 10;
        const bool is_instant = end < text_.size() && text_[end] == 'T';
        while (is_instant && end < text_.size() && !is_space(text_[end]) && text_[end] != ',' &&
               text_[end] != ']') {
            ++end;
        }
        const auto written = text_.substr(at_, end - at_);
        at_ = end;
        if (is_instant) {
            const auto instant = Timestamp::parse(written);
            if (!instant) return fail(start, "This is no time; write 2025-12-05T14:48:13Z.");
            operand.kind = DatumKind::instant;
            operand.instant = *instant;
        } else {
            const auto date = Date::parse(written);
            if (!date) return fail(start, "There is no such day.");
            operand.kind = DatumKind::date;
            operand.date = *date;
        }
    }

    void read_plain_number(Operand& operand) {
        const auto start = at_;
        if (next() == '-' && (at_ + 1 >= text_.size() || !is_digit(text_[at_ + 1]))) {
            return fail(at_, "A value belongs here.");
        }
        const auto number = read_number();
        if (!number) return;
        if (is_letter(next())) {
            return fail(start, "A duration is added to a time: now() + 24h. Texts with digits are quoted.");
        }
        operand.kind = DatumKind::number;
        operand.number = *number;
    }

    void read_word(Operand& operand) {
        const auto start = at_;
        const auto word = first_word(rest());
        at_ += word.size();
        if (next() == '(') return read_call(operand, word, start);
        if (word == "true" || word == "false") {
            operand.kind = DatumKind::boolean;
            operand.boolean = word == "true";
        } else if (word == "null") {
            operand.kind = DatumKind::null;
        } else if (word.find('.') == std::string_view::npos) {
            operand.kind = DatumKind::text;
            operand.text = std::string(word);
        } else {
            auto path = parse_path(word);
            if (!path) return fail(start, "This is no attribute; write names with dots, or quote the text.");
            operand.base = OperandBase::path;
            operand.path = std::move(*path);
        }
    }

    void read_call(Operand& operand, std::string_view word, std::size_t start) {
        ++at_;
        if (word != "now" && word != "today") return fail(start, "The functions are now() and today().");
        operand.base = word == "now" ? OperandBase::now : OperandBase::today;
        if (!take(")")) fail(at_, "This function takes nothing: a closing bracket belongs here.");
    }

    std::string_view text_;
    std::size_t at_ = 0;
    TextFault fault_;
};

}  // namespace

bool is_operator_text(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    for (const auto& symbol : symbols) {
        if (text.starts_with(symbol.text)) return true;
    }
    const auto word = first_word(text);
    if (word == "not") return true;
    for (const auto& name : words) {
        if (word == name.text) return true;
    }
    return false;
}

TextFault parse_operator_text(std::string_view text, Test& test) {
    return Parser(text).parse(test);
}

}  // namespace pamoja::access
