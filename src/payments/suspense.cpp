#include "payments/suspense.hpp"

namespace pamoja::payments {

void SuspenseItem::describe(Fields& f) {
    f("id", id);
    f("receipt", receipt);
    f("amount", amount);
    f("phone", phone);
    f("bill_reference", bill_reference);
    f("reason", reason);
    f("event_id", event_id);
    f("received_at", received_at);
    f("resolved_at", resolved_at);
    f("resolved_by", resolved_by);
    f("resolved_payment_id", resolved_payment_id);
}

void put_into_suspense(Tx& tx, const Unexplained& money) {
    const SuspenseItem item{.id = tx.new_id<SuspenseId>(),
                            .receipt = money.receipt,
                            .amount = money.amount,
                            .phone = money.phone,
                            .bill_reference = money.bill_reference,
                            .reason = money.reason,
                            .event_id = money.event_id,
                            .received_at = tx.now()};
    if (!tx.insert_if_absent("suspense_items", item)) return;
    const auto currency = money.amount.currency();
    ledger::post(tx, ledger::Transfer{.from = float_account(tx, currency),
                                      .to = suspense_account(tx, currency),
                                      .amount = money.amount,
                                      .reference = "suspense:" + money.receipt,
                                      .memo = money.reason});
}

Page<SuspenseItem> suspense_items(Tx& tx, bool is_resolved, const PageRequest& request) {
    return tx.page<SuspenseItem>(
        request, "FROM suspense_items WHERE tenant_id = :tenant AND (resolved_at IS NOT NULL) = $1",
        "received_at, id", is_resolved);
}

SuspenseItem suspense_item(Tx& tx, const SuspenseId& id) {
    auto item = tx.maybe<SuspenseItem>("FROM suspense_items WHERE tenant_id = :tenant AND id = $1", id);
    require(item.has_value(), not_found, "There is no such amount in suspense.");
    return std::move(*item);
}

Payment resolve(Tx& tx, const Purposes& purposes, const SuspenseId& id, const NewPayment& explained,
                const UserId& by) {
    const SuspenseItem item = suspense_item(tx, id);
    require(!item.resolved_at, conflict, "This amount has been assigned already.");
    auto payment = open_payment(tx, Direction::collection, explained);
    // Back onto the float first, so that the payment is booked from there like any other.
    const auto currency = item.amount.currency();
    ledger::post(tx, ledger::Transfer{.from = suspense_account(tx, currency),
                                      .to = float_account(tx, currency),
                                      .amount = item.amount,
                                      .reference = "suspense:" + item.receipt + ":resolved",
                                      .memo = "assigned to " + explained.purpose_id});
    payment = complete(tx, purposes, payment, {item.receipt, "", "0", "Assigned from suspense"});
    tx.run(
        "UPDATE suspense_items SET resolved_at = $2, resolved_by = $3, resolved_payment_id = $4 "
        "WHERE tenant_id = :tenant AND id = $1 AND resolved_at IS NULL",
        id, tx.now(), by, payment.id);
    return payment;
}

}  // namespace pamoja::payments
