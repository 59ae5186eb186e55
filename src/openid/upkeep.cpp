#include "openid/upkeep.hpp"

#include "jobs/sweep.hpp"
#include "openid/browser_sessions.hpp"
#include "openid/grants.hpp"

namespace pamoja::openid {
namespace {

constexpr jobs::Kind maintain_keys{"openid.maintain_keys", jobs::Lane::upkeep, 5};
constexpr jobs::Kind forget_job{"openid.forget", jobs::Lane::upkeep, 3};
constexpr jobs::Kind forget_one_job{"openid.forget_one"};

constexpr std::int64_t rows_per_turn = 500;
constexpr std::chrono::hours memory{24 * 30};

bool forget(Tx& tx) {
    const auto before = tx.now().minus(memory);
    return forget_grants(tx, before, rows_per_turn) + forget_browser_sessions(tx, before, rows_per_turn) >=
           rows_per_turn;
}

auto old_rows_of(const char* table) {
    return [table](Tx& tx, const TenantSlice& slice) {
        return tenants_with(tx, slice, table, "expires_at < $1", tx.now().minus(memory));
    };
}

}  // namespace

void handle_upkeep(jobs::Handlers& handlers, SigningKeyStore& keys) {
    handlers.add(maintain_keys, jobs::OutsideHandler([&keys](jobs::JobCall& call) {
                     keys.maintain(call.database, call.random);
                 }));
    handlers.schedule({.name = "openid.maintain_keys",
                       .kind = maintain_keys,
                       .when = jobs::Every{std::chrono::hours(1)},
                       .scope = jobs::Scope::once});
    jobs::handle_sweep(handlers, {.kind = forget_job,
                                  .one_kind = forget_one_job,
                                  .when = jobs::Every{std::chrono::hours(1)},
                                  .finders = {old_rows_of("openid_codes"), old_rows_of("openid_grants"),
                                              old_rows_of("openid_browser_sessions")},
                                  .turn = forget});
}

}  // namespace pamoja::openid
