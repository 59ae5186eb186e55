#include "db/postgres/worker.hpp"

#include <thread>

namespace pamoja::postgres {
namespace {

using std::chrono::milliseconds;

constexpr int attempts_max = 14;
// After so many conflicts a transaction asks to run alone among its tenant's.
constexpr int attempts_beside_others = 8;
// Connections that broke under one submission before it is given up: the first is likely one that a restart
// of the server left behind.
constexpr int attempts_lost_max = 3;
constexpr milliseconds connect_pause_min{50};
constexpr milliseconds connect_pause_max{2000};

}  // namespace

bool ConnectPause::is_over() const {
    const std::lock_guard lock(mutex_);
    return std::chrono::steady_clock::now() >= until_;
}

void ConnectPause::lengthen() {
    const std::lock_guard lock(mutex_);
    length_ = std::clamp(length_ * 2, connect_pause_min, connect_pause_max);
    until_ = std::chrono::steady_clock::now() + length_;
}

void ConnectPause::end() {
    const std::lock_guard lock(mutex_);
    length_ = milliseconds(0);
    until_ = {};
}

void Worker::run(Submissions& queue) {
    for (auto taken = queue.take(1); !taken.empty(); taken = queue.take(1)) {
        settle(*taken.front());
        taken.front()->complete();
        // A reader's answer is complete with its snapshot; it need not wait for the end of the transaction.
        if (mode_ == PostgresConnection::Mode::read) clean_up(0);
    }
}

void Worker::settle(Submission& submission) {
    for (int number = 1; attempt(submission, number) == Outcome::try_again; ++number) {
        if (number == attempts_max) return;
        back_off(number);
    }
}

Worker::Outcome Worker::attempt(Submission& submission, int attempt_number) {
    std::optional<Lane::Pass> pass;
    if (mode_ == PostgresConnection::Mode::write)
        pass.emplace(workshop_.lanes.of(submission.tenant), attempt_number > attempts_beside_others);
    submission.error = nullptr;
    submission.after_commit.clear();
    try {
        run_transaction(submission);
        return Outcome::settled;
    } catch (...) {
        submission.error = std::current_exception();
        return clean_up(attempt_number);
    }
}

void Worker::run_transaction(Submission& submission) {
    PostgresConnection& connection = connected();
    connection.begin(mode_);
    Tx tx(connection, submission.tenant, workshop_.clock.now(), workshop_.random);
    submission.work(tx);
    if (mode_ == PostgresConnection::Mode::read) return;
    submission.after_commit = tx.take_after_commit();
    connection.commit();
}

// Brings the connection to rest after a failed attempt, and says whether another one makes sense.
Worker::Outcome Worker::clean_up(int attempt_number) {
    if (!connection_) return Outcome::settled;
    const Fault fault = connection_->fault();
    try {
        if (connection_->is_usable()) connection_->rollback();
    } catch (const std::exception&) {
        // A connection that cannot even roll back is replaced below.
    }
    if (!connection_->is_usable()) connection_.reset();
    const bool is_worth_another =
        fault == Fault::conflict || (fault == Fault::lost && attempt_number < attempts_lost_max) ||
        // The other row may have come from a transaction that this one could not see: in a serial order
        // it would have found the row first, and a second attempt does.
        (fault == Fault::duplicate && attempt_number == 1);
    return is_worth_another ? Outcome::try_again : Outcome::settled;
}

PostgresConnection& Worker::connected() {
    if (connection_) return *connection_;
    if (!workshop_.connect_pause.is_over()) std::rethrow_exception(outage());
    try {
        connection_ = open_connection();
    } catch (const std::exception&) {
        workshop_.connect_pause.lengthen();
        std::rethrow_exception(outage());
    }
    workshop_.connect_pause.end();
    return *connection_;
}

std::unique_ptr<PostgresConnection> Worker::open_connection() const {
    auto connection = std::make_unique<PostgresConnection>(workshop_.url);
    // A scan of a whole table makes a writer depend on every row of it, and so conflict with every other
    // writer; the planner would prefer it for small tables.
    if (mode_ == PostgresConnection::Mode::write)
        connection->execute("SET enable_seqscan = off", {}, every_tenant());
    return connection;
}

void Worker::back_off(int attempt_number) {
    const int pause_max_micros = 500 << std::min(attempt_number, 6);
    std::this_thread::sleep_for(
        std::chrono::microseconds(std::uniform_int_distribution(0, pause_max_micros)(jitter_)));
}

}  // namespace pamoja::postgres
