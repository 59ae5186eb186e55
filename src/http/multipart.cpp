#include "http/multipart.hpp"

#include <algorithm>

#include "base/failure.hpp"
#include "http/internal/parameters.hpp"
#include "http/internal/text.hpp"

namespace pamoja::http {

using internal::equals_ignoring_case;

namespace {

constexpr std::size_t parts_max = 32;
constexpr std::size_t part_header_bytes_max = 8 * 1024;
constexpr std::size_t boundary_bytes_max = 70;

void require_form(bool holds, std::string_view message) {
    require(holds, malformed_request, message);
}

bool is_boundary_character(char c) {
    return internal::is_token_character(c) || std::string_view("()+,/:=? ").find(c) != std::string_view::npos;
}

std::string boundary_of(std::string_view content_type) {
    auto type = internal::parse_parameters(content_type);
    require_form(type && type->first == "multipart/form-data", "The body is not multipart/form-data.");
    const std::string* boundary = type->find("boundary");
    bool is_valid = boundary != nullptr && !boundary->empty() && boundary->size() <= boundary_bytes_max &&
                    boundary->back() != ' ' &&
                    std::all_of(boundary->begin(), boundary->end(), is_boundary_character);
    require_form(is_valid, "The Content-Type names no valid boundary.");
    return *boundary;
}

// Names end up in answers, logs and stored records.
bool is_clean(std::string_view text) {
    return internal::is_utf8(text) && std::none_of(text.begin(), text.end(), internal::is_control);
}

void read_disposition(std::string_view value, Part& part) {
    auto disposition = internal::parse_parameters(value);
    require_form(disposition && disposition->first == "form-data", "A part of the form is not a form field.");
    const std::string* name = disposition->find("name");
    require_form(name != nullptr && !name->empty() && is_clean(*name),
                 "A part of the form has no valid name.");
    part.name = *name;
    // The extended form "filename*" is not allowed in forms (RFC 7578, 4.2) and would be a second name.
    require_form(disposition->find("filename*") == nullptr, "A file of the form is named in an unknown way.");
    if (const std::string* filename = disposition->find("filename")) {
        require_form(is_clean(*filename), "A file of the form has no valid name.");
        part.filename = *filename;
    }
}

void read_part_field(std::string_view line, Part& part, bool& has_disposition) {
    auto colon = line.find(':');
    require_form(colon != std::string_view::npos && internal::is_token(line.substr(0, colon)),
                 "A part of the form has an invalid header.");
    std::string_view name = line.substr(0, colon);
    std::string_view value = internal::trim(line.substr(colon + 1));
    if (equals_ignoring_case(name, "Content-Disposition")) {
        require_form(!has_disposition, "A part of the form is described twice.");
        has_disposition = true;
        read_disposition(value, part);
    } else if (equals_ignoring_case(name, "Content-Type")) {
        require_form(is_clean(value), "A part of the form has no valid type.");
        require_form(!internal::lower(value).starts_with("multipart/"),
                     "A part of the form holds parts itself.");
        part.content_type = value;
    } else if (equals_ignoring_case(name, "Content-Transfer-Encoding")) {
        bool is_plain = equals_ignoring_case(value, "7bit") || equals_ignoring_case(value, "8bit") ||
                        equals_ignoring_case(value, "binary");
        require_form(is_plain, "A part of the form is encoded.");
    }
}

// Takes the header lines and the empty line after them off the front of `rest`.
Part take_part_header(std::string_view& rest) {
    Part part;
    bool has_disposition = false;
    auto end = rest.substr(0, part_header_bytes_max).find("\r\n\r\n");
    require_form(end != std::string_view::npos,
                 "A part of the form has no end of its header, or too large a one.");
    std::string_view lines = rest.substr(0, end + 2);
    rest.remove_prefix(end + 4);
    while (!lines.empty()) {
        auto line_end = lines.find("\r\n");
        read_part_field(lines.substr(0, line_end), part, has_disposition);
        lines.remove_prefix(line_end + 2);
    }
    require_form(has_disposition, "A part of the form has no name.");
    return part;
}

}  // namespace

bool is_multipart(std::string_view content_type) {
    std::string_view type = internal::take_until(content_type, ';');
    return equals_ignoring_case(internal::trim(type), "multipart/form-data");
}

std::vector<Part> parse_multipart(std::string_view content_type, std::string_view body) {
    std::string delimiter = "\r\n--" + boundary_of(content_type);
    std::string_view opening = std::string_view(delimiter).substr(2);
    std::string_view rest = body;
    if (rest.starts_with("\r\n")) rest.remove_prefix(2);
    require_form(rest.starts_with(opening), "The form does not begin with its boundary.");
    rest.remove_prefix(opening.size());

    std::vector<Part> parts;
    while (rest.starts_with("\r\n")) {
        rest.remove_prefix(2);
        require_form(parts.size() < parts_max, "The form has too many parts.");
        Part part = take_part_header(rest);
        auto end = rest.find(delimiter);
        require_form(end != std::string_view::npos, "The form does not end with its boundary.");
        part.data = rest.substr(0, end);
        rest.remove_prefix(end + delimiter.size());
        parts.push_back(std::move(part));
    }
    require_form(rest == "--" || rest == "--\r\n", "The form does not end with its boundary.");
    return parts;
}

}  // namespace pamoja::http
