#include "http/internal/framing.hpp"

#include <algorithm>
#include <array>

#include "http/internal/target.hpp"
#include "http/internal/text.hpp"

namespace pamoja::http::internal {

namespace {

constexpr Violation bad_request_line{400, "The request line is not valid."};
constexpr Violation bad_target{400, "The path of the request is not valid."};
constexpr Violation target_too_long{414, "The address of the request is too long."};
constexpr Violation bad_version{505, "Only HTTP/1.1 and HTTP/1.0 are understood."};
constexpr Violation bad_method{405, "This method is not allowed."};
constexpr Violation bad_field{400, "A header line of the request is not valid."};
constexpr Violation too_many_fields{431, "The request has too many headers."};
constexpr Violation bad_length{400, "The Content-Length header is not valid."};
constexpr Violation bad_coding{400, "The Transfer-Encoding header is not valid."};
constexpr Violation two_framings{400, "Content-Length and Transfer-Encoding exclude each other."};
constexpr Violation bad_host{400, "The request needs exactly one valid Host header."};
constexpr Violation other_host{400, "The address of the request names another host than its Host header."};
constexpr Violation bad_expectation{417, "Only the expectation 100-continue can be met."};

constexpr std::array<bool, 256> line_characters = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0x20; i < 256; ++i) table[i] = i != 0x7F;
    table['\t'] = true;
    return table;
}();

// The fields that decide framing and routing, as they are met.
struct Deciding {
    std::string_view content_length, transfer_encoding, host, expect;
    int content_lengths = 0, transfer_encodings = 0, hosts = 0, expects = 0;
    bool says_close = false, says_keep_alive = false;
};

bool is_method(std::string_view method) {
    return !method.empty() && method.size() <= 32 && std::all_of(method.begin(), method.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || c == '-';
    });
}

bool is_visible(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
}

std::optional<Violation> read_version(std::string_view version, Framing& framing) {
    if (version == "HTTP/1.1") return std::nullopt;
    if (version == "HTTP/1.0") {
        framing.is_http_1_0 = true;
        return std::nullopt;
    }
    bool is_version = version.size() == 8 && version.starts_with("HTTP/") &&
                      is_digits(version.substr(5, 1)) && version[6] == '.' && is_digits(version.substr(7));
    return is_version ? bad_version : bad_request_line;
}

std::optional<Violation> read_request_line(std::string_view line, Head& head, std::optional<Target>& target) {
    std::string_view method = take_until(line, ' ');
    if (!is_method(method)) return bad_request_line;
    head.framing.is_head = method == "HEAD";
    head.request.method = head.framing.is_head ? "GET" : method;
    if (method == "TRACE" || method == "CONNECT") return bad_method;

    std::string_view text = take_until(line, ' ');
    if (!is_visible(text)) return bad_target;
    target = split_target(text);
    auto path = target ? decode_path(target->path) : std::nullopt;
    if (path) head.request.path = std::move(*path);
    if (text.size() > target_bytes_max) return target_too_long;
    if (head.request.path.empty()) return bad_target;
    head.request.query = target->query;
    return read_version(line, head.framing);
}

void note_connection_options(std::string_view value, Deciding& deciding) {
    while (!value.empty()) {
        std::string_view option = trim(take_until(value, ','));
        if (equals_ignoring_case(option, "close")) deciding.says_close = true;
        if (equals_ignoring_case(option, "keep-alive")) deciding.says_keep_alive = true;
    }
}

void note_field(std::string_view name, std::string_view value, Deciding& deciding) {
    auto note = [&](std::string_view known, std::string_view& kept, int& count) {
        if (!equals_ignoring_case(name, known)) return;
        kept = value;
        ++count;
    };
    switch (name.size()) {
        case 4:
            return note("Host", deciding.host, deciding.hosts);
        case 6:
            return note("Expect", deciding.expect, deciding.expects);
        case 10:
            if (equals_ignoring_case(name, "Connection")) note_connection_options(value, deciding);
            return;
        case 14:
            return note("Content-Length", deciding.content_length, deciding.content_lengths);
        case 17:
            return note("Transfer-Encoding", deciding.transfer_encoding, deciding.transfer_encodings);
        default:
            return;
    }
}

