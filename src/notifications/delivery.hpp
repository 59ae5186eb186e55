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

// The delivery log: one row a notice and outside channel. It holds no text of the letter but the subject, and
// that only where no secret is in it.
struct Delivery {
    DeliveryId id;
    std::optional<NotificationId> notification_id;
    UserId user_id;
    Channel channel = Channel::email;
    std::string template_name;
    std::string category = "system";
    bool is_critical = false;
    std::string address;  // empty for a push to all devices of the user
    std::string subject;
    DeliveryStatus status = DeliveryStatus::pending;
    std::int64_t attempts = 0;
    std::string provider_id;
    // "temporary", "permanent", "unknown", "unwanted", "no_device", "no_carrier", "unreadable", "reported";
    // else empty.
    std::string error_class;
    Timestamp created_at;
    std::optional<Timestamp> waits_until;  // the end of quiet hours
    std::optional<Timestamp> sent_at;
    std::optional<Timestamp> delivered_at;

    void describe(Fields&);
};

struct DeliveryFilter {
    std::optional<UserId> user_id = {};
    std::optional<Channel> channel = {};
    std::optional<DeliveryStatus> status = {};
};
Page<Delivery> deliveries(Tx&, const DeliveryFilter&, const PageRequest&);  // newest first
Delivery delivery_of(Tx&, const DeliveryId&);                               // throws not_found

// What a provider said of a letter.
enum class Carried {
    sent,       // the provider has it, and may report on it later
    delivered,  // the receiving side has it; nothing more will be heard
    temporary,  // not now: try again
    permanent,  // never
    gone,       // never, and the address is nobody's any more: a device is forgotten
    unknown,    // it may arrive: not tried again, so that nobody gets it twice
};
struct Receipt {
    Carried carried = Carried::temporary;
    std::string provider_id = {};
    std::string detail = {};  // for the log; holds nothing of the letter
    std::optional<std::chrono::seconds> retry_after = {};
};

// A letter to one address. The id lets an app on a device report that it arrived.
struct Dispatch {
    const DeliveryId& id;
    const std::string& address;
    const Letter& letter;
};

// Takes a letter to an address. Called outside of transactions, may block, does not throw.
using Carrier = std::function<Receipt(const Dispatch&)>;
struct Carriers {
    Carrier email = {};
    Carrier sms = {};
    Carrier push = {};
};

// Registers the jobs that take letters out and reports in. The keyring must outlive the runner.
void handle_deliveries(jobs::Handlers&, const crypto::Keyring&, Carriers);

// A provider's report on what it has sent: it becomes delivered or failed. False when no delivery of that
// channel has that id and waits for a report.
bool record_report(Tx&, Channel, std::string_view provider_id, bool has_arrived);

// The report of a recipient's own app. A second one changes nothing. Throws not_found when the delivery is
// not the recipient's, conflict when it was never sent.
Delivery record_arrival(Tx&, const UserId& recipient, const DeliveryId&);

}  // namespace pamoja::notifications
