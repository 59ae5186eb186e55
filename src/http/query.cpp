#include "http/query.hpp"

#include <algorithm>

#include "base/failure.hpp"
#include "http/internal/text.hpp"

namespace pamoja::http {

namespace {

constexpr std::size_t parameters_max = 100;

std::string decode(std::string_view text) {
    auto decoded = internal::percent_decode(text, internal::Plus::is_space);
    bool is_text = decoded && internal::is_utf8(*decoded) && decoded->find('\0') == std::string::npos;
    require(is_text, malformed_request, "The query string is not properly encoded.");
    return std::move(*decoded);
}

}  // namespace

Query Query::parse(std::string_view raw) {
    Query query;
    while (!raw.empty()) {
        std::string_view value = internal::take_until(raw, '&');
        if (value.empty()) continue;
        require(query.parameters_.size() < parameters_max, malformed_request,
                "The query has too many parameters.");
        std::string name = decode(internal::take_until(value, '='));
        query.parameters_.push_back({std::move(name), decode(value)});
    }
    return query;
}

std::optional<std::string_view> Query::find(std::string_view name) const {
    for (const Parameter& parameter : parameters_)
        if (parameter.name == name) return parameter.value;
    return std::nullopt;
}

std::vector<std::string_view> Query::values(std::string_view name) const {
    std::vector<std::string_view> result;
    for (const Parameter& parameter : parameters_)
        if (parameter.name == name) result.push_back(parameter.value);
    return result;
}

std::optional<std::string_view> Query::repeated_name() const {
    for (auto parameter = parameters_.begin(); parameter != parameters_.end(); ++parameter) {
        bool is_repeated = std::any_of(parameters_.begin(), parameter, [&](const Parameter& earlier) {
            return earlier.name == parameter->name;
        });
        if (is_repeated) return parameter->name;
    }
    return std::nullopt;
}

}  // namespace pamoja::http
