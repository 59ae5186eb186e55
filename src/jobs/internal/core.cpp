#include "jobs/internal/core.hpp"

namespace pamoja::jobs {
namespace {

constexpr std::array all_lanes{Lane::inside, Lane::outside, Lane::bulk, Lane::upkeep};
constexpr std::array worker_lanes{Lane::outside, Lane::bulk, Lane::upkeep};
// Sealing need not wait for what is being forgotten.
constexpr int upkeep_threads = 2;
constexpr std::size_t inside_max = 256;
constexpr std::size_t claimed_per_worker = 2;

}  // namespace

Runner::Core::Core(Database& database, const Clock& clock, Random& random, const Handlers& handlers,
                   RunnerOptions options)
    : database_(database),
      clock_(clock),
      random_(random),
      handlers_(handlers),
      options_(std::move(options)),
      claims_(database, random, make_uuid(clock.now(), random), options_.lease),
      timetable_(database, handlers, options_.tenants) {}

Runner::Core::~Core() {
    stop();
}

void Runner::Core::start() {
    {
        const std::lock_guard lock(mutex_);
        if (is_started_) return;
        is_started_ = true;
        is_stopping_ = false;
    }
    for (const Lane lane : worker_lanes) {
        for (int i = 0; i < threads_of(lane); ++i) workers_.emplace_back([this, lane] { work(lane); });
    }
    dispatcher_ = std::thread([this] { dispatch(); });
}

void Runner::Core::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    bell_.ring();
    work_arrived_.notify_all();
    if (dispatcher_.joinable()) dispatcher_.join();
    for (auto& worker : workers_) worker.join();
    workers_.clear();
    release_queued();
    wait_until_idle();
    try {
        claims_.leave();
    } catch (const std::exception&) {
        // The lease runs out by itself.
    }
    const std::lock_guard lock(mutex_);
    is_started_ = false;
}

void Runner::Core::dispatch() {
    using Steady = std::chrono::steady_clock;
    auto tended_at = Steady::now() - options_.poll;
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (is_stopping_) return;
        }
        try {
            if (Steady::now() - tended_at >= options_.poll || is_schedule_done_.exchange(false)) {
                tend();
                tended_at = Steady::now();
            }
            if (round() == 0) bell_.wait_for(time_to_next());
        } catch (const std::exception&) {
            // The database cannot answer now.
            bell_.wait_for(options_.poll);
        }
    }
}

void Runner::Core::work(Lane lane) {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            work_arrived_.wait(lock, [&] { return is_stopping_ || !state_of(lane).queued.empty(); });
            if (is_stopping_) return;
        }
        if (const auto claim = take_queued(lane)) run_outside(claim, lane);
    }
}

// What has to be looked after now and then, besides the jobs themselves.
void Runner::Core::tend() {
    const std::lock_guard round_lock(round_mutex_);
    const Timestamp now = clock_.now();
    claims_.renew(now);
    if (const auto in_hand = jobs_to_keep()) claims_.give_back_except(*in_hand);
    claims_.take_over(now);
    timetable_.enqueue_due(now);
}

// What is in hand, when something was claimed or done of which it is not known whether the database has it.
std::optional<std::set<std::string>> Runner::Core::jobs_to_keep() {
    const std::lock_guard lock(mutex_);
    if (!has_lost_track_) return std::nullopt;
    has_lost_track_ = false;
    std::set<std::string> in_hand;
    for (const LaneState& lane : lanes_) in_hand.insert(lane.in_hand.begin(), lane.in_hand.end());
    return in_hand;
}

