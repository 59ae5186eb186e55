#pragma once
#include <vector>

#include "base/wall_clock.hpp"
#include "providers/availability.hpp"

namespace pamoja::providers {

// One local day of a provider: the plan of its weekday, or what was set for its date.
struct PlannedDay {
    LocalDay day;
    std::vector<WorkingTime> hours;
    bool is_override = false;
};

// How a provider's time is laid out over some days.
struct Plan {
    std::string time_zone;
    // False for a provider who never set any availability; every hour of every day is open then.
    bool is_set = false;
    std::vector<PlannedDay> days;
    std::vector<TimeOff> time_off;

    // The time in which the provider can be booked: working times less breaks and time off.
    std::vector<Interval> open() const;
};

// The days from `first` to `last`, both included; the caller bounds them.
Plan plan_of(Tx&, const Provider&, Date first, Date last);

// Whether the provider works all through that stretch of time.
bool is_open(Tx&, const Provider&, const Interval&);

}  // namespace pamoja::providers
