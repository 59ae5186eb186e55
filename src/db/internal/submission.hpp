#pragma once
#include "db/database.hpp"
#include "db/internal/queue.hpp"

namespace pamoja {

// Work on its way through an engine: what it wants, and what came of it.
struct Submission {
    TenantId tenant;
    Work work;
    Done done;
    std::exception_ptr error;
    std::vector<std::function<void()>> after_commit;  // of the attempt that committed

    // Reports the outcome and lets go of what the closures hold.
    void complete();
};

using Submissions = Queue<std::shared_ptr<Submission>>;

// Queues the work. When too much waits already, `done` hears Failure(unavailable) at once.
void submit(Submissions&, TenantId, Work, Done);

// Failure(unavailable) for when the engine cannot store anything.
std::exception_ptr outage();

}  // namespace pamoja
