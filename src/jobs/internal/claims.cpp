#include "jobs/internal/claims.hpp"

namespace pamoja::jobs {
namespace {

struct DueRow {
    TenantId tenant_id;
    JobId id;
    std::string kind;
    json::Value payload;
    Timestamp run_at;
    std::int64_t attempts = 0;
    std::int64_t attempts_max = 0;
    Timestamp created_at;

    void describe(Fields& f) {
        f("tenant_id", tenant_id);
        f("id", id);
        f("kind", kind);
        f("payload", payload);
        f("run_at", run_at);
        f("attempts", attempts);
        f("attempts_max", attempts_max);
        f("created_at", created_at);
    }
};

Claim claim_of(DueRow row, const std::string& runner_id) {
    return {std::move(row.tenant_id),
            {std::move(row.id), std::move(row.kind), std::move(row.payload), row.run_at, row.attempts + 1,
             row.attempts_max, row.created_at},
            runner_id};
}

// Somebody asked for the same key while the job ran: it waits again, as if it were new.
bool rearm(Tx& tx, const Claim& claim, const std::string& error) {
    return tx.run(
               "UPDATE jobs SET state = 'waiting', run_at = again_at, again_at = NULL, attempts = 0, "
               "runner_id = NULL, last_error = $4 WHERE tenant_id = :tenant AND id = $1 AND state = "
               "'running' "
               "AND runner_id = $2 AND attempts = $3 AND again_at IS NOT NULL",
               claim.job.id, claim.runner_id, claim.job.attempt, error) == 1;
}

void require_held(bool holds) {
    if (!holds) throw LostClaim();
}

}  // namespace

void complete(Tx& tx, const Claim& claim) {
    const bool is_done =
        tx.run(
            "DELETE FROM jobs WHERE tenant_id = :tenant AND id = $1 AND state = 'running' AND runner_id = $2 "
            "AND attempts = $3 AND again_at IS NULL",
            claim.job.id, claim.runner_id, claim.job.attempt) == 1;
    require_held(is_done || rearm(tx, claim, ""));
}

void retry_at(Tx& tx, const Claim& claim, Timestamp run_at, const std::string& error) {
    // The retry comes after whoever asked again, so it serves them too.
    require_held(tx.run("UPDATE jobs SET state = 'waiting', run_at = $4, again_at = NULL, runner_id = NULL, "
                        "last_error = $5 WHERE tenant_id = :tenant AND id = $1 AND state = 'running' AND "
                        "runner_id = $2 AND attempts = $3",
                        claim.job.id, claim.runner_id, claim.job.attempt, run_at, error) == 1);
}

void bury(Tx& tx, const Claim& claim, const std::string& error) {
    const bool is_dead = tx.run(
                             "UPDATE jobs SET state = 'dead', live_key = NULL, runner_id = NULL, died_at = "
                             "$4, last_error = $5 "
                             "WHERE tenant_id = :tenant AND id = $1 AND state = 'running' AND runner_id = $2 "
                             "AND attempts = $3 "
                             "AND again_at IS NULL",
                             claim.job.id, claim.runner_id, claim.job.attempt, tx.now(), error) == 1;
    require_held(is_dead || rearm(tx, claim, error));
}

void give_back(Tx& tx, const Claim& claim, Timestamp run_at, const std::string& error) {
    require_held(tx.run("UPDATE jobs SET state = 'waiting', run_at = $4, again_at = NULL, runner_id = NULL, "
                        "attempts = attempts - 1, last_error = $5 WHERE tenant_id = :tenant AND id = $1 AND "
                        "state = 'running' AND runner_id = $2 AND attempts = $3",
                        claim.job.id, claim.runner_id, claim.job.attempt, run_at, error) == 1);
}

Claims::Claims(Database& database, Random& random, std::string runner_id, std::chrono::seconds lease)
    : database_(database), random_(random), runner_id_(std::move(runner_id)), lease_(lease) {}

std::vector<Claim> Claims::take(Lane lane, Timestamp now, std::int64_t count_max) {
    // Reading first keeps the write down to single rows by their key, which conflicts with no enqueue.
    const auto due_after = [&](std::int64_t skipped) {
        return database_.read(every_tenant(), [&](Tx& tx) {
            return tx.all<DueRow>(
                "FROM jobs WHERE state = 'waiting' AND lane = $1 AND run_at <= $2 ORDER BY run_at, id "
                "LIMIT CAST($3 AS BIGINT) OFFSET CAST($4 AS BIGINT)",
                lane, now, count_max, skipped);
        });
    };
    // When several processes reach for the same rows, each looks a little further down the line.
    const auto skipped = is_contended_ ? count_max * static_cast<std::int64_t>(random_.below(4)) : 0;
    auto due = due_after(skipped);
    if (due.empty() && skipped > 0) due = due_after(0);
    if (due.empty()) return {};

    const auto taken = database_.write(every_tenant(), [&](Tx& tx) {
        std::vector<bool> is_taken;
        for (const DueRow& row : due) {
            is_taken.push_back(
                tx.run("UPDATE jobs SET state = 'running', runner_id = $1, attempts = attempts + 1 "
                       "WHERE tenant_id = $2 AND id = $3 AND state = 'waiting' AND "
                       "attempts = $4 AND run_at = $5",
                       runner_id_, row.tenant_id, row.id, row.attempts, row.run_at) == 1);
        }
        return is_taken;
    });
    std::vector<Claim> claims;
    for (std::size_t i = 0; i < due.size(); ++i) {
        if (taken[i]) claims.push_back(claim_of(std::move(due[i]), runner_id_));
    }
    is_contended_ = claims.size() < due.size();
    return claims;
}

void Claims::renew(Timestamp now) {
    if (renewed_at_ && now >= *renewed_at_ && now.since(*renewed_at_) < lease_ / 3) return;
    database_.write(every_tenant(), [&](Tx& tx) {
        tx.run(
            "INSERT INTO job_runners (id, lease_until) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET "
            "lease_until = excluded.lease_until",
            runner_id_, now.plus(lease_));
    });
    renewed_at_ = now;
}

void Claims::leave() {
    if (!renewed_at_) return;
    database_.write(every_tenant(),
                    [&](Tx& tx) { tx.run("DELETE FROM job_runners WHERE id = $1", runner_id_); });
    renewed_at_.reset();
}

std::int64_t Claims::take_over(Timestamp now) {
    constexpr std::string_view abandoned =
        "state = 'running' AND runner_id <> $1 AND NOT EXISTS (SELECT 1 FROM job_runners WHERE "
        "job_runners.id = jobs.runner_id AND lease_until >= $2)";
    const auto found = database_.read(every_tenant(), [&](Tx& tx) {
        return *tx.value<std::int64_t>("SELECT COUNT(*) FROM jobs WHERE " + std::string(abandoned),
                                       runner_id_, now);
    });
    if (found == 0) return 0;
    return database_.write(every_tenant(), [&](Tx& tx) {
        // A job that takes its process down with it must not do so for ever.
        const auto buried = tx.run(
            "UPDATE jobs SET state = 'dead', live_key = NULL, again_at = NULL, runner_id = NULL, died_at = "
            "$2, "
            "last_error = 'Its process ended.' WHERE " +
                std::string(abandoned) + " AND attempts >= attempts_max",
            runner_id_, now);
        const auto freed = tx.run(
            "UPDATE jobs SET state = 'waiting', again_at = NULL, runner_id = NULL, last_error = 'Its process "
            "ended.' WHERE " +
                std::string(abandoned),
            runner_id_, now);
        tx.run("DELETE FROM job_runners WHERE lease_until < $1", now.minus(std::chrono::hours(1)));
        return buried + freed;
    });
}

void Claims::give_back_except(const std::set<std::string>& in_hand) {
    const auto held = database_.read(every_tenant(), [&](Tx& tx) {
        return tx.all<DueRow>("FROM jobs WHERE state = 'running' AND runner_id = $1", runner_id_);
    });
    for (const DueRow& row : held) {
        if (in_hand.contains(row.id.text())) continue;
        database_.write(every_tenant(), [&](Tx& tx) {
            tx.run(
                "UPDATE jobs SET state = 'waiting', again_at = NULL, runner_id = NULL, last_error = 'Its "
                "outcome could not be stored.' WHERE tenant_id = $1 AND id = $2 AND state = 'running' AND "
                "runner_id = $3 AND attempts = $4",
                row.tenant_id, row.id, runner_id_, row.attempts);
        });
    }
}

std::optional<Timestamp> Claims::next_run_at(Timestamp after) {
    return database_.read(every_tenant(), [&](Tx& tx) {
        std::optional<Timestamp> earliest;
        for (const Lane lane : {Lane::inside, Lane::outside, Lane::bulk}) {
            const auto found = tx.value<Timestamp>(
                "SELECT run_at FROM jobs WHERE state = 'waiting' AND lane = $1 AND run_at > $2 ORDER BY "
                "run_at, "
                "id LIMIT 1",
                lane, after);
            if (found && (!earliest || *found < *earliest)) earliest = found;
        }
        return earliest;
    });
}

}  // namespace pamoja::jobs
