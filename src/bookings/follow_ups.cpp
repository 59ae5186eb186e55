#include "bookings/follow_ups.hpp"

#include "bookings/internal/due.hpp"
#include "jobs/queue.hpp"

namespace pamoja::bookings {
namespace {

using std::chrono::hours;

// The later one comes first: whoever is reminded an hour before needs no reminder of the day before.
constexpr std::array<int, 2> lead_hours{24, 1};

struct FollowUp {
    BookingId booking_id;
    int lead_hours = 0;  // of a reminder

    void describe(Fields& f) {
        f("booking_id", booking_id);
        f("lead_hours", lead_hours);
    }
};

std::string key_of(const char* what, const Booking& booking) {
    return "booking." + std::string(what) + ":" + booking.id.text();
}

std::string reminder_key(const Booking& booking, int lead) {
    return key_of(("remind" + std::to_string(lead)).c_str(), booking);
}

void plan(Tx& tx, const jobs::Kind& kind, std::string key, const FollowUp& payload, Timestamp run_at) {
    jobs::enqueue(tx, {.kind = kind,
                       .payload = jobs::payload_of(payload),
                       .run_at = run_at,
                       .unique_key = std::move(key),
                       .if_live = jobs::IfLive::move});
}

void plan_reminders(Tx& tx, const Booking& booking) {
    for (const int lead : lead_hours) {
        const auto run_at = booking.scheduled_at.minus(hours(lead));
        if (booking.status == BookingStatus::confirmed && run_at > tx.now()) {
            plan(tx, remind_job, reminder_key(booking, lead), {booking.id, lead}, run_at);
        } else {
            jobs::cancel(tx, reminder_key(booking, lead));
        }
    }
}

// Late is better than never, until the next reminder or the booking itself is due.
bool is_worth_reminding(const Booking& booking, int lead, Timestamp now) {
    const auto too_late =
        booking.scheduled_at.minus(hours(lead == lead_hours.front() ? lead_hours.back() : 0));
    return booking.status == BookingStatus::confirmed && booking.scheduled_at.minus(hours(lead)) <= now &&
           now < too_late;
}

void remind(Tx& tx, const FollowUp& due) {
    const Booking booking = booking_with(tx, due.booking_id);
    if (!is_worth_reminding(booking, due.lead_hours, tx.now())) return;
    json::Value data = event_data(booking);
    data.object()->emplace_back("lead_hours", json::Value(std::int64_t{due.lead_hours}));
    jobs::publish(tx, "booking.reminder", std::move(data));
}

}  // namespace

void add_handlers(jobs::Handlers& handlers) {
    handlers.add(confirm_job, [](Tx& tx, const jobs::Job& job) {
        confirm_if_settled(tx, jobs::payload_as<FollowUp>(job).booking_id);
    });
    handlers.add(expire_job, [](Tx& tx, const jobs::Job& job) {
        expire_if_due(tx, jobs::payload_as<FollowUp>(job).booking_id);
    });
    handlers.add(remind_job,
                 [](Tx& tx, const jobs::Job& job) { remind(tx, jobs::payload_as<FollowUp>(job)); });
}

void follow_up(Tx& tx, const Booking& booking) {
    if (booking.status == BookingStatus::processing && !booking.awaits_provider)
        plan(tx, confirm_job, key_of("confirm", booking), {booking.id}, tx.now());
    if (booking.held_until) {
        plan(tx, expire_job, key_of("expire", booking), {booking.id}, *booking.held_until);
    } else if (booking.revision > 0) {
        jobs::cancel(tx, key_of("expire", booking));
    }
    // What was never saved a second time has no reminders to move or take back.
    if (booking.revision > 0) plan_reminders(tx, booking);
}

}  // namespace pamoja::bookings