// Claims what is due and there is room for, and sets it going. Returns how many jobs that were.
std::size_t Runner::Core::round() {
    const std::lock_guard round_lock(round_mutex_);
    const auto rooms = this->rooms();
    if (std::ranges::count(rooms, 0) == static_cast<std::ptrdiff_t>(rooms.size())) return 0;
    auto claims = take(rooms);
    std::array<std::vector<SharedClaim>, rooms.size()> shared;
    {
        const std::lock_guard lock(mutex_);
        for (Claim& claim : claims) {
            state_of(claim.lane).in_hand.insert(claim.job.id.text());
            shared[static_cast<std::size_t>(claim.lane)].push_back(
                std::make_shared<const Claim>(std::move(claim)));
        }
        for (std::size_t i = 0; i < rooms.size(); ++i) {
            if (rooms[i] > 0) lanes_[i].has_more = static_cast<std::int64_t>(shared[i].size()) == rooms[i];
        }
    }
    for (const Lane lane : worker_lanes) queue_up(lane, std::move(shared[static_cast<std::size_t>(lane)]));
    hand_out(std::move(shared[static_cast<std::size_t>(Lane::inside)]));
    return claims.size();
}

std::vector<Claim> Runner::Core::take(const Claims::Rooms& rooms) {
    try {
        return claims_.take(rooms, clock_.now());
    } catch (...) {
        const std::lock_guard lock(mutex_);
        has_lost_track_ = true;
        throw;
    }
}

Claims::Rooms Runner::Core::rooms() {
    const std::lock_guard lock(mutex_);
    Claims::Rooms rooms{};
    for (const Lane lane : all_lanes) rooms[static_cast<std::size_t>(lane)] = room_in(lane);
    return rooms;
}

// Zero until half of the lane is free, so that claims are made in batches.
std::int64_t Runner::Core::room_in(Lane lane) {
    LaneState& state = state_of(lane);
    const std::size_t room = capacity(lane) - std::min(capacity(lane), state.in_hand.size());
    if (room * 2 >= capacity(lane)) return static_cast<std::int64_t>(room);
    state.has_more = true;
    return 0;
}

std::size_t Runner::Core::capacity(Lane lane) const {
    return lane == Lane::inside ? inside_max
                                : static_cast<std::size_t>(threads_of(lane)) * claimed_per_worker;
}

int Runner::Core::threads_of(Lane lane) const {
    return lane == Lane::upkeep ? upkeep_threads : options_.threads;
}

void Runner::Core::queue_up(Lane lane, std::vector<SharedClaim> claims) {
    if (claims.empty()) return;
    {
        const std::lock_guard lock(mutex_);
        std::ranges::move(claims, std::back_inserter(state_of(lane).queued));
    }
    work_arrived_.notify_all();
}

std::chrono::microseconds Runner::Core::time_to_next() {
    const Timestamp now = clock_.now();
    const auto next = claims_.next_run_at(now);
    if (!next) return options_.poll;
    return std::min<std::chrono::microseconds>(options_.poll, next->since(now));
}

void Runner::Core::run_outside(const SharedClaim& claim, Lane lane) {
    JobCall call(claim->job, claim->tenant, database_, clock_, random_);
    std::exception_ptr error;
    bool is_foreseen = true;
    try {
        const OutsideHandler* handler = handlers_.outside(claim->job.kind);
        if (handler == nullptr) throw Retry("No handler.", until_a_version_knows_it);
        (*handler)(call);
    } catch (const Retry&) {
        error = std::current_exception();
    } catch (const GiveUp&) {
        error = std::current_exception();
    } catch (...) {
        error = std::current_exception();
        is_foreseen = false;
    }
    bool is_recorded = true;
    try {
        write_outcome(*claim, error, is_foreseen ? call.recorded() : std::vector<Work>());
    } catch (...) {
        is_recorded = false;
    }
    settle(lane, *claim, is_recorded);
}

void Runner::Core::write_outcome(const Claim& claim, const std::exception_ptr& error,
                                 const std::vector<Work>& recorded) {
    const auto verdict = error ? std::optional(judge_aloud(claim, error)) : std::nullopt;
    try {
        database_.write(claim.tenant, [&](Tx& tx) {
            if (verdict) {
                record(tx, claim, *verdict);
            } else {
                complete(tx, claim);
            }
            for (const Work& work : recorded) work(tx);
        });
    } catch (const LostClaim&) {
        return;
    } catch (...) {
        // When what was to be recorded is refused, the attempt has failed after all.
        if (recorded.empty()) throw;
        write_outcome(claim, std::current_exception(), {});
    }
}

