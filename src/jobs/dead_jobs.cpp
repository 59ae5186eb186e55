#include "jobs/dead_jobs.hpp"

#include "jobs/internal/bell.hpp"

namespace pamoja::jobs {

void DeadJob::describe(Fields& f) {
    f("id", id);
    f("kind", kind);
    f("payload", payload);
    f("attempts", attempts);
    f("last_error", last_error);
    f("created_at", created_at);
    f("died_at", died_at);
}

Page<DeadJob> dead_jobs(Tx& tx, const PageRequest& page) {
    return tx.page<DeadJob>(page, "FROM jobs WHERE tenant_id = :tenant AND state = 'dead'",
                            "died_at DESC, id DESC");
}

void revive(Tx& tx, const JobId& id) {
    try {
        const auto revived = tx.run(
            "UPDATE jobs SET state = 'waiting', live_key = unique_key, run_at = $2, attempts = 0, died_at = "
            "NULL WHERE tenant_id = :tenant AND id = $1 AND state = 'dead'",
            id, tx.now());
        require(revived == 1, not_found, "There is no such dead job.");
    } catch (const ConstraintViolation&) {
        throw Failure(conflict, "The same work is waiting already.");
    }
    tx.after_commit([] { Bell::ring_all(); });
}

void discard(Tx& tx, const JobId& id) {
    const auto discarded =
        tx.run("DELETE FROM jobs WHERE tenant_id = :tenant AND id = $1 AND state = 'dead'", id);
    require(discarded == 1, not_found, "There is no such dead job.");
}

Backlog backlog(Tx& tx) {
    const auto count = [&](std::string_view state) {
        return *tx.value<std::int64_t>("SELECT COUNT(*) FROM jobs WHERE tenant_id = :tenant AND state = $1",
                                       state);
    };
    return {
        count("waiting"), count("running"), count("dead"),
        tx.value<Timestamp>("SELECT MIN(run_at) FROM jobs WHERE tenant_id = :tenant AND state = 'waiting'")};
}

}  // namespace pamoja::jobs
