#pragma once
#include <memory>
#include <set>
#include <span>

#include "db/database.hpp"
#include "jobs/job.hpp"

namespace pamoja::jobs {

// A job that one runner has in hand. Runner and attempt together are the fence: when another process took the
// job over, what this one still wants to write about it is refused.
struct Claim {
    TenantId tenant;
    Job job;
    std::string runner_id;
    Lane lane = Lane::inside;
};
using SharedClaim = std::shared_ptr<const Claim>;

// The claim was taken over meanwhile; what was done for it must not be committed.
struct LostClaim : std::runtime_error {
    LostClaim() : std::runtime_error("another process took the job over") {}
};

// Each of these ends a claim in the job's own tenant. They throw LostClaim.
void complete(Tx&, const Claim&);
// The same for several, of one tenant and in the same attempt, with one statement.
void complete_all(Tx&, std::span<const SharedClaim>);
void retry_at(Tx&, const Claim&, Timestamp, const std::string& error);
void bury(Tx&, const Claim&, const std::string& error);
void give_back(Tx&, const Claim&, Timestamp run_at, const std::string& error);  // the attempt does not count

// Takes jobs for one runner. Used by one thread at a time.
class Claims {
  public:
    Claims(Database&, Random&, std::string runner_id, std::chrono::seconds lease);

    // How many jobs of each lane there is room for.
    using Rooms = std::array<std::int64_t, names(Lane{}).size()>;
    // What is due, at most as many jobs of each lane as there is room for, the earliest of a lane first.
    std::vector<Claim> take(const Rooms&, Timestamp now);
    // Tells the others that this runner lives, when it is time to.
    void renew(Timestamp now);
    void leave();
    // Makes what crashed runners had in hand wait again. Returns how many jobs that were.
    std::int64_t take_over(Timestamp now);
    // Makes this runner's own jobs wait again that it does not have in hand: a commit whose outcome was lost.
    void give_back_except(const std::set<std::string>& in_hand);
    // The earliest time after an instant at which a waiting job is due.
    std::optional<Timestamp> next_run_at(Timestamp after);

  private:
    struct DueRow;
    std::vector<DueRow> due_rows(const Rooms&, Timestamp now);
    std::vector<DueRow> take_rows(std::vector<DueRow>, Timestamp now);

    Database& database_;
    Random& random_;
    std::string runner_id_;
    std::chrono::seconds lease_;
    std::optional<Timestamp> renewed_at_;
    bool is_contended_ = false;
};

}  // namespace pamoja::jobs