std::optional<Violation> read_fields(std::string_view text, Head& head, Deciding& deciding) {
    head.request.headers.reserve(8);
    while (!text.starts_with("\r\n")) {
        auto end = text.find("\r\n");
        if (end == std::string_view::npos) return bad_field;
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 2);
        auto colon = line.find(':');
        // A line that begins with a space continues the one before it; the name is then no token.
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return bad_field;
        if (head.request.headers.size() == fields_max) return too_many_fields;
        std::string_view name = line.substr(0, colon);
        std::string_view value = trim(line.substr(colon + 1));
        note_field(name, value, deciding);
        head.request.headers.push_back({std::string(name), std::string(value)});
    }
    return std::nullopt;
}

std::optional<Violation> decide_body(const Deciding& deciding, Framing& framing) {
    if (deciding.transfer_encodings > 0) {
        if (deciding.content_lengths > 0) return two_framings;
        if (deciding.transfer_encodings > 1 || framing.is_http_1_0) return bad_coding;
        if (!equals_ignoring_case(deciding.transfer_encoding, "chunked")) return bad_coding;
        framing.body = BodyKind::chunked;
        return std::nullopt;
    }
    if (deciding.content_lengths == 0) return std::nullopt;
    auto length = parse_digits(deciding.content_length);
    if (deciding.content_lengths > 1 || !length) return bad_length;
    framing.length = *length;
    if (framing.length > 0) framing.body = BodyKind::sized;
    return std::nullopt;
}

std::optional<Violation> decide_host(const Deciding& deciding, const Target& target, Head& head) {
    bool needs_host = !head.framing.is_http_1_0 || !target.authority.empty();
    if (deciding.hosts == 0 && !needs_host) return std::nullopt;
    auto host = deciding.hosts == 1 ? parse_authority(deciding.host) : std::nullopt;
    if (!host) return bad_host;
    if (!target.scheme.empty() && !is_same_authority(target, *host)) return other_host;
    head.request.host = std::move(host->host);
    return std::nullopt;
}

}  // namespace

HeadEnd HeadScanner::find_end(std::string_view received) {
    for (; position_ < received.size(); ++position_) {
        char c = received[position_];
        if (is_after_return_) {
            if (c != '\n') return {.is_refused = true};
            is_after_return_ = false;
            // One empty line before the request is tolerated (RFC 9112, 2.2).
            bool is_leading = position_ == 1;
            if (is_line_empty_ && !is_leading) return {.bytes = position_ + 1};
            is_line_empty_ = true;
        } else if (c == '\r') {
            is_after_return_ = true;
        } else if (line_characters[static_cast<unsigned char>(c)]) {
            is_line_empty_ = false;
        } else {
            return {.is_refused = true};
        }
    }
    return {};
}

std::optional<Violation> read_head(std::string_view text, Head& head) {
    if (text.starts_with("\r\n")) text.remove_prefix(2);
    auto line_end = text.find("\r\n");
    std::optional<Target> target;
    if (auto violation = read_request_line(text.substr(0, line_end), head, target)) return violation;
    if (line_end == std::string_view::npos) return bad_request_line;

    Deciding deciding;
    if (auto violation = read_fields(text.substr(line_end + 2), head, deciding)) return violation;
    if (auto violation = decide_host(deciding, *target, head)) return violation;
    if (auto violation = decide_body(deciding, head.framing)) return violation;
    if (deciding.expects > 0) {
        if (deciding.expects > 1 || !equals_ignoring_case(deciding.expect, "100-continue"))
            return bad_expectation;
        head.framing.wants_continue = !head.framing.is_http_1_0;
    }
    head.framing.is_persistent =
        !deciding.says_close && (!head.framing.is_http_1_0 || deciding.says_keep_alive);
    return std::nullopt;
}

bool is_trailer_line(std::string_view line) {
    auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return false;
    constexpr std::array<std::string_view, 6> deciding = {
        "Content-Length", "Transfer-Encoding", "Host", "Connection", "Authorization", "Content-Type"};
    return std::none_of(deciding.begin(), deciding.end(), [&](std::string_view name) {
        return equals_ignoring_case(line.substr(0, colon), name);
    });
}

}  // namespace pamoja::http::internal
