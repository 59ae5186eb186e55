#include "jobs/sweep.hpp"

#include <latch>
#include <set>

#include "jobs/queue.hpp"

namespace pamoja::jobs {
namespace {

// How many tenants have their turn at once: enough to share a commit, few enough that no request waits long
// behind them.
constexpr std::int64_t tenants_at_once = 32;
// A tenant that has much to do has so many turns before the next tenants have theirs.
constexpr int turns_in_a_row_max = 64;
// After so many turns the run ends and another one goes on, so that a server that stops need not wait long.
constexpr std::size_t turns_max = 2000;

struct Turn {
    TenantId tenant;
    bool has_more = false;
    std::exception_ptr error = nullptr;
};

class Run {
  public:
    Run(JobCall& call, const Sweep& sweep) : call_(call), sweep_(sweep) {}

    void go() {
        TenantId after(after_of_payload());
        for (auto found = find(after); !found.empty(); found = find(after)) {
            after = found.back();
            give_turns(std::move(found));
            if (turns_ < turns_max) continue;
            go_on_after(after);
            return;
        }
    }

  private:
    std::string after_of_payload() const {
        const json::Value* after = call_.job.payload.find("after");
        return after == nullptr ? "" : after->text_or_empty();
    }

    std::vector<TenantId> find(const TenantId& after) {
        const TenantSlice slice{after, tenants_at_once};
        const auto found = call_.database.read(every_tenant(), [&](Tx& tx) {
            std::set<TenantId> all;
            for (const auto& finder : sweep_.finders) all.merge(as_set(finder(tx, slice)));
            return all;
        });
        std::vector<TenantId> first(found.begin(), found.end());
        // A finder that filled its slice may know more tenants behind it, so those of the others wait there
        // too.
        if (static_cast<std::int64_t>(first.size()) > tenants_at_once)
            first.resize(static_cast<std::size_t>(tenants_at_once));
        return first;
    }

    static std::set<TenantId> as_set(std::vector<TenantId> tenants) {
        return {std::make_move_iterator(tenants.begin()), std::make_move_iterator(tenants.end())};
    }

    void give_turns(std::vector<TenantId> tenants) {
        for (int i = 0; i < turns_in_a_row_max && !tenants.empty(); ++i) {
            const auto turns = turns_of(tenants);
            tenants.clear();
            for (const Turn& turn : turns) {
                if (turn.error) leave_to_itself(turn.tenant);
                if (turn.has_more) tenants.push_back(turn.tenant);
            }
        }
    }

    // All at once, so that the database can commit them together.
    std::vector<Turn> turns_of(const std::vector<TenantId>& tenants) {
        std::vector<Turn> turns;
        for (const TenantId& tenant : tenants) turns.push_back({.tenant = tenant});
        std::latch all_done(static_cast<std::ptrdiff_t>(turns.size()));
        for (Turn& turn : turns) {
            call_.database.submit_write(
                turn.tenant, [this, &turn](Tx& tx) { turn.has_more = sweep_.turn(tx); },
                [&turn, &all_done](std::exception_ptr error) {
                    if (error) turn.has_more = false;
                    turn.error = std::move(error);
                    all_done.count_down();
                });
        }
        all_done.wait();
        turns_ += turns.size();
        return turns;
    }

    void leave_to_itself(const TenantId& tenant) {
        call_.database.write(tenant, [this](Tx& tx) {
            enqueue(tx, {.kind = sweep_.one_kind, .unique_key = sweep_.one_kind.name});
        });
    }

    // Under the key of the schedule, so that its next run waits for this one's end.
    void go_on_after(const TenantId& last) {
        call_.record([kind = sweep_.kind, last](Tx& tx) {
            enqueue(tx, {.kind = kind,
                         .payload = json::Value(json::Object{{"after", json::Value(last.text())}}),
                         .unique_key = schedule_key(kind.name)});
        });
    }

    JobCall& call_;
    const Sweep& sweep_;
    std::size_t turns_ = 0;
};

}  // namespace

void handle_sweep(Handlers& handlers, const Sweep& sweep) {
    handlers.add(sweep.kind, OutsideHandler([sweep](JobCall& call) { Run(call, sweep).go(); }));
    handlers.add(sweep.one_kind, InsideHandler([turn = sweep.turn](Tx& tx, const Job&) { turn(tx); }));
    handlers.schedule(
        {.name = sweep.kind.name, .kind = sweep.kind, .when = sweep.when, .scope = Scope::once});
}

}  // namespace pamoja::jobs
