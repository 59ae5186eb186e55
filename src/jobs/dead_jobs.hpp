#pragma once
#include "jobs/job.hpp"

namespace pamoja::jobs {

// A job that used up its attempts or gave up. It stays until an operator decides.
struct DeadJob {
    JobId id;
    std::string kind;
    json::Value payload;
    std::int64_t attempts = 0;
    std::string last_error;
    Timestamp created_at;
    Timestamp died_at;

    void describe(Fields&);
};

Page<DeadJob> dead_jobs(Tx&, const PageRequest&);  // newest first
// Makes it wait again with all its attempts. Throws not_found, and conflict when its key has a live job.
void revive(Tx&, const JobId&);
void discard(Tx&, const JobId&);  // throws not_found

// How much there is to do, for metrics and readiness.
struct Backlog {
    std::int64_t waiting = 0;  // due or not
    std::int64_t running = 0;
    std::int64_t dead = 0;
    std::optional<Timestamp> oldest_run_at;  // of those that wait
};
Backlog backlog(Tx&);  // of the Tx's tenant

}  // namespace pamoja::jobs
