#include "lending/repayment.hpp"

#include "identity/people.hpp"
#include "jobs/queue.hpp"
#include "ledger/holds.hpp"
#include "lending/accounts.hpp"

namespace pamoja::lending {
namespace {

// One incoming amount on its way: the dues that it pays and the legs that book it.
struct Intake {
    Tx& tx;
    Loan& loan;
    Money amount;
    ledger::Leg from;
    std::string reference;
    std::string source;
    std::vector<ledger::Leg> legs = {};
    std::vector<std::string> applications = {};

    Currency currency() const { return amount.currency(); }

    void add(const ledger::Account& account, const Money& part) {
        if (part.is_positive()) legs.push_back({account, part});
    }

    // Returns what the schedule leaves over.
    Money pay_schedule() {
        auto dues = dues_of(tx, loan.id);
        if (loan.status != LoanStatus::active || dues.empty()) return amount;
        const auto allocation = allocate(dues, amount, today_of(tx), usual_rule());
        settle(dues, allocation);
        save_dues(tx, loan.id, dues);
        for (const auto& part : allocation.applications) {
            applications.push_back(std::to_string(part.instalment) + " " + name_of(part.bucket) + " " +
                                   std::string(currency().code()) + " " + part.amount.major_text());
        }
        add(penalty_income(tx, currency()), allocation.applied_to(Bucket::penalty));
        add(fee_income(tx, currency()), allocation.applied_to(Bucket::fee));
        add(interest_income(tx, currency()), allocation.applied_to(Bucket::interest));
        add(loan_book(tx, currency()), allocation.applied_to(Bucket::principal));
        close_when_paid(dues);
        return allocation.surplus;
    }

    Money pay_fees(const Money& left) {
        const Money owed = fees_outstanding(tx, loan);
        const Money part = min(left, owed);
        if (!part.is_positive()) return left;
        add(fees_receivable(tx, loan), part);
        applications.push_back("0 fee " + std::string(currency().code()) + " " + part.major_text());
        return left - part;
    }

    // Posts and records. What is left is the borrower's credit, unless it came from there.
    void finish(const Money& surplus) {
        add(credit_of(tx, loan.user_id, currency()), surplus);
        legs.insert(legs.begin(), from);
        ledger::post(tx, ledger::Posting{.reference = reference,
                                         .memo = "Repayment of " + loan.reference,
                                         .metadata = {{"loan_id", loan.id.text()}},
                                         .legs = legs});
        tx.insert("loan_receipts", Receipt{.id = make_uuid(tx.now(), tx.random()),
                                           .loan_id = loan.id,
                                           .source = source,
                                           .amount = amount,
                                           .surplus = surplus,
                                           .applications = applications,
                                           .received_at = tx.now()});
        jobs::publish(tx, "loan.repaid", facts());
    }

  private:
    void close_when_paid(const std::vector<InstalmentDues>& dues) {
        if (!remaining_of(dues, currency()).is_zero()) return;
        loan.status = LoanStatus::completed;
        loan.closed_at = tx.now();
        save(tx, loan);
        jobs::publish(tx, "loan.completed", loan_facts(loan));
    }

