#include "notifications/reports.hpp"

#include "jobs/queue.hpp"
#include "notifications/delivery.hpp"

namespace pamoja::notifications {
namespace {

constexpr jobs::Kind record_report_kind{"notifications.record_report", jobs::Lane::outside, 6};

void record(jobs::JobCall& call) {
    const auto report = jobs::payload_as<Report>(call.job);
    const auto owner = call.database.read(every_tenant(), [&](Tx& tx) {
        return tx.value<TenantId>(
            "SELECT tenant_id FROM notification_deliveries WHERE channel = $1 AND provider_id = $2 AND "
            "status = "
            "'sent' ORDER BY tenant_id, id LIMIT 1",
            report.channel, report.provider_id);
    });
    if (owner) {
        call.database.write(*owner, [&](Tx& tx) {
            record_report(tx, report.channel, report.provider_id, report.has_arrived);
        });
    } else if (!call.job.is_last_attempt()) {
        throw jobs::Retry("No delivery waits for this report.");
    }
}

}  // namespace

void Report::describe(Fields& f) {
    f("channel", channel);
    f("provider_id", provider_id);
    f("has_arrived", has_arrived);
}

void take_report(Tx& tx, const Report& report) {
    jobs::enqueue(tx, {.kind = record_report_kind, .payload = jobs::payload_of(report)});
}

void handle_reports(jobs::Handlers& handlers) {
    handlers.add(record_report_kind, jobs::OutsideHandler(record));
}

}  // namespace pamoja::notifications
