#include "app/housekeeping.hpp"

#include "audit/chain.hpp"
#include "faces/shared/idempotency.hpp"
#include "identity/attempts.hpp"
#include "identity/one_time_links.hpp"
#include "identity/sessions.hpp"
#include "ledger/chain.hpp"
#include "ledger/holds.hpp"

namespace pamoja::app {
namespace {

constexpr jobs::Kind seal_job{"core.seal"};
constexpr jobs::Kind expire_holds_job{"core.expire_holds"};
constexpr jobs::Kind forget_job{"core.forget"};

// How long ended sessions and used links stay, for whoever investigates.
constexpr auto memory = std::chrono::hours(24 * 30);

void seal(Tx& tx, const jobs::Job&) {
    ledger::seal(tx);
    audit::seal(tx);
}

void forget(Tx& tx, const jobs::Job&) {
    const auto before = tx.now().minus(memory);
    identity::forget_sessions(tx, before);
    identity::forget_links(tx, before);
    identity::forget_attempts(tx, before);
    faces::prune_idempotency_records(tx);
}

}  // namespace

void handle_housekeeping(jobs::Handlers& handlers) {
    handlers.add(seal_job, jobs::InsideHandler(seal));
    handlers.add(expire_holds_job,
                 jobs::InsideHandler([](Tx& tx, const jobs::Job&) { ledger::expire_due(tx); }));
    handlers.add(forget_job, jobs::InsideHandler(forget));
    handlers.schedule({.name = "core.seal", .kind = seal_job, .when = jobs::Every{std::chrono::seconds(1)}});
    handlers.schedule({.name = "core.expire_holds",
                       .kind = expire_holds_job,
                       .when = jobs::Every{std::chrono::seconds(60)}});
    handlers.schedule(
        {.name = "core.forget", .kind = forget_job, .when = jobs::Every{std::chrono::hours(1)}});
}

}  // namespace pamoja::app
