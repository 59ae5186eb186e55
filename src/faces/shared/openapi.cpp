#include "faces/shared/openapi.hpp"

#include <algorithm>
#include <map>

#include "faces/shared/idempotency.hpp"

namespace pamoja::faces {
namespace {

std::vector<std::string> parameters_of(std::string_view path) {
    std::vector<std::string> names;
    for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
        names.emplace_back(path.substr(open + 1, path.find('}', open) - open - 1));
    }
    return names;
}

std::string schema_text(SchemaWriter schema, const WireStyle& style) {
    json::Writer writer;
    schema(writer, style);
    return writer.take();
}

std::string access_of(const Route& route) {
    if (route.access == Access::anyone) return "anyone";
    if (route.access == Access::signed_in) return "signed_in";
    if (route.access == Access::permission) return route.permission;
    std::string text;
    for (const auto& role : route.roles) text += (text.empty() ? "" : "|") + role;
    return text;
}

void write_parameter(json::Writer& writer, std::string_view name, const char* place, bool is_required,
                     std::string_view schema) {
    writer.begin_object();
    writer.member("name", name);
    writer.member("in", place);
    writer.member("required", is_required);
    writer.name("schema");
    writer.raw(schema);
    writer.end_object();
}

// The query of a GET: each property of its request is a parameter.
void write_query_parameters(json::Writer& writer, const Route& route, const WireStyle& style) {
    const auto schema = json::parse(schema_text(route.handler.request_schema, style));
    const auto* required = schema.find("required")->array();
    for (const auto& [name, property] : *schema.find("properties")->object()) {
        const bool is_required = std::ranges::find(*required, json::Value(name)) != required->end();
        write_parameter(writer, name, "query", is_required, json::to_text(property));
    }
}

void write_parameters(json::Writer& writer, const Route& route, const WireStyle& style) {
    writer.name("parameters");
    writer.begin_array();
    for (const auto& name : parameters_of(route.path)) {
        write_parameter(writer, name, "path", true, R"({"type":"string"})");
    }
    if (route.is_idempotent) {
        write_parameter(writer, "Idempotency-Key", "header", false, R"({"type":"string","maxLength":257})");
    }
    if (route.method == "GET" && route.handler.request_schema != nullptr)
        write_query_parameters(writer, route, style);
    writer.end_array();
}

void write_request_body(json::Writer& writer, const Route& route, const WireStyle& style) {
    if (route.method == "GET" || route.handler.request_schema == nullptr) return;
    writer.name("requestBody");
    writer.begin_object();
    writer.member("required", true);
    writer.name("content");
    writer.begin_object();
    writer.name(route.handler.is_form ? "multipart/form-data" : "application/json");
    writer.begin_object();
    writer.name("schema");
    route.handler.request_schema(writer, style);
    writer.end_object();
    writer.end_object();
    writer.end_object();
}

void write_response(json::Writer& writer, int status, const char* description, const char* media_type,
                    std::string_view schema) {
    writer.name(std::to_string(status));
    writer.begin_object();
    writer.member("description", description);
    writer.name("content");
    writer.begin_object();
    writer.name(media_type);
    writer.begin_object();
    writer.name("schema");
    writer.raw(schema);
    writer.end_object();
    writer.end_object();
    writer.end_object();
}

struct PossibleFailure {
    Reason reason;
    const char* description;
};

std::vector<PossibleFailure> failures_of(const Route& route) {
    std::vector<PossibleFailure> failures{{malformed_request, "The request cannot be read."},
                                          {not_found, "There is no such thing, or it is not the caller's."},
                                          {conflict, "The state of the thing does not allow it."},
                                          {payload_too_large, "The body is too large."},
                                          {unsupported_media_type, "The media type is not supported."},
                                          {unavailable, "The service cannot answer now; try again."},
                                          {internal_error, "A fault of the service."}};
    if (route.limit != nullptr) failures.push_back({rate_limited, "Too many requests."});
    if (route.access != Access::anyone) {
        failures.push_back({unauthenticated, "The caller is not signed in."});
        failures.push_back({forbidden, "The caller may not do this."});
    }
    if (route.handler.parse || route.is_idempotent)
        failures.push_back({validation_failed, "Fields are wrong."});
    if (route.access == Access::anyone && route.handler.parse) {
        failures.push_back({unauthenticated, "The credentials or the signature are wrong."});
        failures.push_back({forbidden, "The caller may not do this."});
    }
    if (route.is_idempotent) {
        failures.push_back({idempotency_key_reused, "The Idempotency-Key was used with another request."});
        failures.push_back({request_in_flight, "The first request with this key is still running."});
    }
    return failures;
}

void write_responses(json::Writer& writer, const Api& api, const Route& route) {
    const Face& face = api.face();
    writer.name("responses");
    writer.begin_object();
    const bool is_download = route.handler.answer_schema == &SchemaOf<Download>::write;
    const std::string data = schema_text(route.handler.answer_schema, face.style());
    const std::string body = route.is_bare || is_download ? data : face.success_schema(data);
    write_response(writer, route.status, "Success.", is_download ? "*/*" : "application/json", body);
    std::map<int, const char*> by_status;
    for (const auto& failure : failures_of(route))
        by_status.emplace(face.status_of(failure.reason), failure.description);
    by_status.emplace(405, "The method is not available here.");
    for (const auto& [status, description] : by_status) {
        write_response(writer, status, description, "application/json",
                       R"({"$ref":"#/components/schemas/Failure"})");
    }
    writer.end_object();
}

void write_operation(json::Writer& writer, const Api& api, const Route& route) {
    writer.begin_object();
    writer.member("operationId", route.name);
    writer.member("summary", route.summary_text);
    writer.name("tags");
    writer.begin_array();
    if (route.is_addition) writer.string("Additions");
    writer.string(route.tag);
    writer.end_array();
    if (route.access == Access::anyone) writer.member("security", json::Value(json::Array()));
    if (route.limit != nullptr) {
        writer.member("description", "Limited to " + std::to_string(route.limit->limit) + " requests in " +
                                         std::to_string(route.limit->window_seconds) + " seconds.");
    }
    write_parameters(writer, route, api.face().style());
    write_request_body(writer, route, api.face().style());
    write_responses(writer, api, route);
    writer.end_object();
}

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return text;
}

void write_paths(json::Writer& writer, const Api& api) {
    std::map<std::string, std::vector<const Route*>> by_path;
    for (const Route& route : api.routes()) {
        by_path[std::string(api.face().base_path()) + route.path].push_back(&route);
    }
    writer.name("paths");
    writer.begin_object();
    for (const auto& [path, routes] : by_path) {
        writer.name(path);
        writer.begin_object();
        for (const Route* route : routes) {
            writer.name(lower(route->method));
            write_operation(writer, api, *route);
        }
        writer.end_object();
    }
    writer.end_object();
}

}  // namespace

