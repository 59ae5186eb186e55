#include "notifications/internal/placeholders.hpp"

namespace pamoja::notifications {

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

std::optional<std::vector<std::string_view>> placeholders_in(std::string_view text) {
    std::vector<std::string_view> names;
    for (auto at = text.find("{{"); at != std::string_view::npos; at = text.find("{{")) {
        const auto end = text.find("}}", at);
        if (end == std::string_view::npos) return std::nullopt;
        names.push_back(trimmed(text.substr(at + 2, end - at - 2)));
        text.remove_prefix(end + 2);
    }
    return names;
}

}  // namespace pamoja::notifications
