#include "jobs/internal/events.hpp"

#include "jobs/queue.hpp"

namespace pamoja::jobs {

void fan_out(Tx& tx, const Job& job, const Handlers& handlers) {
    for (const Kind& kind : handlers.subscribers_of(event_of(job).name)) {
        enqueue(tx, {.kind = kind, .payload = job.payload});
    }
}

}  // namespace pamoja::jobs
