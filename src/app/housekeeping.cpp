#include "app/housekeeping.hpp"

#include "access/decision_log.hpp"
#include "audit/chain.hpp"
#include "faces/shared/idempotency.hpp"
#include "identity/attempts.hpp"
#include "identity/one_time_links.hpp"
#include "identity/sessions.hpp"
#include "jobs/sweep.hpp"
#include "ledger/chain.hpp"
#include "ledger/holds.hpp"

namespace pamoja::app {
namespace {

constexpr jobs::Kind seal_job{"core.seal", jobs::Lane::upkeep, 3};
constexpr jobs::Kind seal_one_job{"core.seal_one"};
constexpr jobs::Kind expire_holds_job{"core.expire_holds", jobs::Lane::upkeep, 3};
constexpr jobs::Kind expire_holds_of_one_job{"core.expire_holds_of_one"};
constexpr jobs::Kind decisions_job{"core.decisions", jobs::Lane::upkeep, 3};
constexpr jobs::Kind decisions_of_one_job{"core.decisions_of_one"};
constexpr jobs::Kind forget_job{"core.forget", jobs::Lane::upkeep, 3};
constexpr jobs::Kind forget_one_job{"core.forget_one"};

constexpr std::int64_t rows_per_turn = 500;
// How long ended sessions and used links stay, for whoever investigates.
constexpr auto memory = std::chrono::hours(24 * 30);

bool seal(Tx& tx) {
    const auto subjects = ledger::seal(tx, rows_per_turn);
    const auto entries = audit::seal(tx, rows_per_turn);
    return subjects == rows_per_turn || entries == rows_per_turn;
}

bool expire_holds(Tx& tx) {
    return ledger::expire_due(tx, rows_per_turn) == rows_per_turn;
}

// What was decided since the last time is stored, and what is too old or too much goes.
bool keep_decisions(Tx& tx) {
    access::store_noted_decisions(tx);
    return access::forget_decisions(tx, tx.now().minus(memory)) >= rows_per_turn;
}

bool forget(Tx& tx) {
    const auto before = tx.now().minus(memory);
    const std::array counts{identity::forget_sessions(tx, before, rows_per_turn),
                            identity::forget_links(tx, before, rows_per_turn),
                            identity::forget_attempts(tx, before, rows_per_turn),
                            faces::prune_idempotency_records(tx, rows_per_turn)};
    return std::ranges::find(counts, rows_per_turn) != counts.end();
}

using FindOld = std::vector<TenantId> (*)(Tx&, const TenantSlice&, Timestamp before);

auto with_old(FindOld find) {
    return [find](Tx& tx, const TenantSlice& slice) { return find(tx, slice, tx.now().minus(memory)); };
}

}  // namespace

void handle_housekeeping(jobs::Handlers& handlers) {
    jobs::handle_sweep(handlers, {.kind = seal_job,
                                  .one_kind = seal_one_job,
                                  .when = jobs::Every{std::chrono::seconds(1)},
                                  .finders = {ledger::tenants_to_seal, audit::tenants_to_seal},
                                  .turn = seal});
    jobs::handle_sweep(handlers, {.kind = expire_holds_job,
                                  .one_kind = expire_holds_of_one_job,
                                  .when = jobs::Every{std::chrono::seconds(60)},
                                  .finders = {ledger::tenants_with_due_holds},
                                  .turn = expire_holds});
    jobs::handle_sweep(handlers, {.kind = decisions_job,
                                  .one_kind = decisions_of_one_job,
                                  .when = jobs::Every{std::chrono::seconds(60)},
                                  .finders = {access::tenants_with_noted_decisions,
                                              with_old(access::tenants_with_old_decisions)},
                                  .turn = keep_decisions});
    jobs::handle_sweep(handlers, {.kind = forget_job,
                                  .one_kind = forget_one_job,
                                  .when = jobs::Every{std::chrono::hours(1)},
                                  .finders = {with_old(identity::tenants_with_old_sessions),
                                              with_old(identity::tenants_with_old_links),
                                              with_old(identity::tenants_with_old_attempts),
                                              faces::tenants_with_old_idempotency_records},
                                  .turn = forget});
}

}  // namespace pamoja::app
