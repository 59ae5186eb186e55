#include "faces/flexifinance/subscriptions.hpp"

#include "faces/flexifinance/templates.hpp"
#include "identity/tenants.hpp"
#include "jobs/queue.hpp"
#include "lending/loans.hpp"

namespace pamoja::faces::flexifinance {
namespace {

using notifications::Channel;

constexpr jobs::Kind notify_borrower{"flexifinance.notify_borrower"};

// Which events become a notice, and where it goes besides the inbox. The first is the type that is shown.
struct Subscription {
    const char* event;
    std::vector<Channel> channels;
};

const std::vector<Subscription>& subscriptions() {
    static const std::vector<Subscription> all{
        {"loan.submitted", {Channel::email}},
        {"loan.under_review", {Channel::in_app}},
        {"loan.approved", {Channel::email, Channel::sms}},
        {"loan.rejected", {Channel::email}},
        {"loan.disbursed", {Channel::sms}},
        {"loan.payout_failed", {Channel::sms}},
        {"loan.repaid", {Channel::sms}},
        {"loan.repayment_failed", {Channel::in_app}},
        {"loan.completed", {Channel::email}},
        {"loan.penalty_charged", {Channel::sms}},
    };
    return all;
}

std::string fact(const jobs::Event& event, std::string_view name) {
    const auto* value = event.data.find(name);
    return value != nullptr ? value->text_or_empty() : std::string();
}

// The amount that the event is about: what was paid, or else the loan's.
std::string amount_of(const jobs::Event& event) {
    const std::string paid = fact(event, "paid");
    const auto amount = Money::parse_major(paid.empty() ? fact(event, "amount") : paid, Currency("KES"));
    return amount ? amount->shortest_text() : std::string("0");
}

void notify(Tx& tx, const notifications::Notifier& notifier, const jobs::Event& event) {
    const auto tenant = identity::tenant_named(tx, tx.tenant());
    if (!tenant || tenant->face != "flexifinance") return;
    const auto subscription = std::ranges::find_if(
        subscriptions(), [&](const Subscription& each) { return event.name == each.event; });
    if (subscription == subscriptions().end()) return;

    const auto loan = lending::loan_with(tx, lending::LoanId(fact(event, "loan_id")));
    const auto person = identity::person_of(tx, loan.user_id);
    const std::string amount = amount_of(event);
    auto notice = notice_to(person, subscription->event, subscription->channels);
    notice.variables.push_back({"loan_reference", loan.reference});
    notice.variables.push_back({"amount", amount});
    notice.variables.push_back({"reason", loan.rejection_reason.value_or("")});
    notice.data = json::Value(json::Object{{"loan_reference", json::Value(loan.reference)},
                                           {"amount", json::Value(json::Number{amount})}});
    notifier.notify(tx, notice);
}

}  // namespace

void subscribe_notices(jobs::Handlers& handlers, const FlexiServices& services) {
    handlers.add(notify_borrower, [&notifier = services.notifier](Tx& tx, const jobs::Job& job) {
        notify(tx, notifier, jobs::event_of(job));
    });
    for (const auto& subscription : subscriptions()) {
        handlers.subscribe(subscription.event, notify_borrower);
    }
}

}  // namespace pamoja::faces::flexifinance
