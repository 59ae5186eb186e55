#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pamoja::http {

// One field of a form. The data points into the body that was parsed.
struct Part {
    std::string name;
    std::optional<std::string> filename;      // as the client wrote it: never use it as a path
    std::string content_type = "text/plain";  // as the client claims
    std::string_view data;
};

// True for multipart/form-data, whatever its parameters.
bool is_multipart(std::string_view content_type);

// The parts of a multipart/form-data body (RFC 7578), in order. Throws malformed_request when the boundary is
// missing, the body does not begin and end with it, a part has no name, holds parts itself or is encoded,
// when there are more than 32 parts, or a part's header is larger than 8 KiB. Takes time in proportion to the
// body.
std::vector<Part> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace pamoja::http
