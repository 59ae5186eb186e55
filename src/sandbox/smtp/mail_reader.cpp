#include "sandbox/smtp/mail_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/hex.hpp"
#include "crypto/base64.hpp"

namespace pamoja::sandbox {
namespace {

constexpr int depth_max = 8;
constexpr std::string_view spaces = " \t\r\n";

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(spaces);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(spaces) - begin + 1);
}

// One part, or the whole mail: headers with lower-case names and unfolded values, and the body.
struct Part {
    std::vector<std::pair<std::string, std::string>> headers;
    std::string_view body;

    std::string header(std::string_view name) const {
        const auto found = std::find_if(headers.begin(), headers.end(),
                                        [&](const auto& each) { return each.first == name; });
        return found == headers.end() ? std::string() : found->second;
    }
};

// The text up to the next line end, which is taken off too.
std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

Part split(std::string_view text) {
    Part part;
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (line.empty()) break;
        if ((line[0] == ' ' || line[0] == '\t') && !part.headers.empty()) {
            part.headers.back().second += line;
            continue;
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        part.headers.emplace_back(lower(trimmed(line.substr(0, colon))), trimmed(line.substr(colon + 1)));
    }
    part.body = text;
    return part;
}

// A parameter of a header such as Content-Type, without its quotes.
std::string parameter(const std::string& header, const std::string& name) {
    const std::string mark = name + "=";
    auto begin = lower(header).find(mark);
    if (begin == std::string::npos) return {};
    begin += mark.size();
    const bool is_quoted = begin < header.size() && header[begin] == '"';
    if (is_quoted) ++begin;
    return std::string(trimmed(header.substr(begin, header.find(is_quoted ? '"' : ';', begin) - begin)));
}

std::string unquoted_printable(std::string_view text, bool is_header) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_header && text[i] == '_') {
            result += ' ';
        } else if (text[i] != '=') {
            result += text[i];
        } else if (text.substr(i + 1).starts_with("\r\n")) {
            i += 2;
        } else if (text.substr(i + 1).starts_with("\n")) {
            i += 1;
        } else if (const auto byte = from_hex(text.substr(i + 1, 2)); byte && byte->size() == 1) {
            result += *byte;
            i += 2;
        } else {
            result += '=';
        }
    }
    return result;
}

std::string unbase64(std::string_view text) {
    std::string dense;
    std::copy_if(text.begin(), text.end(), std::back_inserter(dense),
                 [](char c) { return spaces.find(c) == std::string_view::npos; });
    return crypto::from_base64(dense).value_or(std::string(text));
}

// UTF-8 stays as it is; each byte of Latin-1 is the code point of that number.
std::string to_utf8(std::string text, const std::string& charset) {
    if (charset != "iso-8859-1" && charset != "latin1" && charset != "windows-1252") return text;
    std::string result;
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            result += c;
        } else {
            result += static_cast<char>(0xc0 | (byte >> 6));
            result += static_cast<char>(0x80 | (byte & 0x3f));
        }
    }
    return result;
}

// "charset?B?text", what stands between "=?" and "?=".
std::optional<std::string> decoded_word(std::string_view word) {
    const auto first = word.find('?');
    const auto second = word.find('?', first + 1);
    if (first == std::string_view::npos || second != first + 2) return std::nullopt;
    const std::string charset = lower(word.substr(0, first));
    const std::string_view text = word.substr(second + 1);
    switch (word[first + 1]) {
        case 'b':
        case 'B':
            return to_utf8(unbase64(text), charset);
        case 'q':
        case 'Q':
            return to_utf8(unquoted_printable(text, true), charset);
        default:
            return std::nullopt;
    }
}

// A header with encoded words (RFC 2047). White space between two of them means nothing.
std::string decoded_header(std::string_view text) {
    std::string result;
    bool is_after_word = false;
    while (!text.empty()) {
        const auto begin = text.find("=?");
        // The charset and the encoding end with "?" too, and an encoded text may begin with "=".
        const auto encoding = begin == std::string_view::npos ? begin : text.find('?', begin + 2);
        const auto data = encoding == std::string_view::npos ? encoding : text.find('?', encoding + 1);
        const auto end = data == std::string_view::npos ? data : text.find("?=", data + 1);
        const auto word = end == std::string_view::npos
                              ? std::nullopt
                              : decoded_word(text.substr(begin + 2, end - begin - 2));
        if (!word) return result + std::string(text);
        const std::string_view before = text.substr(0, begin);
        if (!is_after_word || !trimmed(before).empty()) result += before;
        result += *word;
        is_after_word = true;
        text.remove_prefix(end + 2);
    }
    return result;
}

std::string decoded_body(const Part& part) {
    const std::string encoding = lower(part.header("content-transfer-encoding"));
    std::string text(part.body);
    if (encoding == "base64") text = unbase64(part.body);
    if (encoding == "quoted-printable") text = unquoted_printable(part.body, false);
    return to_utf8(std::move(text), lower(parameter(part.header("content-type"), "charset")));
}

// What stands between the boundary's lines; the line end before a boundary belongs to it.
std::vector<std::string_view> parts_of(std::string_view body, const std::string& boundary) {
    const std::string mark = "--" + boundary;
    std::vector<std::string_view> parts;
    const char* begin = nullptr;
    std::string_view rest = body;
    while (!rest.empty()) {
        const char* line_begin = rest.data();
        const std::string_view line = take_line(rest);
        if (!line.starts_with(mark)) continue;
        if (begin != nullptr && line_begin > begin) {
            std::string_view part(begin, static_cast<std::size_t>(line_begin - begin));
            part.remove_suffix(part.ends_with("\r\n") ? 2 : 1);
            parts.push_back(part);
        }
        if (trimmed(line) == mark + "--") return parts;
        begin = rest.data();
    }
    return parts;
}

void read_part(const Part& part, int depth, ReadMail& mail) {
    const std::string type_header = part.header("content-type");
    const std::string type = lower(trimmed(type_header.substr(0, type_header.find(';'))));
    if (type.starts_with("multipart/") && depth < depth_max) {
        for (const std::string_view each : parts_of(part.body, parameter(type_header, "boundary"))) {
            read_part(split(each), depth + 1, mail);
        }
        return;
    }
    if (lower(part.header("content-disposition")).starts_with("attachment")) return;
    if (type == "text/html" && mail.html.empty()) mail.html = decoded_body(part);
    if ((type == "text/plain" || type.empty()) && mail.text.empty()) mail.text = decoded_body(part);
}

}  // namespace

ReadMail read_mail(std::string_view mail) {
    const Part whole = split(mail);
    ReadMail result;
    result.subject = decoded_header(whole.header("subject"));
    read_part(whole, 0, result);
    return result;
}

}  // namespace pamoja::sandbox
