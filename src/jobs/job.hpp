#pragma once
#include <array>
#include <chrono>
#include <optional>
#include <stdexcept>

#include "db/tx.hpp"
#include "describe/fields.hpp"
#include "json/value.hpp"

namespace pamoja::jobs {

using JobId = Id<struct JobTag>;

// Where the jobs of a kind run.
enum class Lane {
    inside,   // in a transaction that also commits the completion: exactly once
    outside,  // on a thread, for what waits for other parties: at least once
    bulk,     // like outside, for what comes in masses and may wait a little: mail, webhooks, reports
    upkeep,   // like outside, for what keeps the installation in order and waits for no other party
};
constexpr std::array<const char*, 4> names(Lane) {
    return {"inside", "outside", "bulk", "upkeep"};
}

// A kind of job, named once beside its handler:
//     inline constexpr jobs::Kind expire_hold{"ledger.expire_hold"};
struct Kind {
    const char* name;
    Lane lane = Lane::inside;
    int attempts_max = 20;
};

// What a handler is given. The tenant is that of its Tx or JobCall.
struct Job {
    JobId id;
    std::string kind;
    json::Value payload;
    Timestamp run_at;  // when it was due
    std::int64_t attempt = 1;
    std::int64_t attempts_max = 1;
    Timestamp created_at;

    bool is_last_attempt() const { return attempt >= attempts_max; }
};

// Thrown by a handler that wants to be called again: after a time of its own choosing, or else with the
// usual back-off. The text is kept for operators, so it holds no secret.
struct Retry : std::runtime_error {
    explicit Retry(const std::string& text, std::optional<std::chrono::microseconds> delay = {})
        : std::runtime_error(text), after(delay) {}
    std::optional<std::chrono::microseconds> after;
};

// Thrown by a handler for which more attempts are pointless: the job is dead at once.
struct GiveUp : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// How a described struct travels as a payload, and back.
template <Described T>
json::Value payload_of(const T& record) {
    return json::parse(write_json(record, WireStyle::storage()));
}
template <Described T>
T payload_as(const Job& job) {
    return read_json<T>(job.payload, WireStyle::storage());
}

}  // namespace pamoja::jobs
