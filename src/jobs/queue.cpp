#include "jobs/queue.hpp"

#include "jobs/internal/bell.hpp"
#include "jobs/internal/events.hpp"

namespace pamoja::jobs {
namespace {

struct JobRow {
    JobId id;
    std::string kind;
    Lane lane = Lane::inside;
    json::Value payload;
    std::string state = "waiting";
    Timestamp run_at;
    std::int64_t attempts = 0;
    std::int64_t attempts_max = 0;
    std::optional<std::string> unique_key;
    std::optional<std::string> live_key;
    std::string last_error;
    Timestamp created_at;

    void describe(Fields& f) {
        f("id", id);
        f("kind", kind);
        f("lane", lane);
        f("payload", payload);
        f("state", state);
        f("run_at", run_at);
        f("attempts", attempts);
        f("attempts_max", attempts_max);
        f("unique_key", unique_key);
        f("live_key", live_key);
        f("last_error", last_error);
        f("created_at", created_at);
    }
};

// Runners look at the clock by themselves for what is due later.
void wake_runners(Tx& tx, Timestamp run_at) {
    if (run_at <= tx.now().plus(std::chrono::seconds(1))) tx.after_commit([] { Bell::ring_all(); });
}

JobId join_live(Tx& tx, const NewJob& job, Timestamp run_at) {
    const auto id =
        tx.value<JobId>("SELECT id FROM jobs WHERE tenant_id = :tenant AND live_key = $1", job.unique_key);
    if (!id) throw std::logic_error("a job's key is taken, but by no live job: " + job.unique_key);
    tx.run(
        "UPDATE jobs SET again_at = $2 WHERE tenant_id = :tenant AND id = $1 AND state = 'running' AND "
        "(again_at IS NULL OR again_at > $2)",
        *id, run_at);
    if (job.if_live == IfLive::move) {
        tx.run("UPDATE jobs SET run_at = $2 WHERE tenant_id = :tenant AND id = $1 AND state = 'waiting'", *id,
               run_at);
    } else if (job.if_live == IfLive::sooner) {
        tx.run(
            "UPDATE jobs SET run_at = $2 WHERE tenant_id = :tenant AND id = $1 AND state = 'waiting' AND "
            "run_at > $2",
            *id, run_at);
    }
    return *id;
}

}  // namespace

JobId enqueue(Tx& tx, const NewJob& job) {
    const Timestamp run_at = job.run_at.value_or(tx.now());
    JobRow row;
    row.id = tx.new_id<JobId>();
    row.kind = job.kind.name;
    row.lane = job.kind.lane;
    row.payload = job.payload;
    row.run_at = run_at;
    row.attempts_max = job.attempts_max > 0 ? job.attempts_max : job.kind.attempts_max;
    row.created_at = tx.now();
    wake_runners(tx, run_at);
    if (job.unique_key.empty()) {
        tx.insert("jobs", row);
        return row.id;
    }
    row.unique_key = job.unique_key;
    row.live_key = job.unique_key;
    return tx.insert_if_absent("jobs", row) ? row.id : join_live(tx, job, run_at);
}

bool is_live(Tx& tx, std::string_view unique_key) {
    return tx
        .value<std::int64_t>("SELECT 1 FROM jobs WHERE tenant_id = :tenant AND live_key = $1", unique_key)
        .has_value();
}

bool cancel(Tx& tx, std::string_view unique_key) {
    return tx.run("DELETE FROM jobs WHERE tenant_id = :tenant AND live_key = $1 AND state = 'waiting'",
                  unique_key) > 0;
}

void publish(Tx& tx, std::string_view event, json::Value data) {
    const Event published{tx.new_id<JobId>().text(), std::string(event), tx.now(), std::move(data)};
    enqueue(tx, {.kind = fan_out_event, .payload = payload_of(published)});
}

Event event_of(const Job& job) {
    return payload_as<Event>(job);
}

void Event::describe(Fields& f) {
    f("id", id);
    f("name", name);
    f("at", at);
    f("data", data);
}

}  // namespace pamoja::jobs
