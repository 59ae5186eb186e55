#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pamoja::http {

struct Parameter {
    std::string name;
    std::string value;
};

// The parameters of a query string, or of an application/x-www-form-urlencoded body.
class Query {
  public:
    Query() = default;
    // Decodes each name and value once, '+' as a space. Throws malformed_request for a bad escape, bytes that
    // are not UTF-8, NUL, and more than 100 parameters.
    static Query parse(std::string_view raw);

    const std::vector<Parameter>& all() const& { return parameters_; }
    std::vector<Parameter> all() && { return std::move(parameters_); }
    // The first value of that name.
    std::optional<std::string_view> find(std::string_view name) const;
    std::vector<std::string_view> values(std::string_view name) const;
    // The first name that occurs more than once.
    std::optional<std::string_view> repeated_name() const;

  private:
    std::vector<Parameter> parameters_;
};

}  // namespace pamoja::http
