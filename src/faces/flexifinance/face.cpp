#include "faces/flexifinance/face.hpp"

#include "http/status.hpp"
#include "json/writer.hpp"

namespace pamoja::faces::flexifinance {
namespace {

void write_meta(json::Writer& writer, const EnvelopeContext& context) {
    writer.member("timestamp", context.now.text());
    writer.member("request_id", context.trace_id);
}

void write_error(json::Writer& writer, std::string_view field, std::string_view message,
                 std::string_view code) {
    writer.begin_object();
    writer.member("field", field);
    writer.member("message", message);
    writer.member("code", code);
    writer.end_object();
}

// A refusal that names no field still tells its code, on a field that stands for the whole request.
void write_errors(json::Writer& writer, const Failure& failure) {
    writer.begin_array();
    for (const FieldError& error : failure.errors())
        write_error(writer, error.field, error.message, error.code);
    if (failure.reason().kind == FailureKind::rate_limited) {
        write_error(writer, "rate_limit", "Too many requests. Please try again later.",
                    "rate_limit_exceeded");
    } else if (failure.errors().empty()) {
        write_error(writer, "non_field_errors", failure.message(), failure.reason().code);
    }
    writer.end_array();
}

}  // namespace

const WireStyle& FlexiFinance::style() const {
    static const WireStyle style{MoneyForm::major_number, EnumCase::upper, Currency("KES")};
    return style;
}

std::string FlexiFinance::success(std::string_view data, std::string_view message,
                                  const EnvelopeContext& context) const {
    json::Writer writer;
    writer.begin_object();
    writer.member("success", true);
    writer.name("data");
    writer.raw(data);
    writer.member("message",
                  message.empty() ? std::string_view("Operation completed successfully") : message);
    writer.name("errors");
    writer.raw("[]");
    writer.name("meta");
    writer.begin_object();
    write_meta(writer, context);
    writer.member("version", version());
    writer.end_object();
    writer.end_object();
    return writer.take();
}

http::Response FlexiFinance::failure(const Failure& failure, const EnvelopeContext& context,
                                     const LimitState* limit) const {
    json::Writer writer;
    writer.begin_object();
    writer.member("success", false);
    writer.name("data");
    writer.null();
    writer.member("message", failure.message());
    writer.name("errors");
    write_errors(writer, failure);
    writer.name("meta");
    writer.begin_object();
    write_meta(writer, context);
    if (failure.retry_after) writer.member("retry_after", failure.retry_after->count());
    if (failure.reason().kind == FailureKind::rate_limited && limit != nullptr) {
        writer.member("limit", limit->limit);
        writer.member("remaining", limit->remaining);
    }
    writer.end_object();
    writer.end_object();
    return {status_of(failure.reason()), "application/json", {}, writer.take()};
}

std::string FlexiFinance::success_schema(std::string_view data_schema) const {
    return R"({"type":"object","required":["success","data","message","errors","meta"],"properties":{)"
           R"("success":{"const":true},"data":)" +
           std::string(data_schema) +
           R"(,"message":{"type":"string"},"errors":{"type":"array","maxItems":0},"meta":{"type":"object",)"
           R"("required":["timestamp","request_id","version"],"properties":{"timestamp":{"type":"string",)"
           R"("format":"date-time"},"request_id":{"type":"string"},"version":{"type":"string"}}}}})";
}

std::string FlexiFinance::failure_schema() const {
    return R"({"type":"object","required":["success","data","message","errors","meta"],"properties":{)"
           R"("success":{"const":false},"data":{"type":"null"},"message":{"type":"string"},)"
           R"("errors":{"type":"array","minItems":1,"items":{"type":"object",)"
           R"("required":["field","message","code"],"properties":{)"
           R"("field":{"type":"string"},"message":{"type":"string"},"code":{"type":"string"}}}},)"
           R"("meta":{"type":"object","required":["timestamp","request_id"],"properties":{)"
           R"("timestamp":{"type":"string","format":"date-time"},"request_id":{"type":"string"},)"
           R"("retry_after":{"type":"integer"},"limit":{"type":"integer"},)"
           R"("remaining":{"type":"integer"}}}}})";
}

int FlexiFinance::status_of(const Reason& reason) const {
    return http::usual_status(reason.kind);
}

}  // namespace pamoja::faces::flexifinance
