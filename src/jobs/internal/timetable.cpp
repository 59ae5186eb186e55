#include "jobs/internal/timetable.hpp"

#include "jobs/queue.hpp"

namespace pamoja::jobs {
namespace {

constexpr std::string_view installation_zone = "UTC";

// Each process asks for the tenants that are new, and now and then for all: for those of a process whose
// clock is far behind, and for time zones that were changed.
constexpr std::chrono::minutes until_all_are_listed{10};
constexpr std::chrono::minutes clocks_differ_by{1};
constexpr std::size_t tenants_per_commit = 200;

std::string due_text(const std::vector<Schedule>& schedules) {
    std::string names;
    for (const Schedule& each : schedules)
        names += (names.empty() ? "'" : ", '") + std::string(each.name) + "'";
    return "FROM job_schedules WHERE next_at <= $1 AND name IN (" + names +
           ") ORDER BY next_at, tenant_id, name LIMIT 1000";
}

bool is_for(const Schedule& schedule, const ZonedTenant& tenant) {
    return schedule.scope == Scope::each_tenant &&
           (schedule.groups.empty() ||
            std::ranges::find(schedule.groups, tenant.group) != schedule.groups.end());
}

// In a transaction of every_tenant(), for the many.
void insert_schedule(Tx& tx, const Schedule& schedule, const ZonedTenant& tenant, Timestamp now) {
    tx.run(
        "INSERT INTO job_schedules (tenant_id, name, next_at) VALUES ($1, $2, $3) ON CONFLICT "
        "(tenant_id, name) DO NOTHING",
        tenant.id, schedule.name, next_time(schedule, now, tenant.time_zone));
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
    const bool is_busy = is_live(tx, schedule_key(schedule.name));
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
                 .unique_key = schedule_key(schedule.name)});
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
    const auto due = database_.read(every_tenant(), [&](Tx& tx) { return tx.all<Due>(due_text_, now); });
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

void Timetable::refresh(Timestamp now) {
    if (due_text_.empty()) refresh_installation(now);
    const bool has_each = std::ranges::any_of(
        handlers_.schedules(), [](const auto& each) { return each.scope == Scope::each_tenant; });
    if (list_tenants_ && has_each) refresh_tenants(now);
}

void Timetable::refresh_installation(Timestamp now) {
    const ZonedTenant installation{every_tenant(), std::string(installation_zone)};
    database_.write(every_tenant(), [&](Tx& tx) {
        for (const Schedule& schedule : handlers_.schedules()) {
            if (schedule.scope == Scope::each_tenant) continue;
            // What once ran for each tenant must not go on beside the run for all.
            tx.run("DELETE FROM job_schedules WHERE name = $1 AND tenant_id <> $2", schedule.name,
                   every_tenant());
            insert_schedule(tx, schedule, installation, now);
        }
    });
    zones_.emplace(installation.id.text(), installation.time_zone);
    due_text_ = due_text(handlers_.schedules());
}

void Timetable::refresh_tenants(Timestamp now) {
    const bool is_recent =
        listed_all_at_ && now >= *listed_at_ && now.since(*listed_all_at_) < until_all_are_listed;
    const auto since = is_recent ? std::optional(listed_at_->minus(clocks_differ_by)) : std::nullopt;
    add(database_.read(every_tenant(), [&](Tx& tx) { return list_tenants_(tx, since); }), now);
    listed_at_ = now;
    if (!since) listed_all_at_ = now;
}

// Gives those that are new their rows.
void Timetable::add(const std::vector<ZonedTenant>& tenants, Timestamp now) {
    std::vector<const ZonedTenant*> added;
    for (const ZonedTenant& each : tenants) {
        if (std::ranges::none_of(handlers_.schedules(),
                                 [&](const auto& schedule) { return is_for(schedule, each); }))
            continue;
        if (!zones_.contains(each.id.text())) added.push_back(&each);
        zones_[each.id.text()] = each.time_zone;
    }
    for (std::size_t first = 0; first < added.size(); first += tenants_per_commit) {
        const auto part = std::span(added).subspan(first, std::min(tenants_per_commit, added.size() - first));
        database_.write(every_tenant(), [&](Tx& tx) {
            for (const ZonedTenant* each : part) {
                for (const Schedule& schedule : handlers_.schedules()) {
                    if (is_for(schedule, *each)) insert_schedule(tx, schedule, *each, now);
                }
            }
        });
    }
}

std::optional<std::future<bool>> Timetable::submit_run(const Due& due, Timestamp now) {
    const Schedule* schedule = handlers_.find_schedule(due.name);
    const auto zone = zones_.find(due.tenant_id.text());
    // Another process knows the tenant already.
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
