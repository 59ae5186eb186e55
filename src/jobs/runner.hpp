#pragma once
#include "jobs/handlers.hpp"

namespace pamoja::jobs {

struct ZonedTenant {
    TenantId id;
    std::string time_zone;
    std::string group = {};  // which schedules are for it
};

struct RunnerOptions {
    int threads = 4;  // for each of the lanes outside and bulk
    // How many jobs of the lane inside share a transaction where one tenant has so many due; those that
    // cannot are run again, each in its own. 1: a commit for every job.
    int jobs_per_commit = 64;
    std::chrono::seconds lease{15};        // how long after its last sign of life a process counts as crashed
    std::chrono::milliseconds poll{1000};  // how often to look for what other processes left
    // The tenants that were made since then, or all; for the schedules that run for each of them.
    std::function<std::vector<ZonedTenant>(Tx&, std::optional<Timestamp> made_since)> tenants = {};
    // Told of each failed attempt, for the log; must not throw.
    std::function<void(const TenantId&, const Job&, const std::exception&)> on_failure = {};
};

// Runs the jobs of all tenants: those of this process as soon as they are committed, those that other
// processes wrote or left behind within seconds. Any number of processes may run one on the same database.
// What it is given must outlive it.
class Runner {
  public:
    Runner(Database&, const Clock&, Random&, const Handlers&, RunnerOptions = {});
    ~Runner();  // stops

    void start();
    // Returns when the jobs in progress are done; the others stay for the next start or another process.
    void stop();

    // Runs all that is due now and what that leads to, then returns. Also works without start().
    void drain();

    // Runs all that falls due until `target`, in the order of time: `advance` moves the clock on to each
    // job's time first, and to `target` in the end. Schedules of less than a day that catch up once do not
    // stop it at each of their times, but four times a day and wherever it stops for something else. Blocks:
    // call it, like drain, from no thread of the database.
    void run_due_until(Timestamp target, const std::function<void(std::chrono::microseconds)>& advance);

  private:
    class Core;
    std::unique_ptr<Core> core_;
};

}  // namespace pamoja::jobs
