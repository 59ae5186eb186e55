#include "payments/payment.hpp"

#include "jobs/queue.hpp"

namespace pamoja::payments {
namespace {

// Room for the filter's conditions: an unused one matches everything. Lists travel as ",a,b," so that one
// statement serves any number of values.
struct FilterValues {
    std::string user_id;
    std::string purposes;
    std::string purpose_id;
    std::string statuses;
    std::int64_t from = 0;
    std::int64_t until = 0;
};

constexpr std::string_view filter_sql =
    "FROM payments WHERE tenant_id = :tenant AND (CAST($1 AS TEXT) = '' OR user_id = $1) "
    "AND (CAST($2 AS TEXT) = '' OR CAST($2 AS TEXT) LIKE '%,' || purpose || ',%') "
    "AND (CAST($3 AS TEXT) = '' OR purpose_id = $3) "
    "AND (CAST($4 AS TEXT) = '' OR CAST($4 AS TEXT) LIKE '%,' || status || ',%') "
    "AND initiated_at >= $5 AND initiated_at < $6";

FilterValues values_of(const PaymentFilter& filter) {
    FilterValues values;
    values.user_id = filter.user_id.value_or(UserId()).text();
    for (const auto& purpose : filter.purposes) values.purposes += "," + purpose + ",";
    values.purpose_id = filter.purpose_id.value_or("");
    for (const auto status : filter.statuses) values.statuses += std::string(",") + name_of(status) + ",";
    values.from = filter.from ? filter.from->micros() : 0;
    values.until = filter.until ? filter.until->micros() : INT64_MAX;
    return values;
}

void require_same(const Payment& found, const Payment& wanted) {
    const bool is_same = found.direction == wanted.direction && found.purpose == wanted.purpose &&
                         found.purpose_id == wanted.purpose_id && found.amount == wanted.amount &&
                         found.user_id == wanted.user_id;
    require(is_same, conflict, "This reference belongs to another payment.");
}

}  // namespace

void Payment::describe(Fields& f) {
    f("id", id);
    f("direction", direction);
    f("purpose", purpose);
    f("purpose_id", purpose_id);
    f("user_id", user_id);
    f("amount", amount);
    f("phone", phone);
    f("reference", reference);
    f("account_reference", account_reference);
    f("description", description);
    f("status", status);
    f("conversation_id", conversation_id);
    f("merchant_request_id", merchant_request_id);
    f("checkout_request_id", checkout_request_id);
    f("receipt", receipt);
    f("receipt_number", receipt_number);
    f("result_code", result_code);
    f("result_text", result_text);
    f("transaction_date", transaction_date);
    f("checks", checks);
    f("initiated_at", initiated_at);
    f("completed_at", completed_at);
}

Payment open_payment(Tx& tx, Direction direction, const NewPayment& wanted) {
    Payment payment{.id = tx.new_id<PaymentId>(),
                    .direction = direction,
                    .purpose = wanted.purpose,
                    .purpose_id = wanted.purpose_id,
                    .user_id = wanted.user_id,
                    .amount = wanted.amount,
                    .phone = wanted.phone,
                    .reference = wanted.reference,
                    .account_reference = wanted.account_reference,
                    .description = wanted.description,
                    .conversation_id = make_uuid(tx.now(), tx.random()),
                    .initiated_at = tx.now()};
    if (payment.reference.empty()) payment.reference = payment.id.text();
    if (tx.insert_if_absent("payments", payment)) return payment;
    const auto found =
        tx.maybe<Payment>("FROM payments WHERE tenant_id = :tenant AND reference = $1", payment.reference);
    require(found.has_value(), conflict, "The payment cannot be made twice.");
    require_same(*found, payment);
    return *found;
}

Payment record_charge(Tx& tx, const NewPayment& wanted) {
    auto charge = open_payment(tx, Direction::charge, wanted);
    if (charge.status != PaymentStatus::created) return charge;
    charge.status = PaymentStatus::completed;
    charge.completed_at = tx.now();
    charge.receipt_number = "RCP" + tx.random().digits(9);
    save(tx, charge);
    return charge;
}

Payment pay_out(Tx& tx, const NewPayment& wanted) {
    const auto payment = open_payment(tx, Direction::payout, wanted);
    if (payment.status == PaymentStatus::created) {
        json::Object payload;
        payload.emplace_back("payment_id", json::Value(payment.id.text()));
        jobs::enqueue(tx, {.kind = send_payout_job,
                           .payload = json::Value(std::move(payload)),
                           .unique_key = "payout:" + payment.id.text()});
    }
    return payment;
}

Payment payment_with(Tx& tx, const PaymentId& id) {
    auto found = tx.maybe<Payment>("FROM payments WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such payment.");
    return std::move(*found);
}

Payment payment_of(Tx& tx, const UserId& user, const PaymentId& id) {
    auto found =
        tx.maybe<Payment>("FROM payments WHERE tenant_id = :tenant AND id = $1 AND user_id = $2", id, user);
    require(found.has_value(), not_found, "There is no such payment.");
    return std::move(*found);
}

void save(Tx& tx, const Payment& payment) {
    tx.run(
        "UPDATE payments SET status = $3, merchant_request_id = $4, checkout_request_id = $5, receipt = $6, "
        "receipt_number = $7, result_code = $8, result_text = $9, transaction_date = $10, checks = $11, "
        "completed_at = $12 WHERE tenant_id = :tenant AND id = $1 AND user_id = $2",
        payment.id, payment.user_id, payment.status, payment.merchant_request_id, payment.checkout_request_id,
        payment.receipt, payment.receipt_number, payment.result_code, payment.result_text,
        payment.transaction_date, payment.checks, payment.completed_at);
}

Page<Payment> payments_matching(Tx& tx, const PaymentFilter& filter, const PageRequest& request) {
    const auto v = values_of(filter);
    return tx.page<Payment>(request, filter_sql, "initiated_at DESC, id DESC", v.user_id, v.purposes,
                            v.purpose_id, v.statuses, v.from, v.until);
}

PaymentSummary summary_of(Tx& tx, const PaymentFilter& filter) {
    const auto v = values_of(filter);
    const auto found = tx.rows(
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN status = 'completed' THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN status IN ('failed', 'cancelled') THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN status = 'completed' THEN amount ELSE 0 END), 0) " +
            std::string(filter_sql),
        v.user_id, v.purposes, v.purpose_id, v.statuses, v.from, v.until);
    const auto number = [&](std::size_t column) {
        return std::get<std::int64_t>(found.rows.at(0).cells.at(column));
    };
    return {number(0), number(1), number(2), number(3)};
}

}  // namespace pamoja::payments