std::string openapi_of(const Api& api) {
    const Face& face = api.face();
    json::Writer writer;
    writer.begin_object();
    writer.member("openapi", "3.1.0");
    writer.name("info");
    writer.begin_object();
    writer.member("title", face.title());
    writer.member("version", face.version());
    writer.end_object();
    writer.name("security");
    writer.raw(R"([{"bearer":[]}])");
    write_paths(writer, api);
    writer.name("components");
    writer.begin_object();
    writer.name("securitySchemes");
    writer.raw(R"({"bearer":{"type":"http","scheme":"bearer","bearerFormat":"JWT"}})");
    writer.name("schemas");
    writer.begin_object();
    writer.name("Failure");
    writer.raw(face.failure_schema());
    writer.end_object();
    writer.end_object();
    writer.end_object();
    return writer.take();
}

std::string endpoint_list_of(const Api& api) {
    std::vector<std::string> lines;
    for (const Route& route : api.routes()) {
        lines.push_back(std::string(api.face().base_path()) + route.path + " " + route.method + " " +
                        route.name + " " + access_of(route) + " " +
                        (route.limit != nullptr ? route.limit->name : "unlimited") +
                        (route.is_idempotent ? " idempotent" : "") + (route.is_addition ? " addition" : ""));
    }
    std::ranges::sort(lines);
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

}  // namespace pamoja::faces
