#include "jobs/internal/core.hpp"
#include "jobs/internal/events.hpp"

namespace pamoja::jobs {
namespace {

bool is_lost_claim(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const LostClaim&) {
        return true;
    } catch (...) {
        return false;
    }
}

}  // namespace

// Jobs of one tenant that are due together share transactions, and so their commits.
void Runner::Core::hand_out(std::vector<SharedClaim> claims) {
    std::map<TenantId, std::vector<SharedClaim>> groups;
    const auto commit_max = static_cast<std::size_t>(std::max(1, options_.jobs_per_commit));
    for (SharedClaim& claim : claims) {
        // What failed before may fail again, and should not take others with it.
        if (claim->job.attempt > 1 || !is_known(*claim)) {
            run_alone(std::move(claim));
            continue;
        }
        auto& group = groups[claim->tenant];
        group.push_back(std::move(claim));
        if (group.size() == commit_max) run_inside(std::exchange(group, {}));
    }
    for (auto& [tenant, group] : groups) {
        if (!group.empty()) run_inside(std::move(group));
    }
}

bool Runner::Core::is_known(const Claim& claim) const {
    return handlers_.inside(claim.job.kind) != nullptr || claim.job.kind == fan_out_event.name;
}

void Runner::Core::run_inside(std::vector<SharedClaim> claims) {
    if (claims.size() == 1) {
        run_alone(claims.front());
        return;
    }
    const auto group = std::make_shared<const std::vector<SharedClaim>>(std::move(claims));
    const auto attempt = [this, group](Tx& tx) {
        complete_all(tx, *group);
        for (const SharedClaim& claim : *group) handle(tx, claim->job);
    };
    database_.submit_write(group->front()->tenant, attempt, [this, group](std::exception_ptr error) {
        for (const SharedClaim& claim : *group) {
            if (error) {
                run_alone(claim);
            } else {
                settle(Lane::inside, *claim, true);
            }
        }
    });
}

void Runner::Core::run_alone(SharedClaim claim) {
    const auto attempt = [this, claim](Tx& tx) {
        if (!is_known(*claim)) {
            give_back(tx, *claim, tx.now().plus(until_a_version_knows_it), "No handler.");
            return;
        }
        // First, so that a job that lost its claim does nothing, and one may enqueue its own key again.
        complete(tx, *claim);
        handle(tx, claim->job);
    };
    database_.submit_write(claim->tenant, attempt, [this, claim](std::exception_ptr error) {
        if (!error || is_lost_claim(error)) {
            settle(Lane::inside, *claim, true);
        } else {
            fail_inside(claim, error);
        }
    });
}

void Runner::Core::handle(Tx& tx, const Job& job) const {
    if (const InsideHandler* handler = handlers_.inside(job.kind)) {
        (*handler)(tx, job);
    } else {
        fan_out(tx, job, handlers_);
    }
}

void Runner::Core::fail_inside(SharedClaim claim, const std::exception_ptr& error) {
    const Verdict verdict = judge_aloud(*claim, error);
    database_.submit_write(
        claim->tenant, [claim, verdict](Tx& tx) { record(tx, *claim, verdict); },
        [this, claim](std::exception_ptr unrecorded) {
            settle(Lane::inside, *claim, !unrecorded || is_lost_claim(unrecorded));
        });
}

}  // namespace pamoja::jobs
