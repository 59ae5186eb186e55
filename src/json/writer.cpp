#include "json/writer.hpp"

#include <algorithm>

namespace pamoja::json {
namespace {

// Length of the well-formed UTF-8 sequence at the front of text (Unicode 15, table 3-7); 0 when it is not
// one.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t at) {
        return static_cast<unsigned char>(at < text.size() ? text[at] : 0);
    };
    const auto follows = [&](std::size_t at, unsigned low = 0x80, unsigned high = 0xbf) {
        return byte(at) >= low && byte(at) <= high;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const bool second = follows(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf);
        return second && follows(2) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const bool second = follows(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf);
        return second && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

void append_control(std::string& text, char c) {
    static constexpr char digits[] = "0123456789abcdef";
    switch (c) {
        case '\b':
            text += "\\b";
            return;
        case '\f':
            text += "\\f";
            return;
        case '\n':
            text += "\\n";
            return;
        case '\r':
            text += "\\r";
            return;
        case '\t':
            text += "\\t";
            return;
        default:
            break;
    }
    text += "\\u00";
    text += digits[static_cast<unsigned char>(c) >> 4];
    text += digits[static_cast<unsigned char>(c) & 15];
}

// How many characters at the front of the text stand for themselves.
std::size_t plain_length(std::string_view text) {
    const auto end = std::ranges::find_if(text, [](char c) {
        return static_cast<signed char>(c) < 0x20 || c == 0x7f || c == '"' || c == '\\';
    });
    return static_cast<std::size_t>(end - text.begin());
}

void append_quoted(std::string& text, std::string_view raw) {
    text += '"';
    while (!raw.empty()) {
        if (const std::size_t plain = plain_length(raw); plain > 0) {
            text.append(raw.substr(0, plain));
            raw.remove_prefix(plain);
            continue;
        }
        const char c = raw[0];
        const std::size_t length = sequence_length(raw);
        if (length > 1) {
            text.append(raw.substr(0, length));
        } else if (length == 0) {
            text += "\xef\xbf\xbd";
        } else if (c == '"' || c == '\\') {
            text += '\\';
            text += c;
        } else {
            append_control(text, c);
        }
        raw.remove_prefix(length == 0 ? 1 : length);
    }
    text += '"';
}

}  // namespace

void Writer::open(char bracket) {
    separate();
    text_ += bracket;
    needs_comma_ = false;
}

void Writer::close(char bracket) {
    text_ += bracket;
    needs_comma_ = true;
}

void Writer::separate() {
    if (needs_comma_) text_ += ',';
    needs_comma_ = true;
}

void Writer::name(std::string_view member_name) {
    separate();
    append_quoted(text_, member_name);
    text_ += ':';
    needs_comma_ = false;
}

void Writer::integer(std::int64_t number) {
    raw(std::to_string(number));
}

void Writer::string(std::string_view text) {
    separate();
    append_quoted(text_, text);
}

void Writer::raw(std::string_view json) {
    separate();
    text_ += json;
}

void Writer::value(const Value& tree) {
    if (const auto* flag = tree.boolean()) return boolean(*flag);
    if (const auto* digits = tree.number()) return raw(digits->text);
    if (const auto* text = tree.string()) return string(*text);
    if (const auto* items = tree.array()) {
        begin_array();
        for (const auto& item : *items) value(item);
        return end_array();
    }
    if (const auto* members = tree.object()) {
        begin_object();
        for (const auto& [member_name, item] : *members) member(member_name, item);
        return end_object();
    }
    null();
}

std::string to_text(const Value& tree) {
    Writer writer;
    writer.value(tree);
    return writer.take();
}

std::string quoted(std::string_view text) {
    Writer writer;
    writer.string(text);
    return writer.take();
}

}  // namespace pamoja::json
