#pragma once
#include <atomic>
#include <deque>
#include <set>
#include <thread>

#include "jobs/internal/bell.hpp"
#include "jobs/internal/timetable.hpp"
#include "jobs/internal/verdict.hpp"
#include "jobs/runner.hpp"

namespace pamoja::jobs {

// How long a job waits whose kind this version of the server does not know.
inline constexpr std::chrono::minutes until_a_version_knows_it{10};

// The engine of a Runner. Jobs of the lane inside run on the database's own threads, so that it can commit
// them in groups; those of the other lanes on this runner's workers.
class Runner::Core {
  public:
    Core(Database&, const Clock&, Random&, const Handlers&, RunnerOptions);
    ~Core();

    void start();
    void stop();
    void drain();
    void run_due_until(Timestamp target, const std::function<void(std::chrono::microseconds)>& advance);

  private:
    struct LaneState {
        std::set<std::string> in_hand;   // ids of the jobs that are claimed and not settled
        std::deque<SharedClaim> queued;  // those of them that wait for a worker
        bool has_more = false;           // more was due than there was room for
    };

    void dispatch();
    void work(Lane);
    void tend();
    std::size_t round();
    std::vector<Claim> take(const Claims::Rooms&);
    Claims::Rooms rooms();
    std::optional<std::set<std::string>> jobs_to_keep();
    std::int64_t room_in(Lane);
    std::size_t capacity(Lane) const;
    int threads_of(Lane) const;
    void queue_up(Lane, std::vector<SharedClaim>);
    void hand_out(std::vector<SharedClaim>);
    bool is_known(const Claim&) const;
    std::chrono::microseconds time_to_next();

    void run_inside(std::vector<SharedClaim>);
    void run_alone(SharedClaim);
    void handle(Tx&, const Job&) const;
    void run_outside(const SharedClaim&, Lane);
    void write_outcome(const Claim&, const std::exception_ptr&, const std::vector<Work>& recorded);
    void fail_inside(SharedClaim, const std::exception_ptr&);
    Verdict judge_aloud(const Claim&, const std::exception_ptr&);
    void settle(Lane, const Claim&, bool is_recorded);

    SharedClaim take_queued(Lane);
    void run_queued();
    std::optional<std::uint64_t> quiet_at();
    void wait_until_idle();
    void release_queued();
    LaneState& state_of(Lane lane) { return lanes_[static_cast<std::size_t>(lane)]; }

    Database& database_;
    const Clock& clock_;
    Random& random_;
    const Handlers& handlers_;
    RunnerOptions options_;
    Claims claims_;
    Timetable timetable_;
    Bell bell_;

    std::mutex round_mutex_;  // one thread claims at a time; taken before mutex_
    std::mutex mutex_;        // guards what follows
    std::condition_variable progress_;
    std::condition_variable work_arrived_;
    std::array<LaneState, names(Lane{}).size()> lanes_;
    bool is_started_ = false;
    bool is_stopping_ = false;
    bool has_lost_track_ = false;
    std::uint64_t settled_count_ = 0;

    std::atomic<bool> is_schedule_done_ = false;  // so that its next missed run need not wait for the poll
    std::thread dispatcher_;
    std::vector<std::thread> workers_;
};

}  // namespace pamoja::jobs
