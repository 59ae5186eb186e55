#pragma once
#include <future>

#include "db/database.hpp"
#include "jobs/runner.hpp"

namespace pamoja::jobs {

// Turns schedules into jobs at their times. Used by one thread at a time; any number of processes may have
// one.
class Timetable {
  public:
    using ListTenants = std::function<std::vector<ZonedTenant>(Tx&, std::optional<Timestamp> made_since)>;

    Timetable(Database&, const Handlers&, ListTenants);

    // Enqueues what is due. Returns how many jobs that were.
    std::int64_t enqueue_due(Timestamp now);
    // When a simulation has to stop next after an instant; schedules of less than a day that catch up once
    // count as four times a day.
    std::optional<Timestamp> next_stop(Timestamp after);

  private:
    struct Due;
    void refresh(Timestamp now);
    void refresh_installation(Timestamp now);
    void refresh_tenants(Timestamp now);
    void add(const std::vector<ZonedTenant>&, Timestamp now);
    // Empty for a schedule that is not known here; else whether a run was enqueued.
    std::optional<std::future<bool>> submit_run(const Due&, Timestamp now);

    Database& database_;
    const Handlers& handlers_;
    ListTenants list_tenants_;
    std::map<std::string, std::string> zones_;  // of the tenants whose schedules have rows
    std::string due_text_;                      // only what is known here, so that nothing else is in its way
    std::optional<Timestamp> listed_at_;        // when new tenants were asked for
    std::optional<Timestamp> listed_all_at_;    // when all of them were
};

}  // namespace pamoja::jobs
