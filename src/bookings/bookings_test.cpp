#include "bookings/bookings_test.hpp"

#include "bookings/held_times.hpp"
#include "bookings/slots.hpp"

namespace pamoja::bookings {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST_P(BookingsTest, ConfirmsByItselfWhenTheProviderNeverSaidWhen) {
    const auto booking = book("2025-11-25T10:00:00Z");
    EXPECT_EQ(booking.status, BookingStatus::processing);
    EXPECT_EQ(booking.booking_reference, "BK-20251125-001");
    EXPECT_EQ(booking.ends_at, at("2025-11-25T11:00:00Z"));
    EXPECT_EQ(booking.price, Money(500'000, Currency("INR")));
    runner_.drain();
    const auto confirmed = write([&](Tx& tx) { return booking_with(tx, booking.id); });
    EXPECT_EQ(confirmed.status, BookingStatus::confirmed);
    EXPECT_EQ(confirmed.confirmed_at, db_.clock.now());
    EXPECT_EQ(times_heard("booking.created"), 1);
    EXPECT_EQ(times_heard("booking.confirmed"), 1);
}

TEST_P(BookingsTest, WaitsForTheProviderOutsideOfItsHours) {
    work_on_saturdays();
    const auto inside = book("2025-11-29T09:00:00Z");
    const auto outside = book("2025-11-25T10:00:00Z");
    // The last minutes would be after hours.
    const auto late = book("2025-11-29T16:30:00Z");
    runner_.drain();
    EXPECT_EQ(status_of(inside), BookingStatus::confirmed);
    EXPECT_EQ(status_of(outside), BookingStatus::processing);
    EXPECT_EQ(status_of(late), BookingStatus::processing);
    write([&](Tx& tx) { return confirm(tx, outside.id); });
    write([&](Tx& tx) { return decline(tx, late.id, owner, "Too late"); });
    EXPECT_EQ(status_of(outside), BookingStatus::confirmed);
    EXPECT_EQ(status_of(late), BookingStatus::declined);
    EXPECT_EQ(reason_of_write([&](Tx& tx) { return decline(tx, outside.id, owner, ""); }),
              "booking_status_conflict");
    // What was declined holds nothing.
    EXPECT_EQ(book("2025-11-29T16:30:00Z").booking_reference, "BK-20251129-003");
    runner_.drain();
    EXPECT_EQ(times_heard("booking.declined"), 1);
}

TEST_P(BookingsTest, RefusesATakenTimeAndNamesOthers) {
    book("2025-11-25T10:00:00Z");
    try {
        book("2025-11-25T10:30:00Z", bob);
        FAIL() << "the time is taken";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.reason().code, std::string("slot_taken"));
        const auto details = json::parse(failure.details);
        const auto* alternatives = details.find("alternatives")->array();
        ASSERT_NE(alternatives, nullptr);
        ASSERT_EQ(alternatives->size(), 5U);
        for (const auto& each : *alternatives) {
            const auto time = each.find("scheduled_at")->text_or_empty();
            EXPECT_NE(time, "2025-11-25T10:00:00Z");
            EXPECT_EQ(each.find("local_time")->text_or_empty(), time.substr(0, 19) + "+00:00");
            EXPECT_EQ(reason_of([&] { book(time.c_str(), bob); }), "accepted") << time;
        }
    }
}

TEST_P(BookingsTest, KeepsBuffersOfBothFree) {
    service_ = add_service(provider_, [](auto& terms) {
        terms.buffer_before_minutes = 10;
        terms.buffer_after_minutes = 15;
    });
    book("2025-11-25T10:00:00Z");
    const std::vector<std::pair<const char*, const char*>> cases = {
        {"2025-11-25T11:24:00Z", "slot_taken"},
        {"2025-11-25T08:36:00Z", "slot_taken"},
        {"2025-11-25T11:25:00Z", "accepted"},
        {"2025-11-25T08:35:00Z", "accepted"},
    };
    for (const auto& [time, outcome] : cases)
        EXPECT_EQ(reason_of([&, t = time] { book(t); }), outcome) << time;
}

TEST_P(BookingsTest, SharesATimeUntilItsSeatsAreTaken) {
    const auto course = add_service(provider_, [](auto& terms) { terms.capacity = 2; });
    const auto time = at("2025-11-25T10:00:00Z");
    const auto first = book_at(course, time);
    book_at(course, time, bob);
    EXPECT_EQ(reason_of([&] { book_at(course, time); }), "slot_taken");
    // Neither another time of the course nor another service fits beside it.
    EXPECT_EQ(reason_of([&] { book_at(course, time.plus(minutes(30))); }), "slot_taken");
    EXPECT_EQ(reason_of([&] { book("2025-11-25T10:00:00Z"); }), "slot_taken");
    write([&](Tx& tx) { return cancel(tx, first.id, ann, ""); });
    EXPECT_EQ(reason_of([&] { book("2025-11-25T10:00:00Z"); }), "slot_taken");
    EXPECT_EQ(reason_of([&] { book_at(course, time); }), "accepted");
}

TEST_P(BookingsTest, HoldsNoticeAndHorizonButTakesWhatIsOver) {
    EXPECT_EQ(reason_of([&] { book("2024-01-01T10:00:00Z"); }), "accepted");
    service_ = add_service(provider_, [](auto& terms) {
        terms.minimum_notice_minutes = 120;
        terms.horizon_days = 30;
    });
    const std::vector<std::pair<const char*, const char*>> cases = {
        {"2025-11-20T11:59:00Z", "outside_booking_terms"},
        {"2025-11-20T12:00:00Z", "accepted"},
        {"2025-12-20T10:00:00Z", "accepted"},
        {"2025-12-20T10:01:00Z", "outside_booking_terms"},
    };
    for (const auto& [time, outcome] : cases)
        EXPECT_EQ(reason_of([&, t = time] { book(t); }), outcome) << time;
}

TEST_P(BookingsTest, OnlyActiveProvidersAndOfferedServicesAreBooked) {
    const auto other = make_provider("UTC");
    write([&](Tx& tx) {
        return providers::set_provider_status(tx, other.id, providers::ProviderStatus::suspended, "");
    });
    const auto service = add_service(other, {});
    EXPECT_EQ(reason_of([&] { book_at(service, at("2025-11-25T10:00:00Z")); }), "provider_not_active");
    write([&](Tx& tx) { providers::withdraw_service(tx, provider_.id, service_.id); });
    EXPECT_EQ(reason_of([&] { book("2025-11-25T10:00:00Z"); }), "not_found");
    EXPECT_EQ(reason_of_write([&](Tx& tx) {
                  return bookings::book(tx, {.customer_id = ann,
                                             .provider_id = provider_.id,
                                             .service_id = service.id,
                                             .scheduled_at = at("2025-11-25T10:00:00Z")});
              }),
              "not_found");
}

TEST_P(BookingsTest, ExpiresWhatTheProviderNeverAnswered) {
    work_on_saturdays();
    const auto slow = book("2025-11-25T10:00:00Z");
    const auto soon = book("2025-11-20T15:00:00Z");
    const auto answered = book("2025-11-26T10:00:00Z");
    const auto past = book("2025-11-19T10:00:00Z");
    EXPECT_EQ(slow.held_until, db_.clock.now().plus(answer_time));
    EXPECT_EQ(soon.held_until, soon.scheduled_at);
    EXPECT_EQ(past.held_until, db_.clock.now().plus(answer_time));
    write([&](Tx& tx) { return confirm(tx, answered.id); });
    run_until(at("2025-11-20T15:00:01Z"));
    EXPECT_EQ(status_of(soon), BookingStatus::expired);
    EXPECT_EQ(status_of(slow), BookingStatus::processing);
    run_until(at("2025-11-22T00:00:00Z"));
    EXPECT_EQ(status_of(slow), BookingStatus::expired);
    EXPECT_EQ(status_of(answered), BookingStatus::confirmed);
    EXPECT_EQ(times_heard("booking.expired"), 3);
    EXPECT_EQ(reason_of([&] { book("2025-11-25T10:00:00Z"); }), "accepted");
}

TEST_P(BookingsTest, MovesABookingOrNothing) {
    const auto mine = book("2025-11-25T10:00:00Z");
    book("2025-11-25T14:00:00Z", bob);
    runner_.drain();
    const auto move = [&](const char* time, Mover mover = Mover::customer) {
        return reason_of_write(
            [&](Tx& tx) { return reschedule(tx, mine.id, at(time), mover, "Later, please"); });
    };
    EXPECT_EQ(move("2025-11-25T13:30:00Z"), "slot_taken");
    // The refused move gave nothing back.
    EXPECT_EQ(reason_of([&] { book("2025-11-25T10:00:00Z", bob); }), "slot_taken");
    // Half an hour later overlaps nothing but the booking itself.
    EXPECT_EQ(move("2025-11-25T10:30:00Z"), "accepted");
    const auto moved = write([&](Tx& tx) { return booking_with(tx, mine.id); });
    EXPECT_EQ(moved.status, BookingStatus::confirmed);
    EXPECT_EQ(moved.ends_at, at("2025-11-25T11:30:00Z"));
    EXPECT_EQ(moved.booking_reference, mine.booking_reference);
    EXPECT_GT(moved.revision, mine.revision);
    EXPECT_EQ(reason_of([&] { book("2025-11-25T09:30:00Z", bob); }), "accepted");
    // Outside of hours the provider has to agree anew, unless it is the provider who moves it.
    work_on_saturdays();
    EXPECT_EQ(move("2025-11-26T10:00:00Z"), "accepted");
    EXPECT_EQ(status_of(mine), BookingStatus::processing);
    EXPECT_EQ(move("2025-11-26T12:00:00Z", Mover::provider), "accepted");
    runner_.drain();
    EXPECT_EQ(status_of(mine), BookingStatus::confirmed);
    EXPECT_EQ(times_heard("booking.rescheduled"), 3);
    write([&](Tx& tx) { return cancel(tx, mine.id, ann, ""); });
    EXPECT_EQ(move("2025-11-27T12:00:00Z"), "booking_status_conflict");
}

TEST_P(BookingsTest, CancelsOnceAndRemembersWhoAndWhy) {
    const auto booking = book("2025-11-25T10:00:00Z");
    const auto cancelled = write([&](Tx& tx) { return cancel(tx, booking.id, ann, "Ill"); });
    EXPECT_EQ(cancelled.status, BookingStatus::cancelled);
    EXPECT_EQ(cancelled.closed_by, ann);
    EXPECT_EQ(cancelled.reason, "Ill");
    EXPECT_EQ(reason_of_write([&](Tx& tx) { return cancel(tx, booking.id, ann, ""); }),
              "booking_status_conflict");
    runner_.drain();
    EXPECT_EQ(status_of(booking), BookingStatus::cancelled);
    EXPECT_EQ(times_heard("booking.cancelled"), 1);
    EXPECT_EQ(times_heard("booking.confirmed"), 0);
    EXPECT_EQ(book("2025-11-25T10:00:00Z", bob).booking_reference, "BK-20251125-002");
}

TEST_P(BookingsTest, CompletesOrMissesOnlyWhatHasBegun) {
    const auto first = book("2025-11-25T10:00:00Z");
    const auto second = book("2025-11-25T12:00:00Z");
    EXPECT_EQ(reason_of_write([&](Tx& tx) { return complete(tx, first.id, owner); }),
              "booking_status_conflict");
    run_until(at("2025-11-25T09:59:59Z"));
    EXPECT_EQ(reason_of_write([&](Tx& tx) { return complete(tx, first.id, owner); }),
              "booking_status_conflict");
    run_until(at("2025-11-25T12:00:00Z"));
    EXPECT_EQ(write([&](Tx& tx) { return complete(tx, first.id, owner); }).status, BookingStatus::completed);
    EXPECT_EQ(write([&](Tx& tx) { return mark_no_show(tx, second.id, owner); }).status,
              BookingStatus::no_show);
    EXPECT_EQ(reason_of_write([&](Tx& tx) { return complete(tx, second.id, owner); }),
              "booking_status_conflict");
    // The time was used.
    EXPECT_EQ(reason_of([&] { book("2025-11-25T10:00:00Z"); }), "slot_taken");
}

TEST_P(BookingsTest, RemindsOnceADayAndOnceAnHourBefore) {
    const auto booking = book("2025-11-25T10:00:00Z");
    const auto soon = book("2025-11-20T10:30:00Z");  // too soon for any reminder
    const auto cancelled = book("2025-11-26T10:00:00Z");
    runner_.drain();
    write([&](Tx& tx) { return cancel(tx, cancelled.id, ann, ""); });
    run_until(at("2025-11-24T09:59:59Z"));
    EXPECT_EQ(times_heard("booking.reminder"), 0);
    run_until(at("2025-11-24T10:00:00Z"));
    EXPECT_EQ(times_heard("booking.reminder"), 1);
    run_until(at("2025-11-25T09:00:00Z"));
    EXPECT_EQ(times_heard("booking.reminder"), 2);
    run_until(at("2025-11-28T00:00:00Z"));
    EXPECT_EQ(times_heard("booking.reminder"), 2);
    EXPECT_EQ(status_of(soon), BookingStatus::confirmed);
    EXPECT_EQ(status_of(booking), BookingStatus::confirmed);
}

TEST_P(BookingsTest, RemindersMoveWithTheBooking) {
    const auto booking = book("2025-11-25T10:00:00Z");
    run_until(at("2025-11-24T12:00:00Z"));
    EXPECT_EQ(times_heard("booking.reminder"), 1);
    write(
        [&](Tx& tx) { return reschedule(tx, booking.id, at("2025-11-27T10:00:00Z"), Mover::customer, ""); });
    run_until(at("2025-11-26T09:59:59Z"));
    EXPECT_EQ(times_heard("booking.reminder"), 1);
    run_until(at("2025-11-27T09:00:00Z"));
    EXPECT_EQ(times_heard("booking.reminder"), 3);
}

TEST_P(BookingsTest, NumbersEachDayOfEachTenantWithoutGaps) {
    const auto references = [&](const char* time) { return book(time).booking_reference; };
    EXPECT_EQ(references("2025-11-25T10:00:00Z"), "BK-20251125-001");
    EXPECT_EQ(reason_of([&] { book("2025-11-25T10:00:00Z"); }), "slot_taken");
    EXPECT_EQ(references("2025-11-25T12:00:00Z"), "BK-20251125-002");
    EXPECT_EQ(references("2025-11-26T00:00:00Z"), "BK-20251126-001");
}

TEST_P(BookingsTest, TheSchemaItselfRefusesTimesThatOverlap) {
    const auto insert = [&](const char* id, const char* from, const char* until) {
        write([&](Tx& tx) {
            tx.insert("held_times", HeldTime{HeldTimeId(id), provider_.id, service_.id, at(from), at(until),
                                             at(from), at(until)});
        });
    };
    insert("1", "2025-11-25T10:00:00Z", "2025-11-25T11:00:00Z");
    insert("2", "2025-11-25T11:00:00Z", "2025-11-25T12:00:00Z");
    EXPECT_THROW(insert("3", "2025-11-25T09:00:00Z", "2025-11-25T10:00:01Z"), ConstraintViolation);
    EXPECT_THROW(insert("4", "2025-11-25T10:15:00Z", "2025-11-25T10:30:00Z"), ConstraintViolation);
}

TEST_P(BookingsTest, StrangersOfAnotherTenantFindNothing) {
    const auto booking = book("2025-11-25T10:00:00Z");
    const auto by_stranger = [&](auto work) { return reason_of([&] { db_->write(TenantId("b"), work); }); };
    EXPECT_EQ(by_stranger([&](Tx& tx) { return booking_with(tx, booking.id); }), "not_found");
    EXPECT_EQ(by_stranger([&](Tx& tx) { return cancel(tx, booking.id, ann, ""); }), "not_found");
    EXPECT_EQ(by_stranger([&](Tx& tx) {
                  return bookings::book(tx, {.customer_id = bob,
                                             .provider_id = provider_.id,
                                             .service_id = service_.id,
                                             .scheduled_at = at("2025-11-27T10:00:00Z")});
              }),
              "not_found");
}

TEST_P(BookingsTest, ListsByCustomerProviderStatusAndTime) {
    book("2025-11-25T10:00:00Z");
    book("2025-11-26T10:00:00Z", bob);
    const auto count = [&](const BookingFilter& filter) {
        return write([&](Tx& tx) { return bookings_matching(tx, filter, {}).total; });
    };
    EXPECT_EQ(count({}), 2);
    EXPECT_EQ(count({.customer_id = bob}), 1);
    EXPECT_EQ(count({.provider_id = ProviderId("other")}), 0);
    EXPECT_EQ(count({.status = BookingStatus::processing}), 2);
    EXPECT_EQ(count({.from = at("2025-11-25T11:00:00Z")}), 1);
    EXPECT_EQ(count({.until = at("2025-11-26T10:00:00Z")}), 1);
}

TEST_P(BookingsTest, OffersTheSlotsThatABookingLeaves) {
    work_on_saturdays();
    const auto booking = book("2025-11-29T10:00:00Z");
    const auto slots = write([&](Tx& tx) {
        return slots_in(
            diary_of(tx, provider_, service_, Date(2025, 11, 28), Date(2025, 11, 30), Naming::by_reference));
    });
    ASSERT_EQ(slots.size(), 8U);
    EXPECT_EQ(slots[1].obstacles, std::vector<std::string>{"overlaps " + booking.booking_reference});
    EXPECT_EQ(std::ranges::count_if(slots, &Slot::is_free), 7);
    EXPECT_EQ(reason_of_write([&](Tx& tx) {
                  return diary_of(tx, provider_, service_, Date(2025, 11, 1), Date(2025, 12, 2),
                                  Naming::anonymous);
              }),
              "validation_failed");
}

TEST_P(BookingsTest, TellsPoliciesWhatTheyAskAbout) {
    const auto facts = policy_facts(book("2025-11-25T10:00:00Z"));
    EXPECT_EQ(facts.find("scheduled_at")->text_or_empty(), "2025-11-25T10:00:00Z");
    EXPECT_EQ(facts.find("scheduled_time")->text_or_empty(), "2025-11-25T10:00:00Z");
    EXPECT_EQ(facts.find("customer_id")->text_or_empty(), "ann");
    EXPECT_EQ(facts.find("price")->number()->text, "5000");
}

INSTANTIATE_TEST_SUITE_P(Engines, BookingsTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& engine) { return testing::name_of(engine.param); });

}  // namespace
}  // namespace pamoja::bookings
