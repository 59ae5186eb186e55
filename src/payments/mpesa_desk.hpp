#pragma once
#include "connectors/mpesa/daraja.hpp"
#include "jobs/handlers.hpp"
#include "payments/events.hpp"
#include "payments/suspense.hpp"

namespace pamoja::payments {

struct DeskConfig {
    std::string callback_base_url;  // "https://pay.example.com/api/v1/hooks/SECRET": unguessable, per tenant
    ApplyRules rules;
};

// Collects and pays out over M-Pesa. Every movement is an intent that is committed first, a call to
// Safaricom, and a record of the answer; the reconciler finishes what a crash or a silence leaves open.
class MpesaDesk {
  public:
    // All must outlive it.
    MpesaDesk(mpesa::Daraja&, const Purposes&, DeskConfig);

    // Collecting: open (commits), push (calls), record (commits).
    struct OpenedPush {
        Payment payment;
        bool is_new = false;  // false: an earlier request with the reference pushed it, or was about to
    };
    OpenedPush open_push(Tx&, const NewPayment&) const;
    mpesa::Answer<mpesa::PushAccepted> push(const Payment&) const;
    // Throws nothing: a refusal ends the payment, which the caller shows or turns into its own refusal.
    Payment record_push(Tx&, const PaymentId&, const mpesa::Answer<mpesa::PushAccepted>&) const;

    EventId receive(Tx& tx, const Message& message) const { return payments::receive(tx, message); }
    Applied apply(Tx& tx, const EventId& id) const {
        return payments::apply(tx, purposes_, config_.rules, id);
    }
    // Whether a payment from the handset's menu is welcome, before it is made.
    bool would_accept(Tx&, const mpesa::CustomerPayment&) const;
    Payment resolve(Tx& tx, const SuspenseId& id, const NewPayment& explained, const UserId& by) const {
        return payments::resolve(tx, purposes_, id, explained, by);
    }

    // Tells Safaricom where to post payments from the handset's menu, by a job that is tried until it is
    // taken. For the start of a server.
    void announce_addresses(Tx&) const;

    // Registers the jobs: sending payouts, applying messages, asking about what stays open.
    void handle_jobs(jobs::Handlers&) const;

  private:
    void apply_later(Tx&, const jobs::Job&) const;
    void register_addresses(jobs::JobCall&) const;
    void send_payout(jobs::JobCall&) const;
    void record_payout(Tx&, const PaymentId&, const mpesa::Answer<mpesa::CommandAccepted>&) const;
    void reconcile(jobs::JobCall&) const;
    void ask_about_push(jobs::JobCall&, const Payment&) const;
    void ask_about_payout(jobs::JobCall&, const Payment&) const;
    std::string url(const char* kind, const PaymentId&) const;

    mpesa::Daraja& daraja_;
    const Purposes& purposes_;
    DeskConfig config_;
};

}  // namespace pamoja::payments
