#include "access/internal/program.hpp"

#include <algorithm>

namespace pamoja::access {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name(std::string_view text) {
    return !text.empty() && is_letter(text.front()) &&
           std::ranges::all_of(text, [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

std::optional<Path> parse_path(std::string_view text) {
    if (text.empty() || text.size() > path_text_max) return std::nullopt;
    Path path;
    std::size_t at = 0;
    while (at <= text.size()) {
        const auto end = std::min(text.find('.', at), text.size());
        const auto step = text.substr(at, end - at);
        if (!is_name(step)) return std::nullopt;
        path.steps.emplace_back(step);
        at = end + 1;
    }
    if (path.steps.size() > path_steps_max) return std::nullopt;
    path.text = std::string(text);
    if (path.text == "booking.scheduled_time") {
        path.text = "booking.scheduled_at";
        path.steps.back() = "scheduled_at";
    }
    path.is_scheduled = path.text == "booking.scheduled_at";
    path.is_role = path.text == "user.role";
    path.is_roles = path.text == "user.roles";
    return path;
}

}  // namespace pamoja::access
