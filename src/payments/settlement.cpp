#include "payments/settlement.hpp"

#include "jobs/queue.hpp"

namespace pamoja::payments {
namespace {

const Purpose& purpose_of(const Purposes& purposes, const Payment& payment) {
    const auto found = purposes.by_name.find(payment.purpose);
    if (found == purposes.by_name.end())
        throw std::logic_error("nobody owns payments for " + payment.purpose);
    return found->second;
}

json::Value facts_of(const Payment& payment) {
    json::Object facts;
    facts.emplace_back("payment_id", json::Value(payment.id.text()));
    facts.emplace_back("purpose", json::Value(payment.purpose));
    facts.emplace_back("status", json::Value(name_of(payment.status)));
    return json::Value(std::move(facts));
}

// A later message may know what an earlier one did not.
void add_missing(Payment& payment, const Evidence& evidence) {
    if (!payment.receipt && !evidence.receipt.empty()) payment.receipt = evidence.receipt;
    if (!payment.transaction_date && !evidence.transaction_date.empty()) {
        payment.transaction_date = evidence.transaction_date;
    }
}

std::string posting_reference(const Payment& payment) {
    return payment.receipt ? "mpesa:" + *payment.receipt : "payment:" + payment.id.text();
}

}  // namespace

ledger::Account float_account(Tx& tx, Currency currency) {
    return ledger::account_of(tx, ledger::house("mpesa_float", ledger::AccountKind::asset, currency));
}

ledger::Account suspense_account(Tx& tx, Currency currency) {
    return ledger::account_of(tx, ledger::house("suspense", ledger::AccountKind::liability, currency));
}

Payment complete(Tx& tx, const Purposes& purposes, Payment payment, const Evidence& evidence) {
    const bool is_done_before = payment.status == PaymentStatus::completed;
    add_missing(payment, evidence);
    if (is_done_before) {
        save(tx, payment);
        return payment;
    }
    payment.status = PaymentStatus::completed;
    payment.result_code = evidence.result_code;
    payment.result_text = evidence.result_text;
    payment.completed_at = tx.now();
    payment.receipt_number = "RCP" + tx.random().digits(9);
    save(tx, payment);
    const bool comes_in = payment.direction == Direction::collection;
    // The float is an asset: what comes in is a debit.
    const ledger::Leg provider_leg{float_account(tx, payment.amount.currency()),
                                   comes_in ? -payment.amount : payment.amount};
    purpose_of(purposes, payment).completed(tx, payment, provider_leg, posting_reference(payment));
    jobs::publish(tx, "payment.completed", facts_of(payment));
    return payment;
}

Payment end(Tx& tx, const Purposes& purposes, Payment payment, PaymentStatus status, const std::string& code,
            const std::string& text) {
    if (!payment.is_open() && payment.status != PaymentStatus::unknown) return payment;
    if (payment.status == status) return payment;
    payment.status = status;
    payment.result_code = code;
    payment.result_text = text;
    save(tx, payment);
    if (status != PaymentStatus::unknown) purpose_of(purposes, payment).failed(tx, payment);
    jobs::publish(tx, "payment.ended", facts_of(payment));
    return payment;
}

}  // namespace pamoja::payments