Verdict Runner::Core::judge_aloud(const Claim& claim, const std::exception_ptr& error) {
    if (options_.on_failure) {
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& caught) {
            options_.on_failure(claim.tenant, claim.job, caught);
        } catch (...) {
            options_.on_failure(claim.tenant, claim.job, std::runtime_error("not an exception"));
        }
    }
    return judge(claim.job, error, random_);
}

// The last thing that is done for a job; stop() may end this object as soon as the lock is free.
void Runner::Core::settle(Lane lane, const Claim& claim, bool is_recorded) {
    const std::lock_guard lock(mutex_);
    LaneState& state = state_of(lane);
    state.in_hand.erase(claim.job.id.text());
    ++settled_count_;
    if (!is_recorded) has_lost_track_ = true;
    const bool is_scheduled = claim.job.payload.find("scheduled_for") != nullptr;
    if (is_scheduled) is_schedule_done_ = true;
    if (is_scheduled || (state.has_more && state.in_hand.size() * 2 <= capacity(lane))) bell_.ring();
    progress_.notify_all();
}

SharedClaim Runner::Core::take_queued(Lane lane) {
    const std::lock_guard lock(mutex_);
    auto& queued = state_of(lane).queued;
    if (queued.empty()) return nullptr;
    SharedClaim claim = std::move(queued.front());
    queued.pop_front();
    return claim;
}

// Helps the workers, or stands in for them where none were started.
void Runner::Core::run_queued() {
    for (const Lane lane : worker_lanes) {
        while (const auto claim = take_queued(lane)) run_outside(claim, lane);
    }
}

// Empty while a job is in hand; otherwise how many have been settled, which tells whether any came and went.
std::optional<std::uint64_t> Runner::Core::quiet_at() {
    const std::lock_guard round_lock(round_mutex_);
    const std::lock_guard lock(mutex_);
    const bool is_idle =
        std::ranges::all_of(lanes_, [](const LaneState& lane) { return lane.in_hand.empty(); });
    return is_idle ? std::optional(settled_count_) : std::nullopt;
}

void Runner::Core::wait_until_idle() {
    std::unique_lock lock(mutex_);
    progress_.wait(lock, [&] {
        return std::ranges::all_of(lanes_, [](const LaneState& lane) { return lane.in_hand.empty(); });
    });
}

void Runner::Core::release_queued() {
    for (const Lane lane : worker_lanes) {
        while (const auto claim = take_queued(lane)) {
            try {
                database_.write(claim->tenant, [&](Tx& tx) {
                    give_back(tx, *claim, claim->job.run_at, "The server stopped.");
                });
            } catch (const std::exception&) {
                // Another process takes it over when the lease has run out.
            }
            settle(lane, *claim, true);
        }
    }
}

void Runner::Core::drain() {
    for (;;) {
        const auto quiet_before = quiet_at();
        tend();
        const bool found_some = round() > 0;
        run_queued();
        if (found_some) continue;
        // The dispatcher may have claimed meanwhile what this round would have found.
        if (quiet_before && quiet_at() == quiet_before) return;
        wait_until_idle();
    }
}

void Runner::Core::run_due_until(Timestamp target,
                                 const std::function<void(std::chrono::microseconds)>& advance) {
    for (;;) {
        const Timestamp now = clock_.now();
        drain();
        if (now >= target) return;
        Timestamp stop = target;
        for (const auto& next : {claims_.next_run_at(now), timetable_.next_stop(now)}) {
            if (next && *next < stop) stop = *next;
        }
        const Timestamp present = clock_.now();
        if (stop > present) advance(stop.since(present));
    }
}

}  // namespace pamoja::jobs
