#pragma once
#include <variant>
#include <vector>

#include "jobs/job.hpp"

namespace pamoja::jobs {

// At every multiple of the interval since the epoch, so that all processes mean the same instants.
struct Every {
    std::chrono::seconds interval;
};

// Once a day at a wall-clock time in the tenant's time zone.
struct DailyAt {
    std::chrono::minutes time_of_day;  // since local midnight
};

// What happens to the times that passed while no process ran.
enum class CatchUp {
    once,         // the latest of them runs
    each_missed,  // each runs, in order: interest for each day
};

enum class Scope {
    each_tenant,  // of few tenants, or rare: where many have little to do, a Sweep costs less
    once,         // for the whole installation, with a Tx of every_tenant()
};

// A job that recurs. Its payload is {"scheduled_for": when it was due}.
struct Schedule {
    const char* name;
    Kind kind;
    std::variant<Every, DailyAt> when;
    CatchUp catch_up = CatchUp::once;
    Scope scope = Scope::each_tenant;
    std::vector<std::string> groups = {};  // whose tenants it runs for; all when there are none
};

// The first time of a schedule after an instant.
Timestamp next_time(const Schedule&, Timestamp after, std::string_view time_zone);

// The unique key of a schedule's runs: one of them is live at a time.
std::string schedule_key(std::string_view name);

// When the run that a scheduled job stands for was due.
Timestamp scheduled_time(const Job&);

}  // namespace pamoja::jobs
