#pragma once
#include <functional>

#include "crypto/keyring.hpp"
#include "jobs/handlers.hpp"
#include "notifications/template.hpp"

namespace pamoja::notifications {

enum class DeliveryStatus {
    pending,
    sent,       // the provider took it over
    delivered,  // the provider says that it arrived
    failed,
};
constexpr std::array<const char*, 4> names(DeliveryStatus) {
    return {"pending", "sent", "delivered", "failed"};
}

// The delivery log: one row a notice and outside channel. It holds no text of the letter.
struct Delivery {
    DeliveryId id;
    std::optional<NotificationId> notification_id;
    UserId user_id;
    Channel channel = Channel::email;
    std::string template_name;
    std::string address;
    DeliveryStatus status = DeliveryStatus::pending;
    std::int64_t attempts = 0;
    std::string provider_id;
    std::string error_class;  // "temporary", "permanent", "unknown", "no_carrier", "unreadable"; else empty
    Timestamp created_at;
    std::optional<Timestamp> sent_at;

    void describe(Fields&);
};

struct DeliveryFilter {
    std::optional<UserId> user_id = {};
    std::optional<Channel> channel = {};
    std::optional<DeliveryStatus> status = {};
};
Page<Delivery> deliveries(Tx&, const DeliveryFilter&, const PageRequest&);  // newest first

// What a provider said of a letter.
enum class Carried {
    sent,
    temporary,  // not now: try again
    permanent,  // never
    unknown,    // it may arrive: not tried again, so that nobody gets it twice
};
struct Receipt {
    Carried carried = Carried::temporary;
    std::string provider_id = {};
    std::string detail = {};  // for the log; holds nothing of the letter
};

// Takes a letter to an address. Called outside of transactions, may block, does not throw.
using Carrier = std::function<Receipt(const std::string& address, const Letter&)>;
struct Carriers {
    Carrier email = {};
    Carrier sms = {};
    Carrier push = {};
};

// Registers the job that takes letters out. The keyring must outlive the runner.
void handle_deliveries(jobs::Handlers&, const crypto::Keyring&, Carriers);

// A provider's report on an SMS or push: sent becomes delivered or failed. False when no delivery of that
// channel has that id.
bool record_report(Tx&, Channel, std::string_view provider_id, bool has_arrived);

}  // namespace pamoja::notifications
