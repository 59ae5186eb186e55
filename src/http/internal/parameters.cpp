#include "http/internal/parameters.hpp"

#include "http/internal/text.hpp"

namespace pamoja::http::internal {

namespace {

constexpr std::size_t entries_max = 16;

// Takes `"value"` off the front of `rest`.
std::optional<std::string> take_quoted(std::string_view& rest) {
    std::string value;
    for (std::size_t i = 1; i < rest.size(); ++i) {
        bool is_escape =
            rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
        if (is_escape) {
            value += rest[++i];
        } else if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return value;
        } else {
            value += rest[i];
        }
    }
    return std::nullopt;
}

std::optional<std::string> take_value(std::string_view& rest) {
    if (rest.starts_with('"')) return take_quoted(rest);
    std::size_t end = 0;
    while (end < rest.size() && is_token_character(rest[end])) ++end;
    if (end == 0) return std::nullopt;
    std::string value(rest.substr(0, end));
    rest.remove_prefix(end);
    return value;
}

}  // namespace

const std::string* Parameterised::find(std::string_view name) const {
    for (const Entry& entry : entries)
        if (entry.name == name) return &entry.value;
    return nullptr;
}

std::optional<Parameterised> parse_parameters(std::string_view value) {
    auto semicolon = std::min(value.find(';'), value.size());
    Parameterised result{lower(trim(value.substr(0, semicolon))), {}};
    if (result.first.empty()) return std::nullopt;
    std::string_view rest = value.substr(semicolon);
    while (!rest.empty()) {
        if (rest.front() != ';') return std::nullopt;
        rest = trim(rest.substr(1));
        if (rest.empty()) break;
        auto equals = rest.find('=');
        if (equals == std::string_view::npos || !is_token(rest.substr(0, equals))) return std::nullopt;
        std::string name = lower(rest.substr(0, equals));
        rest.remove_prefix(equals + 1);
        auto given = take_value(rest);
        if (!given || result.find(name) != nullptr || result.entries.size() == entries_max)
            return std::nullopt;
        result.entries.push_back({std::move(name), std::move(*given)});
        rest = trim(rest);
    }
    return result;
}

}  // namespace pamoja::http::internal
