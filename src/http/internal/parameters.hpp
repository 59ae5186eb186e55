#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pamoja::http::internal {

// A header value of the form `first; name=value; name="value"`.
struct Parameterised {
    struct Entry {
        std::string name;  // lower case
        std::string value;
    };

    std::string first;  // lower case
    std::vector<Entry> entries;

    const std::string* find(std::string_view name) const;
};

// Absent when the value does not have that form repeats a parameter, or has more than 16. In a quoted value
// \" and \\ stand for the second character; any other backslash stands for itself, as browsers send file
// names.
std::optional<Parameterised> parse_parameters(std::string_view value);

}  // namespace pamoja::http::internal
