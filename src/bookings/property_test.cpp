#include <algorithm>

#include "bookings/bookings_test.hpp"
#include "bookings/held_times.hpp"

namespace pamoja::bookings {
namespace {

using std::chrono::minutes;

// Random bookings, moves and endings of one provider, held against a list that is searched by brute force.
class BookingPropertyTest : public BookingsTest {
  protected:
    struct Known {
        Booking booking;
        providers::Service service;
    };

    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(dice_.below(static_cast<std::uint64_t>(bound)));
    }

    void make_services() {
        // Duration, buffers before and after, capacity.
        const std::array<std::array<int, 4>, 4> shapes{
            {{30, 0, 0, 1}, {60, 10, 15, 1}, {45, 0, 20, 3}, {20, 5, 0, 2}}};
        for (const auto& shape : shapes) {
            services_.push_back(add_service(provider_, [&](auto& terms) {
                terms.duration_minutes = shape[0];
                terms.buffer_before_minutes = shape[1];
                terms.buffer_after_minutes = shape[2];
                terms.capacity = shape[3];
            }));
        }
    }

    // Whether the rules allow a booking there, other than `itself`.
    bool is_allowed(const providers::Service& service, Timestamp time, const BookingId& itself) const {
        const Interval wanted{time, time.plus(minutes(service.terms.duration_minutes))};
        const Interval busy = with_buffers(service.terms, wanted);
        int sharing = 0;
        for (const auto& [booking, other] : known_) {
            if (booking.id == itself || !holds_time(booking.status)) continue;
            if (!with_buffers(other.terms, booking.time()).overlaps(busy)) continue;
            if (other.id != service.id || booking.time() != wanted) return false;
            ++sharing;
        }
        return sharing < service.terms.capacity;
    }

    Timestamp some_time() { return at("2025-11-25T08:00:00Z").plus(minutes(5 * below(250))); }

    void try_to_book() {
        const auto& service = services_[static_cast<std::size_t>(below(4))];
        const auto time = some_time();
        std::optional<Booking> made;
        const auto outcome = reason_of([&] { made = book_at(service, time); });
        ASSERT_EQ(outcome, is_allowed(service, time, {}) ? "accepted" : "slot_taken") << time.text();
        if (made) known_.push_back({*made, service});
    }

    void try_to_move() {
        if (known_.empty()) return;
        auto& [booking, service] = known_[static_cast<std::size_t>(below(std::ssize(known_)))];
        const auto time = some_time();
        const bool is_allowed_there = booking.is_open() && is_allowed(service, time, booking.id);
        std::optional<Booking> moved;
        const auto outcome = reason_of([&] {
            moved = write([&](Tx& tx) { return reschedule(tx, booking.id, time, Mover::customer, ""); });
        });
        ASSERT_EQ(outcome == "accepted", is_allowed_there) << outcome;
        if (moved) booking = *moved;
    }

    void try_to_cancel() {
        if (known_.empty()) return;
        auto& booking = known_[static_cast<std::size_t>(below(std::ssize(known_)))].booking;
        const auto outcome =
            reason_of([&] { booking = write([&](Tx& tx) { return cancel(tx, booking.id, ann, ""); }); });
        ASSERT_TRUE(outcome == "accepted" || outcome == "booking_status_conflict") << outcome;
    }

    // What is stored says the same as the list, and nothing overlaps.
    void check_held_times() {
        const auto occupations = write([&](Tx& tx) {
            return occupations_in(tx, provider_.id, {at("2025-11-24T00:00:00Z"), at("2025-11-27T00:00:00Z")});
        });
        std::size_t seats = 0;
        for (std::size_t i = 0; i < occupations.size(); ++i) {
            seats += occupations[i].references.size();
            ASSERT_FALSE(occupations[i].references.empty());
            if (i > 0) {
                ASSERT_LE(occupations[i - 1].held.busy_until, occupations[i].held.busy_from);
            }
        }
        const auto holding =
            std::ranges::count_if(known_, [](const Known& each) { return holds_time(each.booking.status); });
        ASSERT_EQ(static_cast<std::ptrdiff_t>(seats), holding);
    }

    SeededRandom dice_{20'251'125};
    std::vector<providers::Service> services_;
    std::vector<Known> known_;
};

TEST_P(BookingPropertyTest, RandomBookingsNeverOverlap) {
    make_services();
    for (int step = 0; step < 600 && !HasFatalFailure(); ++step) {
        const auto choice = below(10);
        if (choice < 6) {
            try_to_book();
        } else if (choice < 8) {
            try_to_move();
        } else {
            try_to_cancel();
        }
        if (step % 20 == 0) check_held_times();
    }
    check_held_times();
    EXPECT_GT(known_.size(), 50U);
}

INSTANTIATE_TEST_SUITE_P(Engines, BookingPropertyTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& engine) { return testing::name_of(engine.param); });

}  // namespace
}  // namespace pamoja::bookings
