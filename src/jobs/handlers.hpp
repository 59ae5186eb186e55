#pragma once
#include <functional>
#include <map>
#include <variant>

#include "db/database.hpp"
#include "jobs/schedule.hpp"

namespace pamoja::jobs {

// One attempt at a job outside of transactions. It happens at least once: after a crash, again.
class JobCall {
  public:
    JobCall(const Job& the_job, TenantId the_tenant, Database& the_database, const Clock& the_clock,
            Random& the_random)
        : job(the_job),
          tenant(std::move(the_tenant)),
          database(the_database),
          clock(the_clock),
          random(the_random) {}

    const Job& job;
    const TenantId tenant;
    Database& database;
    const Clock& clock;
    Random& random;

    // Runs in the transaction that records how this attempt ended, be it by returning, Retry or GiveUp.
    void record(Work work) { recorded_.push_back(std::move(work)); }
    const std::vector<Work>& recorded() const { return recorded_; }

  private:
    std::vector<Work> recorded_;
};

// The effect and the completion commit together; what it throws rolls both back.
using InsideHandler = std::function<void(Tx&, const Job&)>;
using OutsideHandler = std::function<void(JobCall&)>;

// Who does which job, and when. Filled by the composition root before a Runner starts.
class Handlers {
  public:
    // Throws std::logic_error for a name that has a handler, and for a handler that does not fit the lane.
    void add(const Kind&, InsideHandler);
    void add(const Kind&, OutsideHandler);

    // Each event of that name ("*": of any name) becomes a job of that kind.
    void subscribe(std::string_view event, const Kind&);

    void schedule(const Schedule&);

    const InsideHandler* inside(std::string_view kind) const;
    const OutsideHandler* outside(std::string_view kind) const;
    std::vector<Kind> subscribers_of(std::string_view event) const;
    const std::vector<Schedule>& schedules() const { return schedules_; }
    const Schedule* find_schedule(std::string_view name) const;

  private:
    void require_new(const Kind&) const;
    std::map<std::string, InsideHandler, std::less<>> inside_;
    std::map<std::string, OutsideHandler, std::less<>> outside_;
    std::multimap<std::string, Kind, std::less<>> subscribers_;
    std::vector<Schedule> schedules_;
};

}  // namespace pamoja::jobs
