#include "jobs/internal/timetable.hpp"

#include "jobs/queue.hpp"

namespace pamoja::jobs {
namespace {

constexpr std::string_view installation_zone = "UTC";

std::string key_of(std::string_view name) {
    return "schedule:" + std::string(name);
}

void insert_schedule(Tx& tx, const Schedule& schedule, std::string_view zone, Timestamp now) {
    tx.run(
        "INSERT INTO job_schedules (tenant_id, name, next_at) VALUES (:tenant, $1, $2) ON CONFLICT "
        "(tenant_id, name) DO NOTHING",
        schedule.name, next_time(schedule, now, zone));
}

// The latest time that has passed, given one that has.
Timestamp latest_passed(const Schedule& schedule, Timestamp passed, Timestamp now, std::string_view zone) {
    // Stepping there from far behind would take long for a schedule of seconds.
    if (std::holds_alternative<Every>(schedule.when)) {
        const auto interval = std::get<Every>(schedule.when).interval;
        passed = std::max(passed, next_time(schedule, now.minus(2 * interval), zone));
    }
    for (auto next = next_time(schedule, passed, zone); next <= now; next = next_time(schedule, passed, zone))
        passed = next;
    return passed;
}

// Housekeeping that need not stop a simulation at each of its times.
bool is_frequent(const Schedule& schedule) {
    const auto* every = std::get_if<Every>(&schedule.when);
    return every != nullptr && every->interval < std::chrono::hours(24) && schedule.catch_up == CatchUp::once;
}

Timestamp up_to_quarter_day(Timestamp time) {
    constexpr std::int64_t quarter = std::chrono::microseconds(std::chrono::hours(6)).count();
    return Timestamp::from_micros((time.micros() + quarter - 1) / quarter * quarter);
}

// False when another process was faster, or when the last run is not done.
bool enqueue_run(Tx& tx, const Schedule& schedule, Timestamp due_at, Timestamp now, const std::string& zone) {
    const bool is_once = schedule.catch_up == CatchUp::once;
    const bool is_busy = is_live(tx, key_of(schedule.name));
    // Runs that must each happen follow one another; the others skip what they are too slow for.
    if (is_busy && !is_once) return false;
    const auto slot = is_once ? latest_passed(schedule, due_at, now, zone) : due_at;
    const auto moved = tx.run(
        "UPDATE job_schedules SET next_at = $2 WHERE tenant_id = :tenant AND name = $1 AND next_at = $3",
        schedule.name, next_time(schedule, slot, zone), due_at);
    if (moved == 0 || is_busy) return false;
    enqueue(tx, {.kind = schedule.kind,
                 .payload = json::Value(json::Object{{"scheduled_for", json::Value(slot.precise_text())}}),
                 .run_at = slot,
                 .unique_key = key_of(schedule.name)});
    return true;
}

}  // namespace

struct Timetable::Due {
    TenantId tenant_id;
    std::string name;
    Timestamp next_at;

    void describe(Fields& f) {
        f("tenant_id", tenant_id);
        f("name", name);
        f("next_at", next_at);
    }
};

Timetable::Timetable(Database& database, const Handlers& handlers, ListTenants list_tenants)
    : database_(database), handlers_(handlers), list_tenants_(std::move(list_tenants)) {}

std::int64_t Timetable::enqueue_due(Timestamp now) {
    if (handlers_.schedules().empty()) return 0;
    refresh(now);
    const auto due = database_.read(every_tenant(), [&](Tx& tx) {
        return tx.all<Due>(
            "FROM job_schedules WHERE next_at <= $1 ORDER BY next_at, tenant_id, name LIMIT 1000", now);
    });
    // All at once, so that the database can commit them together.
    std::vector<std::future<bool>> runs;
    for (const Due& each : due) {
        if (auto run = submit_run(each, now)) runs.push_back(std::move(*run));
    }
    for (const auto& run : runs) run.wait();
    std::int64_t enqueued = 0;
    for (auto& run : runs) enqueued += run.get() ? 1 : 0;
    return enqueued;
}

// Gives every new tenant its rows.
void Timetable::refresh(Timestamp now) {
    std::vector<ZonedTenant> tenants{{every_tenant(), std::string(installation_zone)}};
    if (list_tenants_) {
        for (auto& each : database_.read(every_tenant(), list_tenants_)) tenants.push_back(std::move(each));
    }
    for (const ZonedTenant& each : tenants) {
        if (zones_.contains(each.id.text())) continue;
        const auto scope = each.id == every_tenant() ? Scope::once : Scope::each_tenant;
        database_.write(each.id, [&](Tx& tx) {
            for (const Schedule& schedule : handlers_.schedules()) {
                if (schedule.scope == scope) insert_schedule(tx, schedule, each.time_zone, now);
            }
        });
        zones_.emplace(each.id.text(), each.time_zone);
    }
}

std::optional<std::future<bool>> Timetable::submit_run(const Due& due, Timestamp now) {
    const Schedule* schedule = handlers_.find_schedule(due.name);
    const auto zone = zones_.find(due.tenant_id.text());
    // A row of another version of the server is that one's business.
    if (schedule == nullptr || zone == zones_.end()) return std::nullopt;
    const auto answer = std::make_shared<std::promise<bool>>();
    const auto is_enqueued = std::make_shared<bool>(false);
    database_.submit_write(
        due.tenant_id,
        [due, schedule, zone = zone->second, now, is_enqueued](Tx& tx) {
            *is_enqueued = enqueue_run(tx, *schedule, due.next_at, now, zone);
        },
        [answer, is_enqueued](std::exception_ptr error) {
            if (error) {
                answer->set_exception(error);
            } else {
                answer->set_value(*is_enqueued);
            }
        });
    return answer->get_future();
}

std::optional<Timestamp> Timetable::next_stop(Timestamp after) {
    const auto rows = database_.read(every_tenant(), [&](Tx& tx) {
        return tx
            .rows(
                "SELECT name, MIN(next_at) FROM job_schedules WHERE next_at > $1 GROUP BY name ORDER BY name",
                after)
            .rows;
    });
    std::optional<Timestamp> earliest;
    for (const Row& row : rows) {
        const Schedule* schedule = handlers_.find_schedule(std::get<std::string>(row.cells[0]));
        if (schedule == nullptr) continue;
        const auto next = Timestamp::from_micros(std::get<std::int64_t>(row.cells[1]));
        const auto stop = is_frequent(*schedule) ? up_to_quarter_day(next) : next;
        if (!earliest || stop < *earliest) earliest = stop;
    }
    return earliest;
}

}  // namespace pamoja::jobs
