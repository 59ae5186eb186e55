#include "faces/upflame/face.hpp"

#include "faces/shared/idempotency.hpp"
#include "http/status.hpp"
#include "json/writer.hpp"

namespace pamoja::faces::upflame {
namespace {

// Upflame, "Error Codes": there are six, and each has its status.
const char* code_of(FailureKind kind) {
    switch (kind) {
        case FailureKind::unauthenticated:
            return "UNAUTHORIZED";
        case FailureKind::forbidden:
            return "FORBIDDEN";
        case FailureKind::not_found:
            return "NOT_FOUND";
        case FailureKind::rate_limited:
            return "TOO_MANY_REQUESTS";
        case FailureKind::unavailable:
        case FailureKind::internal:
            return "INTERNAL_ERROR";
        default:
            return "VALIDATION_ERROR";
    }
}

void write_field_errors(json::Writer& writer, const std::vector<FieldError>& errors) {
    writer.name("fields");
    writer.begin_array();
    for (const FieldError& error : errors) {
        writer.begin_object();
        writer.member("field", error.field);
        writer.member("message", error.message);
        writer.member("code", error.code);
        writer.end_object();
    }
    writer.end_array();
}

void write_details(json::Writer& writer, const Failure& failure, const LimitState* limit) {
    writer.begin_object();
    writer.member("reason", failure.reason().code);
    if (!failure.errors().empty()) write_field_errors(writer, failure.errors());
    if (failure.retry_after) writer.member("retry_after", failure.retry_after->count());
    if (failure.reason().kind == FailureKind::rate_limited && limit != nullptr) {
        writer.member("scope", limit->policy);
        writer.member("limit", limit->limit);
    }
    if (!failure.details.empty()) {
        const auto facts = json::parse(failure.details);
        for (const auto& [name, value] : *facts.object()) writer.member(name, value);
    }
    writer.end_object();
}

}  // namespace

const WireStyle& Upflame::style() const {
    static const WireStyle style{MoneyForm::major_number, EnumCase::lower, Currency("INR")};
    return style;
}

std::string Upflame::success(std::string_view data, std::string_view, const EnvelopeContext& context) const {
    json::Writer writer;
    writer.begin_object();
    writer.member("status", "success");
    writer.name("data");
    writer.raw(data);
    if (!context.meta.empty()) {
        writer.name("meta");
        writer.raw(context.meta);
    }
    writer.end_object();
    return writer.take();
}

http::Response Upflame::failure(const Failure& failure, const EnvelopeContext& context,
                                const LimitState* limit) const {
    json::Writer writer;
    writer.begin_object();
    writer.member("status", "error");
    writer.name("error");
    writer.begin_object();
    writer.member("code", code_of(failure.reason().kind));
    writer.member("message", failure.message());
    writer.name("details");
    write_details(writer, failure, limit);
    writer.end_object();
    writer.name("meta");
    writer.begin_object();
    writer.member("request_id", context.trace_id);
    writer.member("timestamp", context.now.text());
    writer.end_object();
    writer.end_object();
    return {status_of(failure.reason()), "application/json", {}, writer.take()};
}

std::string Upflame::success_schema(std::string_view data_schema) const {
    return R"({"type":"object","required":["status","data"],"properties":{"status":{"const":"success"},)"
           R"("data":)" +
           std::string(data_schema) +
           R"(,"meta":{"type":"object","required":["page","limit","total","total_pages"],"properties":{)"
           R"("page":{"type":"integer"},"limit":{"type":"integer"},"total":{"type":"integer"},)"
           R"("total_pages":{"type":"integer"}}}}})";
}

std::string Upflame::failure_schema() const {
    return R"({"type":"object","required":["status","error"],"properties":{"status":{"const":"error"},)"
           R"("error":{"type":"object","required":["code","message","details"],"properties":{)"
           R"("code":{"enum":["VALIDATION_ERROR","UNAUTHORIZED","FORBIDDEN","NOT_FOUND",)"
           R"("TOO_MANY_REQUESTS","INTERNAL_ERROR"]},"message":{"type":"string"},"details":{"type":"object",)"
           R"("required":["reason"],"properties":{"reason":{"type":"string"},"fields":{"type":"array",)"
           R"("items":{"type":"object","required":["field","message","code"],"properties":{)"
           R"("field":{"type":"string"},"message":{"type":"string"},"code":{"type":"string"}}}}}}}},)"
           R"("meta":{"type":"object","required":["request_id","timestamp"]}}})";
}

// RULES, Upflame 5: there is no 409 for duplicates and wrong states; only the two refusals of
// Idempotency-Key keep the statuses that its draft gives them.
int Upflame::status_of(const Reason& reason) const {
    if (reason == idempotency_key_reused) return 422;
    if (reason == request_in_flight) return 409;
    if (reason.kind == FailureKind::invalid || reason.kind == FailureKind::conflict) return 400;
    return http::usual_status(reason.kind);
}

// Upflame, "Security Headers".
std::vector<http::Header> Upflame::headers() const {
    return {{"Strict-Transport-Security", "max-age=31536000; includeSubDomains"},
            {"X-Content-Type-Options", "nosniff"},
            {"X-Frame-Options", "DENY"},
            {"Content-Security-Policy", "default-src 'self'"},
            {"X-XSS-Protection", "1; mode=block"}};
}

}  // namespace pamoja::faces::upflame
