#pragma once
#include <chrono>
#include <mutex>
#include <random>

#include "db/internal/submission.hpp"
#include "db/postgres/connection.hpp"
#include "db/postgres/lane.hpp"

namespace pamoja::postgres {

// While the server cannot be reached, workers ask it again only after a growing pause, and may all do so as
// soon as one of them got through.
class ConnectPause {
  public:
    bool is_over() const;
    void lengthen();
    void end();

  private:
    mutable std::mutex mutex_;
    std::chrono::steady_clock::time_point until_;
    std::chrono::milliseconds length_{0};
};

// What all workers of one database share.
struct Workshop {
    std::string url;
    const Clock& clock;
    Random& random;
    Lanes lanes;
    ConnectPause connect_pause;
};

// One thread's connection. It is opened with the first work and replaced when it breaks; work fails at once
// while the server cannot be reached.
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
    std::unique_ptr<PostgresConnection> open_connection() const;
    void back_off(int attempt_number);

    Workshop& workshop_;
    PostgresConnection::Mode mode_;
    std::minstd_rand jitter_;
    std::unique_ptr<PostgresConnection> connection_;
};

}  // namespace pamoja::postgres
