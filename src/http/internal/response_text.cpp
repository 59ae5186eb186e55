#include "http/internal/response_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "http/internal/text.hpp"

namespace pamoja::http::internal {

namespace {

struct Phrase {
    int status;
    std::string_view text;
};

constexpr Phrase phrases[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

std::string_view reason_phrase(int status) {
    for (const Phrase& phrase : phrases)
        if (phrase.status == status) return phrase.text;
    return "Status";
}

bool is_servers_own(std::string_view name) {
    constexpr std::array<std::string_view, 7> own = {
        "Content-Length", "Transfer-Encoding", "Connection", "Date", "Content-Type", "Keep-Alive", "Trailer"};
    return std::any_of(own.begin(), own.end(),
                       [&](std::string_view o) { return equals_ignoring_case(name, o); });
}

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits;
    auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append("\r\n").append(name).append(": ");
    auto start = out.size();
    out.append(value);
    for (auto i = start; i < out.size(); ++i)
        if (is_control(out[i])) out[i] = ' ';
}

bool lacks_charset(std::string_view type) {
    return (type.starts_with("text/") || type.find("xml") != std::string_view::npos) &&
           type.find("charset=") == std::string_view::npos;
}

}  // namespace

void append_response(std::string& out, const Response& response, const Delivery& delivery,
                     std::string_view date) {
    int status = response.status >= 200 && response.status <= 599 ? response.status : 500;
    bool may_have_body = status != 204 && status != 304;
    out.reserve(out.size() + 512 + response.body.size());

    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::size_t>(status));
    out.append(" ").append(reason_phrase(status)).append("\r\nDate: ").append(date);
    if (may_have_body) {
        append_field(out, "Content-Type", response.content_type);
        if (lacks_charset(response.content_type)) out.append("; charset=utf-8");
        out.append("\r\nContent-Length: ");
        append_number(out, response.body.size());
    }
    if (!delivery.is_persistent) {
        out.append("\r\nConnection: close");
    } else if (delivery.is_http_1_0) {
        out.append("\r\nConnection: keep-alive");
    }
    for (const Header& header : response.headers)
        if (is_token(header.name) && !is_servers_own(header.name))
            append_field(out, header.name, header.value);
    out.append("\r\n\r\n");
    if (may_have_body && delivery.has_body) out.append(response.body);
}

std::string http_date(std::int64_t seconds_since_epoch) {
    auto seconds = static_cast<std::time_t>(seconds_since_epoch);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    // Written here and not by strftime, which would follow the program's locale.
    constexpr std::string_view days = "SunMonTueWedThuFriSat";
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    std::string text(days.substr(static_cast<std::size_t>(parts.tm_wday) * 3, 3));
    auto two_digits = [&](int number) {
        text += static_cast<char>('0' + number / 10 % 10);
        text += static_cast<char>('0' + number % 10);
    };
    text += ", ";
    two_digits(parts.tm_mday);
    text.append(" ").append(months.substr(static_cast<std::size_t>(parts.tm_mon) * 3, 3)).append(" ");
    two_digits((parts.tm_year + 1900) / 100);
    two_digits(parts.tm_year % 100);
    text += ' ';
    two_digits(parts.tm_hour);
    text += ':';
    two_digits(parts.tm_min);
    text += ':';
    two_digits(parts.tm_sec);
    return text + " GMT";
}

}  // namespace pamoja::http::internal