    json::Value facts() const {
        auto value = loan_facts(loan);
        value.object()->emplace_back("paid", json::Value(amount.major_text()));
        return value;
    }
};

std::string source_of(const payments::Payment& payment) {
    return "payment:" + payment.id.text();
}

void book_recovery(Tx& tx, const Loan& loan, const payments::Payment& payment,
                   const ledger::Leg& provider_leg, const std::string& reference) {
    ledger::post(
        tx, ledger::Posting{
                .reference = reference,
                .memo = "Recovery on " + loan.reference,
                .metadata = {{"loan_id", loan.id.text()}},
                .legs = {provider_leg, {recovery_income(tx, payment.amount.currency()), payment.amount}}});
    jobs::publish(tx, "loan.recovered", loan_facts(loan));
}

std::string refund_hold(const payments::Payment& payment) {
    return "refund:" + payment.reference;
}

}  // namespace

void Receipt::describe(Fields& f) {
    f("id", id);
    f("loan_id", loan_id);
    f("source", source);
    f("amount", amount);
    f("surplus", surplus);
    f("applications", applications);
    f("received_at", received_at);
}

void repayment_completed(Tx& tx, const payments::Payment& payment, const ledger::Leg& provider_leg,
                         const std::string& reference) {
    Loan loan = loan_with(tx, LoanId(payment.purpose_id));
    if (loan.status == LoanStatus::written_off)
        return book_recovery(tx, loan, payment, provider_leg, reference);
    Intake intake{tx, loan, payment.amount, provider_leg, reference, source_of(payment)};
    intake.finish(intake.pay_fees(intake.pay_schedule()));
}

void repayment_failed(Tx& tx, const payments::Payment& payment) {
    jobs::publish(tx, "loan.repayment_failed", loan_facts(loan_with(tx, LoanId(payment.purpose_id))));
}

void fee_completed(Tx& tx, const payments::Payment& payment, const ledger::Leg& provider_leg,
                   const std::string& reference) {
    Loan loan = loan_with(tx, LoanId(payment.purpose_id));
    Intake intake{tx, loan, payment.amount, provider_leg, reference, source_of(payment)};
    intake.finish(intake.pay_fees(payment.amount));
}

Money use_credit(Tx& tx, const Loan& known) {
    Loan loan = known;
    const auto currency = loan.principal.currency();
    const Date today = today_of(tx);
    Money due = Money::zero(currency);
    for (const auto& instalment : dues_of(tx, loan.id)) {
        if (instalment.due_on <= today) due += instalment.outstanding();
    }
    const Money part = min(due, credit_balance(tx, loan.user_id, currency));
    if (loan.status != LoanStatus::active || !part.is_positive()) return Money::zero(currency);
    const std::string source = "credit:" + make_uuid(tx.now(), tx.random());
    Intake intake{tx,
                  loan,
                  part,
                  {credit_of(tx, loan.user_id, currency), -part},
                  "loan:" + loan.id.text() + ":" + source,
                  source};
    intake.finish(intake.pay_schedule());
    return part;
}

Money Payoff::total() const {
    const Money owed = principal + interest + penalties + fees;
    return owed - min(owed, credit);
}

Payoff payoff_of(Tx& tx, const Loan& loan) {
    const auto currency = loan.principal.currency();
    const Money zero = Money::zero(currency);
    Payoff payoff{zero, zero, zero, fees_outstanding(tx, loan), credit_balance(tx, loan.user_id, currency)};
    for (const auto& instalment : dues_of(tx, loan.id)) {
        payoff.principal += instalment.principal.outstanding();
        payoff.interest += instalment.interest.outstanding();
        payoff.penalties += instalment.penalty.outstanding();
        payoff.fees += instalment.fee.outstanding();
    }
    return payoff;
}

payments::Payment refund_credit(Tx& tx, const UserId& borrower, Currency currency,
                                const std::string& idempotency_key) {
    const auto whole_unit = currency.decimals() == 0 ? 1 : 100;
    // M-Pesa moves whole shillings only; cents stay as credit.
    const Money amount = credit_balance(tx, borrower, currency).to_multiple(whole_unit, Rounding::down);
    require(amount.is_positive(), no_credit, "There is no credit to pay back.");
    const auto person = identity::person_of(tx, borrower);
    const auto payment = payments::pay_out(tx, {.purpose = refund_purpose,
                                                .purpose_id = borrower.text(),
                                                .user_id = borrower,
                                                .amount = amount,
                                                .phone = person.phone,
                                                .reference = idempotency_key,
                                                .account_reference = "REFUND",
                                                .description = "Refund of credit"});
    ledger::place(
        tx,
        {.account = credit_of(tx, borrower, currency), .amount = amount, .reference = refund_hold(payment)});
    return payment;
}

void refund_completed(Tx& tx, const payments::Payment& payment, const ledger::Leg& provider_leg,
                      const std::string& reference) {
    const auto hold = ledger::find_hold(tx, refund_hold(payment));
    const bool is_held = hold && hold->status == ledger::HoldStatus::active;
    if (!is_held) return book_stray_payout(tx, payment, provider_leg, reference);
    ledger::settle(tx, hold->id, {.reference = reference, .to = {provider_leg}, .memo = "Credit paid back"});
}

void refund_failed(Tx& tx, const payments::Payment& payment) {
    const auto hold = ledger::find_hold(tx, refund_hold(payment));
    if (hold && hold->status == ledger::HoldStatus::active)
        ledger::release(tx, hold->id, "the payout failed");
}

Loan write_off(Tx& tx, const LoanId& id, const UserId& officer, const std::string& notes) {
    Loan loan = loan_with(tx, id);
    require(loan.user_id != officer, forbidden, "You cannot write off your own loan.");
    require(loan.status == LoanStatus::active, not_payable, "Only an active loan can be written off.");
    const auto currency = loan.principal.currency();
    Money outstanding = Money::zero(currency);
    for (const auto& instalment : dues_of(tx, id)) outstanding += instalment.principal.outstanding();
    if (outstanding.is_positive()) {
        ledger::post(tx, ledger::Transfer{.from = write_off_expense(tx, currency),
                                          .to = loan_book(tx, currency),
                                          .amount = outstanding,
                                          .reference = "loan:" + id.text() + ":written_off",
                                          .memo = "Loan " + loan.reference + " written off",
                                          .metadata = {{"loan_id", id.text()}}});
    }
    loan.status = LoanStatus::written_off;
    loan.closed_at = tx.now();
    if (!notes.empty()) loan.admin_notes = notes;
    save(tx, loan);
    jobs::publish(tx, "loan.written_off", loan_facts(loan));
    return loan;
}

}  // namespace pamoja::lending
