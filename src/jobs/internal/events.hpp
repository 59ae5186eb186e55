#pragma once
#include "jobs/handlers.hpp"

namespace pamoja::jobs {

// An event is one row until a runner turns it into a job for each subscriber, in one commit. So publishing
// needs no list of subscribers, and costs the same however many there are.
inline constexpr Kind fan_out_event{"jobs.fan_out_event"};

void fan_out(Tx&, const Job&, const Handlers&);

}  // namespace pamoja::jobs
