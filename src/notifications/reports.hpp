#pragma once
#include "jobs/handlers.hpp"
#include "notifications/channel.hpp"

namespace pamoja::notifications {

// What a provider says of a message that it took. It names its own id and no tenant.
struct Report {
    Channel channel = Channel::sms;
    std::string provider_id = {};
    bool has_arrived = false;

    void describe(Fields&);
};

// Takes the report in; a job looks for its delivery among all tenants, and again for a while when the report
// was faster than our own note that it was sent. What is never found is dropped. Runs in any tenant's Tx.
void take_report(Tx&, const Report&);
void handle_reports(jobs::Handlers&);

}  // namespace pamoja::notifications
