#include "identity/attempts.hpp"

namespace pamoja::identity {
namespace {

struct Counter {
    std::int64_t wrong_count = 0;
    Timestamp window_started_at;

    void describe(Fields& f) {
        f("wrong_count", wrong_count);
        f("window_started_at", window_started_at);
    }
};

// The count of the window that runs now; empty when none does.
std::optional<Counter> running_counter(Tx& tx, const AttemptRule& rule, std::string_view subject) {
    auto counter =
        tx.maybe<Counter>("FROM attempt_counters WHERE tenant_id = :tenant AND purpose = $1 AND subject = $2",
                          rule.purpose, subject);
    const bool is_over = counter && tx.now() >= counter->window_started_at.plus(rule.window);
    return is_over ? std::nullopt : counter;
}

void require_below(const std::optional<Counter>& counter, const AttemptRule& rule, Timestamp now) {
    if (!counter || counter->wrong_count < rule.wrong_max) return;
    Failure failure(rate_limited, rule.message);
    const auto left = counter->window_started_at.plus(rule.window).since(now);
    failure.retry_after = std::chrono::ceil<std::chrono::seconds>(left);
    throw failure;
}

void count(Tx& tx, const AttemptRule& rule, std::string_view subject, const std::optional<Counter>& running) {
    const Counter next =
        running ? Counter{running->wrong_count + 1, running->window_started_at} : Counter{1, tx.now()};
    tx.run(
        "INSERT INTO attempt_counters (tenant_id, purpose, subject, wrong_count, window_started_at) "
        "VALUES (:tenant, $1, $2, $3, $4) ON CONFLICT (tenant_id, purpose, subject) DO UPDATE "
        "SET wrong_count = excluded.wrong_count, window_started_at = excluded.window_started_at",
        rule.purpose, subject, next.wrong_count, next.window_started_at);
}

}  // namespace

void require_attempts_left(Tx& tx, const AttemptRule& rule, std::string_view subject) {
    require_below(running_counter(tx, rule, subject), rule, tx.now());
}

void count_wrong_attempt(Tx& tx, const AttemptRule& rule, std::string_view subject) {
    const auto counter = running_counter(tx, rule, subject);
    require_below(counter, rule, tx.now());
    count(tx, rule, subject, counter);
}

bool take_attempt(Tx& tx, const AttemptRule& rule, std::string_view subject) {
    const auto counter = running_counter(tx, rule, subject);
    if (counter && counter->wrong_count >= rule.wrong_max) return false;
    count(tx, rule, subject, counter);
    return true;
}

void clear_attempts(Tx& tx, const AttemptRule& rule, std::string_view subject) {
    tx.run("DELETE FROM attempt_counters WHERE tenant_id = :tenant AND purpose = $1 AND subject = $2",
           rule.purpose, subject);
}

std::int64_t forget_attempts(Tx& tx, Timestamp before, std::int64_t rows_max) {
    return tx.run(
        "DELETE FROM attempt_counters WHERE tenant_id = :tenant AND (purpose, subject) IN "
        "(SELECT purpose, subject FROM attempt_counters WHERE tenant_id = :tenant AND window_started_at < $1 "
        "ORDER BY window_started_at, purpose, subject LIMIT $2)",
        before, rows_max);
}

std::vector<TenantId> tenants_with_old_attempts(Tx& tx, const TenantSlice& slice, Timestamp before) {
    return tenants_with(tx, slice, "attempt_counters", "window_started_at < $1", before);
}

}  // namespace pamoja::identity
