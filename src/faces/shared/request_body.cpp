#include "faces/shared/request_body.hpp"

#include <algorithm>

#include "http/multipart.hpp"
#include "http/query.hpp"

namespace pamoja::faces {
namespace {

bool names_other_type(std::string_view content_type) {
    return content_type.starts_with("multipart/") || content_type.starts_with("application/xml") ||
           content_type.starts_with("text/xml");
}

void add_once(json::Object& object, std::string name, std::string value) {
    const bool is_repeated =
        std::ranges::any_of(object, [&](const auto& member) { return member.first == name; });
    if (is_repeated) {
        throw Failure(validation_failed, "Validation failed",
                      {{name, "Must be given only once", "repeated"}});
    }
    object.emplace_back(std::move(name), json::Value(std::move(value)));
}

json::Value pairs_object(std::string_view pairs) {
    json::Object object;
    for (const auto& [name, value] : http::Query::parse(pairs).all()) add_once(object, name, value);
    return json::Value(std::move(object));
}

}  // namespace

void write_form_schema(const Fields& fields, std::span<const char* const> file_fields, json::Writer& writer,
                       const WireStyle& style) {
    writer.member("type", "object");
    writer.name("properties");
    writer.begin_object();
    for (const Field& field : fields.list()) {
        writer.name(field.name());
        field.write_schema(writer, style);
    }
    for (const char* name : file_fields) {
        writer.name(name);
        writer.raw(R"({"type":"string","format":"binary"})");
    }
    writer.end_object();
    writer.name("required");
    writer.begin_array();
    for (const Field& field : fields.list()) {
        if (field.is_required()) writer.string(field.name());
    }
    writer.end_array();
}

json::Value json_body(const http::Request& request) {
    require(!names_other_type(request.header("Content-Type")), unsupported_media_type,
            "Send the request body as application/json.");
    if (request.body.find_first_not_of(" \t\r\n") == std::string::npos) return json::Value(json::Object());
    auto body = json::parse(request.body);
    require(body.object() != nullptr, malformed_request, "The request body must be a JSON object.");
    return body;
}

json::Value query_object(const http::Request& request) {
    return pairs_object(request.query);
}

json::Value url_encoded_object(const http::Request& request) {
    if (request.method == "GET") return pairs_object(request.query);
    require(request.header("Content-Type").starts_with("application/x-www-form-urlencoded"),
            unsupported_media_type, "Send the request body as application/x-www-form-urlencoded.");
    return pairs_object(request.body);
}

json::Value form_object(const http::Request& request, std::vector<FilePart>& files) {
    require(request.header("Content-Type").starts_with("multipart/form-data"), unsupported_media_type,
            "Send the request body as multipart/form-data.");
    json::Object object;
    for (const auto& part : http::parse_multipart(request.header("Content-Type"), request.body)) {
        if (part.filename) {
            files.push_back({part.name, *part.filename, part.content_type, std::string(part.data)});
        } else {
            add_once(object, part.name, std::string(part.data));
        }
    }
    return json::Value(std::move(object));
}

}  // namespace pamoja::faces
