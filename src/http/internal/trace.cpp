#include "http/internal/trace.hpp"

#include <algorithm>

namespace pamoja::http::internal {

namespace {

constexpr std::size_t digits_per_id = 24;
constexpr std::size_t ids_per_piece = 128;

bool is_trace_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
}

}  // namespace

bool is_trace_id(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), is_trace_character);
}

std::string TraceIds::of(const Request& request) {
    for (std::string_view name : {"X-Request-Id", "X-Trace-Id"}) {
        std::string_view given = request.header(name);
        if (is_trace_id(given)) return std::string(given);
    }
    if (used_ == digits_.size()) {
        digits_ = random_.hex(digits_per_id / 2 * ids_per_piece);
        used_ = 0;
    }
    std::string id = "req_";
    id.append(digits_, used_, digits_per_id);
    used_ += digits_per_id;
    return id;
}

}  // namespace pamoja::http::internal
