#include <boost/json/basic_parser_impl.hpp>
#include <unordered_set>

#include "base/failure.hpp"
#include "json/value.hpp"

namespace pamoja::json {
namespace {

using boost::json::error_code;

// Builds a Value from the parser's events. Boost.JSON checks syntax, UTF-8, surrogates and depth; this keeps
// numbers as text and refuses duplicate names.
struct Builder {
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

    struct Container {
        Value value;
        std::string name;                       // of the member that is being read
        std::unordered_set<std::string> names;  // only of objects with many members
    };

    ParseLimits limits;
    std::vector<Container> open;
    Value result;
    std::string text;
    std::size_t values = 0;
    bool has_duplicate = false;
    bool is_too_large = false;

    bool add(Value value) {
        if (++values > limits.values_max) is_too_large = true;
        if (is_too_large) return false;
        if (open.empty()) {
            result = std::move(value);
            return true;
        }
        Container& parent = open.back();
        if (auto* items = parent.value.array()) {
            items->push_back(std::move(value));
            return true;
        }
        if (is_duplicate(parent)) return !(has_duplicate = true);
        parent.value.object()->emplace_back(parent.name, std::move(value));
        return true;
    }

    static bool is_duplicate(Container& parent) {
        constexpr std::size_t scan_max = 16;
        const auto& members = *parent.value.object();
        if (members.size() < scan_max) return parent.value.find(parent.name) != nullptr;
        if (parent.names.empty()) {
            for (const auto& member : members) parent.names.insert(member.first);
        }
        return !parent.names.insert(parent.name).second;
    }

    bool begin(Value container) {
        open.push_back({std::move(container), {}, {}});
        return true;
    }

    bool end() {
        Value finished = std::move(open.back().value);
        open.pop_back();
        return add(std::move(finished));
    }

    bool add_number(std::string_view last) {
        text.append(last);
        if (text.size() > limits.number_length_max) is_too_large = true;
        return add(Value(Number{std::exchange(text, {})}));
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return begin(Value(Object())); }
    bool on_object_end(std::size_t, error_code&) { return end(); }
    bool on_array_begin(error_code&) { return begin(Value(Array())); }
    bool on_array_end(std::size_t, error_code&) { return end(); }
    bool on_key_part(std::string_view part, std::size_t, error_code&) {
        text.append(part);
        return true;
    }
    bool on_key(std::string_view last, std::size_t, error_code&) {
        text.append(last);
        open.back().name = std::exchange(text, {});
        return true;
    }
    bool on_string_part(std::string_view part, std::size_t, error_code&) {
        text.append(part);
        return true;
    }
    bool on_string(std::string_view last, std::size_t, error_code&) {
        text.append(last);
        return add(Value(std::exchange(text, {})));
    }
    bool on_number_part(std::string_view part, error_code&) {
        text.append(part);
        return true;
    }
    bool on_int64(std::int64_t, std::string_view last, error_code&) { return add_number(last); }
    bool on_uint64(std::uint64_t, std::string_view last, error_code&) { return add_number(last); }
    bool on_double(double, std::string_view last, error_code&) { return add_number(last); }
    bool on_bool(bool value, error_code&) { return add(Value(value)); }
    bool on_null(error_code&) { return add(Value()); }
    bool on_comment_part(std::string_view, error_code&) { return true; }
    bool on_comment(std::string_view, error_code&) { return true; }
};

}  // namespace

Value parse(std::string_view text, const ParseLimits& limits) {
    boost::json::parse_options options;
    options.max_depth = limits.depth_max;
    boost::json::basic_parser<Builder> parser(options);
    Builder& builder = parser.handler();
    builder.limits = limits;
    error_code error;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
    require(!builder.has_duplicate, malformed_request, "The request body names the same member twice.");
    require(!builder.is_too_large, malformed_request, "The request body holds too many values.");
    require(!error && parser.done() && read == text.size(), malformed_request,
            "The request body is not valid JSON (near byte " + std::to_string(read) + ").");
    return std::move(builder.result);
}

}  // namespace pamoja::json
