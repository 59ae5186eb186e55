#include "app/doors.hpp"

#include "app/swagger_ui.hpp"
#include "faces/shared/headers.hpp"
#include "faces/shared/openapi.hpp"
#include "log/log.hpp"

namespace pamoja::app {
namespace {

constexpr std::int64_t advance_seconds_max = 20LL * 366 * 86'400;

http::Response text_answer(int status, std::string body, std::string content_type = "application/json") {
    http::Response response{status, std::move(content_type), {}, std::move(body)};
    faces::add_security_headers(response);
    return response;
}

http::Response refusal(int status, std::string_view message) {
    json::Writer writer;
    writer.begin_object();
    writer.member("error", message);
    writer.end_object();
    return text_answer(status, writer.take());
}

// Swagger UI sets styles from its script; the pages load nothing from elsewhere.
http::Response page(std::string body, const std::string& content_type) {
    http::Response response{200, content_type, {}, std::move(body)};
    response.headers.push_back(
        {"Content-Security-Policy",
         "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"});
    response.headers.push_back({"Cache-Control", "public, max-age=300"});
    faces::add_security_headers(response);
    return response;
}

std::string index_page(std::string_view face) {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + std::string(face) +
           " API</title><link rel=\"stylesheet\" href=\"swagger-ui.css\"></head>\n<body><div "
           "id=\"ui\"></div>\n"
           "<script src=\"swagger-ui-bundle.js\"></script><script src=\"start.js\"></script></body></html>\n";
}

}  // namespace

bool HealthDoor::handle(http::Request& request, http::Responder& respond) {
    if (request.path == "/healthz") {
        respond(text_answer(200, R"({"status":"ok"})"));
        return true;
    }
    if (request.path != "/readyz") return false;
    database_.submit_write(
        every_tenant(),
        [](Tx& tx) {
            // A row must really be written: one that changes nothing succeeds on a full disk.
            tx.run(
                "UPDATE schema_migrations SET applied_at = applied_at WHERE name = "
                "(SELECT MIN(name) FROM schema_migrations)");
        },
        [respond](std::exception_ptr error) {
            respond(error ? text_answer(503, R"({"status":"unavailable"})")
                          : text_answer(200, R"({"status":"ready"})"));
        });
    return true;
}

void DocumentsDoor::add(const faces::Api& api) {
    documents_.emplace(std::string(api.face().name()), faces::openapi_of(api));
}

bool DocumentsDoor::handle(http::Request& request, http::Responder& respond) {
    std::string_view path = request.path;
    constexpr std::string_view openapi = "/openapi/";
    constexpr std::string_view docs = "/docs/";
    if (path.starts_with(openapi) && path.ends_with(".json")) {
        const auto found = documents_.find(path.substr(openapi.size(), path.size() - openapi.size() - 5));
        if (found == documents_.end()) return false;
        respond(text_answer(200, found->second));
        return true;
    }
    if (!path.starts_with(docs)) return false;
    path.remove_prefix(docs.size());
    const auto face = path.substr(0, path.find('/'));
    if (documents_.find(face) == documents_.end()) return false;
    const auto file = face.size() < path.size() ? path.substr(face.size() + 1) : std::string_view("/");
    if (file == "/") {
        respond({308, "text/plain", {{"Location", "/docs/" + std::string(face) + "/"}}, ""});
    } else if (file.empty()) {
        respond(page(index_page(face), "text/html; charset=utf-8"));
    } else if (file == "start.js") {
        respond(
            page("SwaggerUIBundle({url: \"/openapi/" + std::string(face) + ".json\", dom_id: \"#ui\"});\n",
                 "text/javascript"));
    } else if (file == "swagger-ui-bundle.js") {
        respond(page(std::string(swagger_ui_script()), "text/javascript"));
    } else if (file == "swagger-ui.css") {
        respond(page(std::string(swagger_ui_style()), "text/css"));
    } else {
        return false;
    }
    return true;
}

bool DevelopmentDoor::handle(http::Request& request, http::Responder& respond) {
    if (request.path != "/_dev/clock") return false;
    if (request.method != "POST") {
        respond(refusal(405, "POST {\"advance_seconds\": N}"));
        return true;
    }
    const bool is_taken = worker_.submit([this, asked = request, respond] {
        try {
            respond(advance(asked));
        } catch (const Failure& failure) {
            respond(refusal(400, failure.message()));
        } catch (const std::exception& fault) {
            log::error("clock_advance_failed", {{"cause", fault.what()}});
            respond(refusal(500, "a job that fell due could not be run"));
        }
    });
    if (!is_taken) respond(refusal(503, "too many requests wait for the clock"));
    return true;
}

http::Response DevelopmentDoor::advance(const http::Request& request) {
    const auto body = json::parse(request.body);
    const auto* wanted = body.find("advance_seconds");
    const auto seconds = wanted != nullptr ? wanted->integer() : std::nullopt;
    require(seconds && *seconds >= 0 && *seconds <= advance_seconds_max, malformed_request,
            "advance_seconds must be a whole number of seconds, not negative, and at most twenty years.");
    const auto target = clock_.now().plus(std::chrono::seconds(*seconds));
    runner_.run_due_until(target, [this](std::chrono::microseconds step) { clock_.advance(step); });
    json::Writer writer;
    writer.begin_object();
    writer.member("now", clock_.now().text());
    writer.end_object();
    return text_answer(200, writer.take());
}

void MetricsApplication::handle(http::Request request, http::Responder respond) {
    if (request.path != "/metrics") return respond(refuse(request, 404, "There is only /metrics."));
    respond({200, "text/plain; version=0.0.4", {}, metrics_.prometheus_text()});
}

http::Response MetricsApplication::refuse(const http::Request&, int status, std::string_view message) const {
    return {status, "text/plain", {}, std::string(message) + "\n"};
}

}  // namespace pamoja::app
