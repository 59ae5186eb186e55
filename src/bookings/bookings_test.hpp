#pragma once
#include <gtest/gtest.h>

#include "bookings/follow_ups.hpp"
#include "bookings/making.hpp"
#include "bookings/outcome.hpp"
#include "db/testing.hpp"
#include "jobs/queue.hpp"
#include "jobs/runner.hpp"
#include "providers/availability.hpp"

namespace pamoja::bookings {

inline const TenantId tenant("a");
inline const UserId ann("ann");
inline const UserId bob("bob");
inline const UserId owner("owner");  // the provider's side

inline Timestamp at(const char* text) {
    return *Timestamp::parse(text);
}

template <class F>
std::string reason_of(F work) {
    try {
        work();
        return "accepted";
    } catch (const Failure& failure) {
        return failure.reason().code;
    }
}

// A tenant with one active provider, whose events are counted by name.
class BookingsTest : public ::testing::TestWithParam<Engine> {
  protected:
    BookingsTest() : db_(GetParam()), runner_(*db_, db_.clock, db_.random, handlers_) {
        db_.clock.advance(at("2025-11-20T10:00:00Z").since(db_.clock.now()));
        add_handlers(handlers_);
        handlers_.add(hear_event, [](Tx& tx, const jobs::Job& job) {
            tx.run("INSERT INTO heard (name) VALUES ($1)", jobs::event_of(job).name);
        });
        handlers_.subscribe("*", hear_event);
        db_->write(every_tenant(), [](Tx& tx) { tx.run("CREATE TABLE heard (name TEXT NOT NULL)"); });
        provider_ = make_provider("UTC");
        service_ = add_service(provider_, {});
        // What the preparation published is not what tests listen for.
        runner_.drain();
        db_->write(every_tenant(), [](Tx& tx) { tx.run("DELETE FROM heard"); });
    }

    providers::Provider make_provider(const char* zone) {
        return db_->write(tenant, [&](Tx& tx) {
            const auto made = providers::create_provider(
                tx, {.first_name = "Raj", .last_name = "Sharma", .time_zone = zone});
            return providers::set_provider_status(tx, made.id, providers::ProviderStatus::active, "checked");
        });
    }

    providers::Service add_service(const providers::Provider& provider,
                                   const std::function<void(providers::ServiceTerms&)>& alter) {
        providers::ServiceTerms terms{.service_name = "Wedding Ceremony",
                                      .description = {},
                                      .duration_minutes = 60,
                                      .price = Money(500'000, Currency("INR"))};
        if (alter) alter(terms);
        return db_->write(tenant, [&](Tx& tx) { return providers::add_service(tx, provider.id, terms); });
    }

    Booking book(const char* time, const UserId& customer = ann) {
        return book_at(service_, at(time), customer);
    }
    Booking book_at(const providers::Service& service, Timestamp time, const UserId& customer = ann) {
        return db_->write(tenant, [&](Tx& tx) {
            return bookings::book(tx, {.customer_id = customer,
                                       .provider_id = service.provider_id,
                                       .service_id = service.id,
                                       .scheduled_at = time});
        });
    }

    // The provider works on Saturdays from nine to five.
    void work_on_saturdays() {
        db_->write(tenant, [&](Tx& tx) {
            providers::set_weekly_hours(
                tx, provider_.id,
                {{providers::Weekday::saturday,
                  {*providers::WallTime::parse("09:00"), *providers::WallTime::parse("17:00"), {}}}});
        });
    }

    template <class F>
    auto write(F work) {
        return db_->write(tenant, work);
    }
    template <class F>
    std::string reason_of_write(F work) {
        return reason_of([&] { db_->write(tenant, work); });
    }
    BookingStatus status_of(const Booking& booking) {
        return write([&](Tx& tx) { return booking_with(tx, booking.id).status; });
    }
    std::int64_t times_heard(const char* name) {
        return *db_->read(tenant, [&](Tx& tx) {
            return tx.value<std::int64_t>("SELECT COUNT(*) FROM heard WHERE name = $1", name);
        });
    }
    // Lets time pass and all jobs that fall due run.
    void run_until(Timestamp target) {
        runner_.run_due_until(target, [this](std::chrono::microseconds by) { db_.clock.advance(by); });
    }

    static constexpr jobs::Kind hear_event{"test.hear"};
    testing::TestDatabase db_;
    jobs::Handlers handlers_;
    jobs::Runner runner_;
    providers::Provider provider_;
    providers::Service service_;
};

}  // namespace pamoja::bookings
