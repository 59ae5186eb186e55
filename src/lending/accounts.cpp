#include "lending/accounts.hpp"

#include "ledger/balances.hpp"

namespace pamoja::lending {

using ledger::AccountKind;

ledger::Account loan_book(Tx& tx, Currency currency) {
    return ledger::account_of(tx, ledger::house("loan_book", AccountKind::asset, currency));
}

ledger::Account interest_income(Tx& tx, Currency currency) {
    return ledger::account_of(tx, ledger::house("interest_income", AccountKind::income, currency));
}

ledger::Account fee_income(Tx& tx, Currency currency) {
    return ledger::account_of(tx, ledger::house("fee_income", AccountKind::income, currency));
}

ledger::Account penalty_income(Tx& tx, Currency currency) {
    return ledger::account_of(tx, ledger::house("penalty_income", AccountKind::income, currency));
}

ledger::Account recovery_income(Tx& tx, Currency currency) {
    return ledger::account_of(tx, ledger::house("recovery_income", AccountKind::income, currency));
}

ledger::Account write_off_expense(Tx& tx, Currency currency) {
    return ledger::account_of(tx, ledger::house("write_off_expense", AccountKind::expense, currency));
}

ledger::Account fees_receivable(Tx& tx, const Loan& loan) {
    const auto currency = loan.principal.currency();
    return ledger::account_of(tx, {.code = "loan:" + loan.id.text() + ":fees:" + std::string(currency.code()),
                                   .kind = AccountKind::asset,
                                   .currency = currency,
                                   .owner = "user:" + loan.user_id.text()});
}

ledger::Account credit_of(Tx& tx, const UserId& user, Currency currency) {
    return ledger::account_of(tx, ledger::customer("user:" + user.text(), "loan_credit", currency));
}

Money credit_balance(Tx& tx, const UserId& user, Currency currency) {
    const auto spec = ledger::customer("user:" + user.text(), "loan_credit", currency);
    const auto account = ledger::find_account(tx, spec.code);
    return account ? ledger::balance_of(tx, *account).available() : Money::zero(currency);
}

Money fees_outstanding(Tx& tx, const Loan& loan) {
    const auto currency = loan.principal.currency();
    const auto account =
        ledger::find_account(tx, "loan:" + loan.id.text() + ":fees:" + std::string(currency.code()));
    return account ? account->in_normal_side(ledger::balance_of(tx, *account).posted) : Money::zero(currency);
}

}  // namespace pamoja::lending
