#pragma once
#include <optional>

#include "sandbox/daraja/conversation.hpp"
#include "sandbox/shelf.hpp"

namespace pamoja::sandbox::daraja {

enum class PayoutState { pending, completed, failed, expired };

struct Payout {
    Conversation conversation;
    std::string command_id;
    std::string short_code;
    std::string phone;  // "254700123456"
    Money amount;
    Plan plan;
    Timestamp requested_at;
    PayoutState state = PayoutState::pending;
    std::string transaction_id;  // once it is decided
    Timestamp decided_at;
};

enum class PayoutVersion { v1, v3 };

// Payments from an organization to a customer (B2C).
class Payouts {
  public:
    explicit Payouts(Network& network) : network_(network) {}

    std::string request(const Command&, PayoutVersion);
    // By transaction, conversation, or the client's own id of it.
    std::optional<Payout> find(const std::string& id);
    void clear();

  private:
    Payout read(const Command&, PayoutVersion);
    void schedule(const Payout&);
    void decide(const std::string& conversation_id);
    void expire(const std::string& conversation_id);
    std::string success_of(const Payout&);
    void tell_timeout(const Payout&);

    Network& network_;
    std::mutex mutex_;
    Shelf<Payout> payouts_;
    Shelf<std::string> transactions_;  // conversations by transaction
};

}  // namespace pamoja::sandbox::daraja
