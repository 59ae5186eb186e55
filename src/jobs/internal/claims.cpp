#include "jobs/internal/claims.hpp"

#include <bit>

namespace pamoja::jobs {
namespace {

// The statements with lists of ids come in few lengths, so that each stays prepared: the last id fills the
// rest.
constexpr std::size_t ids_max = 256;

std::string placeholders(std::size_t first, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "$" : ", $") + std::to_string(first + i);
    return text;
}

void fill_to_power_of_two(std::vector<Cell>& cells, std::size_t id_count) {
    for (std::size_t i = id_count; i < std::bit_ceil(id_count); ++i) cells.push_back(cells.back());
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

std::set<std::string> ids_in_hand(Tx& tx, const std::string& runner_id) {
    std::set<std::string> ids;
    const auto held = tx.rows("SELECT id FROM jobs WHERE state = 'running' AND runner_id = $1", runner_id);
    for (const Row& row : held.rows) ids.insert(std::get<std::string>(row.cells.at(0)));
    return ids;
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

void complete_all(Tx& tx, std::span<const SharedClaim> claims) {
    const Claim& first = *claims.front();
    std::vector<Cell> cells{first.runner_id, first.job.attempt};
    for (const SharedClaim& claim : claims) cells.emplace_back(claim->job.id.text());
    fill_to_power_of_two(cells, claims.size());
    // Only a running job has a runner; naming the state too would lead the planners past the key.
    const auto done = tx.run_with(
        "DELETE FROM jobs WHERE tenant_id = :tenant AND runner_id = $1 AND attempts = $2 "
        "AND again_at IS NULL AND id IN (" +
            placeholders(3, cells.size() - 2) + ")",
        cells);
    require_held(done == static_cast<std::int64_t>(claims.size()));
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

struct Claims::DueRow {
    TenantId tenant_id;
    JobId id;
    std::string kind;
    Lane lane = Lane::inside;
    json::Value payload;
    Timestamp run_at;
    std::int64_t attempts = 0;
    std::int64_t attempts_max = 0;
    Timestamp created_at;

    void describe(Fields& f) {
        f("tenant_id", tenant_id);
        f("id", id);
        f("kind", kind);
        f("lane", lane);
        f("payload", payload);
        f("run_at", run_at);
        f("attempts", attempts);
        f("attempts_max", attempts_max);
        f("created_at", created_at);
    }

    bool goes_with(const DueRow& other) const {
        return tenant_id == other.tenant_id && attempts == other.attempts;
    }
};

// Reading first keeps the write down to rows by their key, which conflicts with no enqueue.
std::vector<Claims::DueRow> Claims::due_rows(const Rooms& rooms, Timestamp now) {
    const auto due_after = [&](std::int64_t lines_skipped) {
        return database_.read(every_tenant(), [&](Tx& tx) {
            std::vector<DueRow> due;
            for (std::size_t i = 0; i < rooms.size(); ++i) {
                if (rooms[i] == 0) continue;
                auto of_lane = tx.all<DueRow>(
                    "FROM jobs WHERE state = 'waiting' AND lane = $1 AND run_at <= $2 ORDER BY run_at, id "
                    "LIMIT CAST($3 AS BIGINT) OFFSET CAST($4 AS BIGINT)",
                    static_cast<Lane>(i), now, rooms[i], lines_skipped * rooms[i]);
                std::ranges::move(of_lane, std::back_inserter(due));
            }
            return due;
        });
    };
    // When several processes reach for the same rows, each looks a little further down the line.
    const auto skipped = is_contended_ ? static_cast<std::int64_t>(random_.below(4)) : 0;
    auto due = due_after(skipped);
    return due.empty() && skipped > 0 ? due_after(0) : due;
}

// Of rows of several tenants and attempts, those that no other process took first.
std::vector<Claims::DueRow> Claims::take_rows(std::vector<DueRow> due, Timestamp now) {
    std::ranges::stable_sort(due, {},
                             [](const DueRow& row) { return std::tie(row.tenant_id, row.attempts); });
    // Naming the state of what is to change would lead the planners from the key to the index of all that is
    // due.
    const auto taken_ids = database_.write(every_tenant(), [&](Tx& tx) {
        // Should the database's machine crash, a claim that is lost leaves its job waiting, which is right.
        if (database_.engine() == Engine::postgres)
            tx.rows("SELECT set_config('synchronous_commit', 'off', true)");
        std::int64_t taken = 0;
        for (auto first = due.begin(), last = first; first != due.end(); first = last) {
            const auto room = std::min<std::ptrdiff_t>(ids_max, due.end() - first);
            last =
                std::find_if(first, first + room, [&](const DueRow& row) { return !row.goes_with(*first); });
            std::vector<Cell> cells{runner_id_, first->tenant_id.text(), first->attempts, cell_of(now)};
            for (auto row = first; row != last; ++row) cells.emplace_back(row->id.text());
            fill_to_power_of_two(cells, static_cast<std::size_t>(last - first));
            taken += tx.run_with(
                "UPDATE jobs SET state = 'running', runner_id = $1, attempts = attempts + 1 WHERE "
                "tenant_id = $2 AND attempts = $3 AND run_at <= $4 AND runner_id IS NULL AND died_at IS NULL "
                "AND id IN (" +
                    placeholders(5, cells.size() - 4) + ")",
                cells);
        }
        if (taken == static_cast<std::int64_t>(due.size())) return std::optional<std::set<std::string>>();
        return std::optional(ids_in_hand(tx, runner_id_));
    });
    is_contended_ = taken_ids.has_value();
    if (taken_ids) std::erase_if(due, [&](const DueRow& row) { return !taken_ids->contains(row.id.text()); });
    return due;
}

std::vector<Claim> Claims::take(const Rooms& rooms, Timestamp now) {
    auto due = due_rows(rooms, now);
    if (due.empty()) return {};
    std::vector<Claim> claims;
    for (DueRow& row : take_rows(std::move(due), now)) {
        Job job{std::move(row.id), std::move(row.kind), std::move(row.payload), row.run_at,
                row.attempts + 1,  row.attempts_max,    row.created_at};
        claims.push_back({std::move(row.tenant_id), std::move(job), runner_id_, row.lane});
    }
    std::ranges::sort(claims, {},
                      [](const Claim& claim) { return std::tie(claim.job.run_at, claim.job.id); });
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
    // One step into the index of what is due for each lane.
    static const std::string earliest_of_all = [] {
        std::string lanes;
        for (const char* lane : names(Lane{})) {
            lanes += lanes.empty() ? "" : " UNION ALL ";
            lanes += "SELECT run_at FROM (SELECT run_at FROM jobs WHERE state = 'waiting' AND lane = '" +
                     std::string(lane) + "' AND run_at > $1 ORDER BY run_at, id LIMIT 1) AS " + lane +
                     "_jobs";
        }
        return "SELECT MIN(run_at) FROM (" + lanes + ") AS all_jobs";
    }();
    return database_.read(every_tenant(),
                          [&](Tx& tx) { return tx.value<Timestamp>(earliest_of_all, after); });
}

}  // namespace pamoja::jobs
