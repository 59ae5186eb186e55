#include "lending/disbursement.hpp"

#include "identity/people.hpp"
#include "identity/tenants.hpp"
#include "jobs/queue.hpp"
#include "lending/accounts.hpp"
#include "payments/settlement.hpp"

namespace pamoja::lending {
namespace {

void write_schedule(Tx& tx, const Loan& loan, const Product& product) {
    const auto terms = terms_of(product, loan.principal, loan.tenure, loan.interest_rate, today_of(tx));
    const Owed nothing{Money::zero(loan.principal.currency()), Money::zero(loan.principal.currency())};
    std::vector<InstalmentDues> dues;
    for (const Instalment& instalment : schedule(terms)) {
        dues.push_back({.number = instalment.number,
                        .due_on = instalment.due_on,
                        .penalty = nothing,
                        .fee = nothing,
                        .interest = {instalment.interest, nothing.paid},
                        .principal = {instalment.principal, nothing.paid}});
    }
    insert_dues(tx, loan.id, dues);
}

// FlexiFinance 2.7: the fee is a transaction of its own, outside of what the loan totals.
void charge_processing_fee(Tx& tx, const Loan& loan, const Product& product) {
    if (!product.processing_fee.is_positive()) return;
    const std::string reference = "loan:" + loan.id.text() + ":processing_fee";
    ledger::post(tx, ledger::Transfer{.from = fees_receivable(tx, loan),
                                      .to = fee_income(tx, loan.principal.currency()),
                                      .amount = product.processing_fee,
                                      .reference = reference,
                                      .memo = "Processing fee of " + loan.reference,
                                      .metadata = {{"loan_id", loan.id.text()}}});
    payments::record_charge(tx, {.purpose = processing_fee_purpose,
                                 .purpose_id = loan.id.text(),
                                 .user_id = loan.user_id,
                                 .amount = product.processing_fee,
                                 .phone = "",
                                 .reference = reference,
                                 .account_reference = loan.reference,
                                 .description = "Processing fee"});
}

// Only a payout that the provider says failed makes room for another.
void require_no_payout(Tx& tx, const Loan& loan) {
    if (!loan.payout_id) return;
    const auto last = payments::payment_with(tx, payments::PaymentId(*loan.payout_id));
    require(last.status == payments::PaymentStatus::failed, payout_under_way,
            "A payout of this loan is under way; it will not be sent twice.");
}

// The money has left by `source`: the loan is on the book, its schedule begins, the fee is charged.
void begin(Tx& tx, Loan& loan, const ledger::Leg& source, const std::string& reference) {
    const Product product = product_of(tx, loan.product_id);
    ledger::post(
        tx, ledger::Posting{.reference = reference,
                            .memo = "Loan " + loan.reference + " disbursed",
                            .metadata = {{"loan_id", loan.id.text()}},
                            .legs = {source, {loan_book(tx, loan.principal.currency()), -loan.principal}}});
    loan.status = LoanStatus::active;
    loan.disbursed_at = tx.now();
    save(tx, loan);
    write_schedule(tx, loan, product);
    charge_processing_fee(tx, loan, product);
    jobs::publish(tx, "loan.disbursed", loan_facts(loan));
}

}  // namespace

Date today_of(Tx& tx) {
    const auto tenant = identity::tenant_named(tx, tx.tenant());
    return local_date(tx.now(), tenant ? tenant->time_zone : "Africa/Nairobi");
}

json::Value loan_facts(const Loan& loan) {
    json::Object facts;
    facts.emplace_back("loan_id", json::Value(loan.id.text()));
    facts.emplace_back("loan_reference", json::Value(loan.reference));
    facts.emplace_back("user_id", json::Value(loan.user_id.text()));
    facts.emplace_back("status", json::Value(name_of(loan.status)));
    facts.emplace_back("amount", json::Value(loan.principal.major_text()));
    return json::Value(std::move(facts));
}

int late_instalments(Tx& tx, const LoanId& id) {
    struct Paid {
        Date due_on;
        std::optional<Timestamp> paid_at;
        void describe(Fields& f) {
            f("due_on", due_on);
            f("paid_at", paid_at);
        }
    };
    const auto tenant = identity::tenant_named(tx, tx.tenant());
    int late = 0;
    for (const Paid& instalment : tx.all<Paid>(
             "FROM loan_instalments WHERE tenant_id = :tenant AND loan_id = $1 ORDER BY number", id)) {
        if (instalment.paid_at && local_date(*instalment.paid_at, tenant->time_zone) > instalment.due_on)
            ++late;
    }
    return late;
}

Loan start_payout(Tx& tx, const LoanId& id) {
    Loan loan = loan_with(tx, id);
    require(loan.status == LoanStatus::approved, not_payable, "Only an approved loan can be paid out.");
    require_no_payout(tx, loan);
    const auto person = identity::person_of(tx, loan.user_id);
    require(!person.phone.empty(), not_payable, "The borrower has no phone number to pay out to.");
    ++loan.payout_attempts;
    const auto payout = payments::pay_out(
        tx, {.purpose = disbursement_purpose,
             .purpose_id = loan.id.text(),
             .user_id = loan.user_id,
             .amount = loan.principal,
             .phone = person.phone,
             .reference = "loan:" + loan.id.text() + ":payout:" + std::to_string(loan.payout_attempts),
             .account_reference = loan.reference,
             .description = "Loan " + loan.reference});
    loan.payout_id = payout.id.text();
    save(tx, loan);
    return loan;
}

void book_stray_payout(Tx& tx, const payments::Payment& payment, const ledger::Leg& provider_leg,
                       const std::string& reference) {
    const auto suspense = payments::suspense_account(tx, payment.amount.currency());
    ledger::post(tx, ledger::Posting{.reference = reference,
                                     .memo = "Payout that nothing was waiting for",
                                     .metadata = {{"payment_id", payment.id.text()}},
                                     .legs = {provider_leg, {suspense, -payment.amount}}});
    json::Object facts;
    facts.emplace_back("payment_id", json::Value(payment.id.text()));
    jobs::publish(tx, "payment.stray", json::Value(std::move(facts)));
}

void payout_completed(Tx& tx, const payments::Payment& payment, const ledger::Leg& provider_leg,
                      const std::string& reference) {
    Loan loan = loan_with(tx, LoanId(payment.purpose_id));
    if (loan.status != LoanStatus::approved) return book_stray_payout(tx, payment, provider_leg, reference);
    loan.payout_id = payment.id.text();
    begin(tx, loan, provider_leg, reference);
}

Loan record_outside_disbursement(Tx& tx, const LoanId& id, const std::string& transaction_reference) {
    Loan loan = loan_with(tx, id);
    if (loan.status == LoanStatus::active) return loan;
    require(loan.status == LoanStatus::approved, not_payable, "Only an approved loan can be paid out.");
    require_no_payout(tx, loan);
    const auto currency = loan.principal.currency();
    const auto bank = ledger::account_of(tx, ledger::house("bank", ledger::AccountKind::asset, currency));
    const std::string reference = "loan:" + id.text() + ":disbursed_outside";
    if (!transaction_reference.empty())
        loan.admin_notes = "Paid out outside, reference " + transaction_reference;
    begin(tx, loan, {bank, loan.principal}, reference);
    return loan;
}

void payout_failed(Tx& tx, const payments::Payment& payment) {
    jobs::publish(tx, "loan.payout_failed", loan_facts(loan_with(tx, LoanId(payment.purpose_id))));
}

}  // namespace pamoja::lending
