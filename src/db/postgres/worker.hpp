#pragma once
#include <chrono>
#include <random>

#include "db/internal/submission.hpp"
#include "db/postgres/connection.hpp"
#include "db/postgres/lane.hpp"

namespace pamoja::postgres {

// What all workers of one database share.
struct Workshop {
    std::string url;
    const Clock& clock;
    Random& random;
    Lanes lanes;
};

// One thread's connection. It is opened with the first work and replaced when it breaks; while the server
// cannot be reached, work fails at once and the server is asked again only after a growing pause.
class Worker {
  public:
    Worker(Workshop& workshop, PostgresConnection::Mode mode, unsigned seed)
        : workshop_(workshop), mode_(mode), jitter_(seed) {}

    // Runs each submission of the queue and completes it, until the queue is closed and empty.
    void run(Submissions&);

  private:
    enum class Outcome { settled, try_again };

    void settle(Submission&);
    Outcome attempt(Submission&, int attempt_number);
    void run_transaction(Submission&);
    Outcome clean_up(int attempt_number);
    PostgresConnection& connected();
    void back_off(int attempt_number);

    Workshop& workshop_;
    PostgresConnection::Mode mode_;
    std::minstd_rand jitter_;
    std::unique_ptr<PostgresConnection> connection_;
    std::chrono::steady_clock::time_point connect_not_before_;
    std::chrono::milliseconds connect_pause_{0};
};

}  // namespace pamoja::postgres
