#include "ledger/holds.hpp"

#include <stdexcept>

#include "ledger/internal/books.hpp"
#include "ledger/internal/hold_events.hpp"

namespace pamoja::ledger {
namespace {

using internal::HoldEvent;
using internal::HoldEventKind;

struct EventDetail {
    HoldEventKind kind;
    Money amount;
    std::optional<TransactionId> transaction_id = std::nullopt;
    std::string reason = {};
};

void record(Tx& tx, const HoldId& hold_id, EventDetail detail) {
    const HoldEvent event{tx.new_id<internal::HoldEventId>(),
                          hold_id,
                          detail.kind,
                          detail.amount,
                          detail.transaction_id,
                          detail.reason,
                          tx.now()};
    tx.insert("ledger_hold_events", event);
    internal::leave_for_sealing(tx, SubjectKind::hold_event, event.id.text());
}

// Why the hold's row did not change.
[[noreturn]] void refuse(Tx& tx, const HoldId& id, const Money& amount) {
    const Hold hold = hold_of(tx, id);
    const bool is_late = hold.status == HoldStatus::active && hold.expires_at && *hold.expires_at <= tx.now();
    require(hold.status != HoldStatus::expired && !is_late, hold_expired, "The hold has expired.");
    require(hold.status == HoldStatus::active, hold_closed, "Nothing is held any more.");
    require(amount <= hold.remaining, hold_exceeded, "This is more than what is held.");
    throw std::logic_error("the hold could have changed and did not: " + id.text());
}

// Takes the amount, and the rest where it is not kept, off the hold if all of that is still there in time.
void take(Tx& tx, const HoldId& id, const Money& amount, Rest rest) {
    const auto changed = tx.run(
        "UPDATE ledger_holds SET "
        "remaining = CASE WHEN CAST($2 AS TEXT) = 'keep' THEN remaining - CAST($1 AS BIGINT) ELSE 0 END, "
        "status = CASE WHEN CAST($2 AS TEXT) = 'keep' AND remaining > CAST($1 AS BIGINT) THEN status "
        "ELSE 'settled' END "
        "WHERE tenant_id = :tenant AND id = $3 AND status = 'active' AND remaining >= CAST($1 AS BIGINT) "
        "AND (expires_at IS NULL OR expires_at > CAST($4 AS BIGINT))",
        amount.minor(), rest == Rest::keep ? "keep" : "release", id, tx.now());
    if (changed != 1) refuse(tx, id, amount);
}

Hold close(Tx& tx, Hold hold, HoldStatus status, EventDetail detail) {
    const auto changed = tx.run(
        "UPDATE ledger_holds SET status = $1, remaining = 0 "
        "WHERE tenant_id = :tenant AND id = $2 AND status = 'active' AND remaining = $3",
        status, hold.id, hold.remaining);
    if (changed != 1) throw std::logic_error("a hold changed under its transaction: " + hold.id.text());
    internal::change_balances(tx, {{hold.account_id, 0, -hold.remaining.minor()}});
    record(tx, hold.id, std::move(detail));
    hold.status = status;
    hold.remaining = Money::zero(hold.amount.currency());
    return hold;
}

Hold repeated(Tx& tx, const HoldRequest& request) {
    auto found = find_hold(tx, request.reference);
    if (!found) throw std::logic_error("a hold is in the way that cannot be found: " + request.reference);
    require(found->account_id == request.account.id && found->amount == request.amount &&
                found->expires_at == request.expires_at,
            reference_conflict, "This reference belongs to another hold.");
    return std::move(*found);
}

void check_request(const HoldRequest& request) {
    require(!request.account.is_system, invalid_posting, "This account cannot hold money.");
    require(request.amount.currency() == request.account.currency, invalid_posting,
            "The amount is not in the currency of its account.");
    require(request.amount.is_positive() && request.amount.minor() <= leg_max_minor, invalid_posting,
            "The amount is not more than zero, or too large.");
    require(!request.reference.empty() && request.reference.size() <= 200, invalid_posting,
            "A hold needs a reference of at most 200 characters.");
}

Money sum_of(const std::vector<Leg>& legs, const Currency& currency) {
    Money sum = Money::zero(currency);
    for (const Leg& leg : legs) {
        require(leg.amount.is_positive() && leg.amount.currency() == currency, invalid_posting,
                "A hold is settled with amounts above zero in its currency.");
        require(leg.amount.minor() <= leg_max_minor - sum.minor(), hold_exceeded,
                "This is more than what is held.");
        sum += leg.amount;
    }
    return sum;
}

}  // namespace

void Hold::describe(Fields& f) {
    f("id", id);
    f("account_id", account_id);
    f("reference", reference);
    f("amount", amount);
    f("remaining", remaining);
    f("status", status);
    f("expires_at", expires_at);
    f("placed_at", placed_at);
}

Hold place(Tx& tx, const HoldRequest& request) {
    check_request(request);
    Hold hold{.id = tx.new_id<HoldId>(),
              .account_id = request.account.id,
              .reference = request.reference,
              .amount = request.amount,
              .remaining = request.amount,
              .status = HoldStatus::active,
              .expires_at = request.expires_at,
              .placed_at = tx.now()};
    if (!tx.insert_if_absent("ledger_holds", hold)) return repeated(tx, request);
    require(!request.expires_at || *request.expires_at > tx.now(), invalid_posting,
            "The hold would have expired already.");
    internal::change_balances(tx, {{hold.account_id, 0, hold.amount.minor()}});
    record(tx, hold.id, {HoldEventKind::placed, hold.amount});
    return hold;
}

Transaction settle(Tx& tx, const HoldId& id, const Settlement& settlement) {
    const Hold hold = hold_of(tx, id);
    const Money amount = sum_of(settlement.to, hold.amount.currency());
    const Account held_account = account_with(tx, hold.account_id);
    Posting posting{.reference = settlement.reference,
                    .memo = settlement.memo,
                    .metadata = settlement.metadata,
                    .effective_at = settlement.effective_at,
                    .legs = settlement.to};
    posting.legs.push_back({held_account, -amount});
    auto booked = internal::book(
        tx, {.posting = posting, .hold_id = id, .rest = settlement.rest == Rest::keep ? "keep" : "release"});
    if (!booked.is_new) return std::move(booked.transaction);

    take(tx, id, amount, settlement.rest);
    record(tx, id, {HoldEventKind::settled, amount, booked.transaction.id});
    const Money rest = hold.remaining - amount;
    const bool is_rest_released = settlement.rest == Rest::release && rest.is_positive();
    if (is_rest_released) record(tx, id, {HoldEventKind::released, rest, booked.transaction.id});
    auto changes = internal::changes_of(settlement.to);
    const Money freed = is_rest_released ? hold.remaining : amount;
    changes.push_back({hold.account_id, -amount.minor(), -freed.minor()});
    internal::change_balances(tx, std::move(changes));
    return std::move(booked.transaction);
}

Hold release(Tx& tx, const HoldId& id, const std::string& reason) {
    Hold hold = hold_of(tx, id);
    require(hold.status != HoldStatus::expired, hold_expired, "The hold has expired.");
    require(hold.status == HoldStatus::active, hold_closed, "Nothing is held any more.");
    EventDetail detail{HoldEventKind::released, hold.remaining, std::nullopt, reason};
    return close(tx, std::move(hold), HoldStatus::released, std::move(detail));
}

std::int64_t expire_due(Tx& tx, std::int64_t limit) {
    auto due = tx.all<Hold>(
        "FROM ledger_holds WHERE tenant_id = :tenant AND status = 'active' AND expires_at <= $1 "
        "ORDER BY expires_at, id LIMIT $2",
        tx.now(), limit);
    for (Hold& hold : due) {
        EventDetail detail{HoldEventKind::expired, hold.remaining};
        close(tx, std::move(hold), HoldStatus::expired, std::move(detail));
    }
    return static_cast<std::int64_t>(due.size());
}

std::vector<TenantId> tenants_with_due_holds(Tx& tx, const TenantSlice& slice) {
    return tenants_with(tx, slice, "ledger_holds", "status = 'active' AND expires_at <= $1", tx.now());
}

Hold hold_of(Tx& tx, const HoldId& id) {
    auto hold = tx.maybe<Hold>("FROM ledger_holds WHERE tenant_id = :tenant AND id = $1", id);
    require(hold.has_value(), not_found, "There is no such hold.");
    return std::move(*hold);
}

std::optional<Hold> find_hold(Tx& tx, std::string_view reference) {
    return tx.maybe<Hold>("FROM ledger_holds WHERE tenant_id = :tenant AND reference = $1", reference);
}

std::vector<Hold> active_holds(Tx& tx, const Account& account) {
    return tx.all<Hold>(
        "FROM ledger_holds WHERE tenant_id = :tenant AND account_id = $1 AND status = 'active' ORDER BY id",
        account.id);
}

}  // namespace pamoja::ledger
