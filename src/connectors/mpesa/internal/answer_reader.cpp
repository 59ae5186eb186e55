#include "connectors/mpesa/internal/answer_reader.hpp"

#include <algorithm>

#include "base/failure.hpp"

namespace pamoja::mpesa {
namespace {

bool says(std::string_view message, std::string_view words) {
    return message.find(words) != std::string_view::npos;
}

// These numbers stand for several errors, which only their texts tell apart.
bool is_shared_code(std::string_view code) {
    return code == "500.001.1001" || code == "500.001.001";
}

struct Refusal {
    AnswerKind kind;
    bool is_retryable;
};

Refusal refusal_of(int status, std::string_view code, std::string_view message) {
    if (is_shared_code(code)) {
        if (says(message, "being processed")) return {AnswerKind::pending, true};
        return {AnswerKind::refused, says(message, "Unable to lock")};
    }
    const bool is_busy = code == "500.003.02" || code == "500.003.03" || status == 429;
    if (is_busy) return {AnswerKind::refused, true};
    // Any other fault on their side may have come after the effect.
    if (status >= 500) return {AnswerKind::unknown, false};
    return {AnswerKind::refused, false};
}

void read_unsent(const Posted& posted, Reading& reading) {
    if (posted.problem) {
        reading.kind = posted.problem->is_refused ? AnswerKind::refused : AnswerKind::unreachable;
        reading.code = posted.problem->code;
        reading.message = posted.problem->message;
        return;
    }
    const web::Outcome& outcome = posted.response.outcome;
    reading.kind = outcome.never_sent ? AnswerKind::unreachable : AnswerKind::unknown;
    reading.message = outcome.detail;
}

void read_body(int status, Reading& reading) {
    const std::string error_code = reading.text("errorCode");
    if (!error_code.empty()) {
        reading.code = error_code;
        reading.message = reading.text("errorMessage");
        const Refusal refusal = refusal_of(status, error_code, reading.message);
        reading.kind = refusal.kind;
        reading.is_retryable = refusal.is_retryable;
        return;
    }
    const std::string response_code = reading.text("ResponseCode");
    if (response_code.empty() || status < 200 || status >= 300) return;
    reading.code = response_code;
    reading.message = reading.text("ResponseDescription");
    const bool is_zero =
        std::all_of(response_code.begin(), response_code.end(), [](char c) { return c == '0'; });
    reading.kind = is_zero ? AnswerKind::accepted : AnswerKind::refused;
}

}  // namespace

std::string Reading::text(std::string_view name) const {
    const json::Value* value = body.find(name);
    return value == nullptr ? std::string() : value->text_or_empty();
}

Reading read_answer(const Posted& posted) {
    Reading reading;
    if (posted.problem || !posted.response.answered()) {
        read_unsent(posted, reading);
        return reading;
    }
    reading.raw = posted.response.body;
    reading.code = "HTTP " + std::to_string(posted.response.status);
    reading.message = "The answer could not be read.";
    try {
        reading.body = json::parse(posted.response.body, {.depth_max = 16, .values_max = 1'000});
    } catch (const Failure&) {
        return reading;
    }
    read_body(posted.response.status, reading);
    return reading;
}

}  // namespace pamoja::mpesa
