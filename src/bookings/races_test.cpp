#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "bookings/bookings_test.hpp"
#include "bookings/held_times.hpp"

namespace pamoja::bookings {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class BookingRacesTest : public BookingsTest {
  protected:
    // Runs the work on that many threads at once; counts each outcome.
    static std::map<std::string, int> race(int threads, const std::function<void(int)>& work) {
        std::mutex mutex;
        std::map<std::string, int> outcomes;
        std::vector<std::thread> pool;
        for (int i = 0; i < threads; ++i) {
            pool.emplace_back([&, i] {
                const auto outcome = reason_of([&] { work(i); });
                const std::lock_guard lock(mutex);
                ++outcomes[outcome];
            });
        }
        for (auto& thread : pool) thread.join();
        return outcomes;
    }
};

TEST_P(BookingRacesTest, SixtyFourForOneSlotHaveOneWinner) {
    for (int round = 0; round < 5; ++round) {
        const auto time = at("2025-11-25T10:00:00Z").plus(hours(2 * round));
        std::atomic<int> with_alternatives = 0;
        const auto outcomes = race(64, [&](int) {
            try {
                book_at(service_, time);
            } catch (const Failure& failure) {
                if (failure.details.find("scheduled_at") != std::string::npos) ++with_alternatives;
                throw;
            }
        });
        EXPECT_EQ(outcomes, (std::map<std::string, int>{{"accepted", 1}, {"slot_taken", 63}}));
        EXPECT_EQ(with_alternatives, 63);
    }
}

TEST_P(BookingRacesTest, TimesThatOnlyPartlyOverlapHaveOneWinnerToo) {
    const auto outcomes =
        race(16, [&](int i) { book_at(service_, at("2025-11-25T10:00:00Z").plus(minutes(3 * i))); });
    EXPECT_EQ(outcomes, (std::map<std::string, int>{{"accepted", 1}, {"slot_taken", 15}}));
}

TEST_P(BookingRacesTest, AsManyAsThereAreSeatsGetOne) {
    const auto course = add_service(provider_, [](auto& terms) { terms.capacity = 5; });
    const auto outcomes = race(32, [&](int) { book_at(course, at("2025-11-25T10:00:00Z")); });
    EXPECT_EQ(outcomes, (std::map<std::string, int>{{"accepted", 5}, {"slot_taken", 27}}));
}

TEST_P(BookingRacesTest, ReferencesOfADayHaveNoGapAndNoDouble) {
    constexpr int count = 64;
    std::mutex mutex;
    std::set<std::string> references;
    const auto outcomes = race(count, [&](int i) {
        // Every fourth asks for a time that another one wants as well.
        const int hour = i % 4 == 0 ? i + 1 : i;
        const auto made = book_at(service_, at("2025-11-25T00:00:00Z").plus(minutes(hour) * 20));
        const std::lock_guard lock(mutex);
        references.insert(made.booking_reference);
    });
    const int accepted = outcomes.at("accepted");
    EXPECT_EQ(static_cast<int>(references.size()), accepted);
    EXPECT_EQ(accepted + outcomes.at("slot_taken"), count);
    for (int i = 1; i <= accepted; ++i) {
        const std::string number = std::to_string(i);
        EXPECT_TRUE(references.contains("BK-20251125-" + std::string(3 - number.size(), '0') + number)) << i;
    }
}

TEST_P(BookingRacesTest, ManyProvidersOnOneDayAreAllServed) {
    std::vector<providers::Service> services;
    for (int i = 0; i < 32; ++i) services.push_back(add_service(make_provider("UTC"), {}));
    const auto outcomes =
        race(32, [&](int i) { book_at(services[static_cast<std::size_t>(i)], at("2025-11-25T10:00:00Z")); });
    EXPECT_EQ(outcomes, (std::map<std::string, int>{{"accepted", 32}}));
    EXPECT_EQ(book("2025-11-25T15:00:00Z").booking_reference, "BK-20251125-033");
}

TEST_P(BookingRacesTest, ASeatThatIsLeftWhileAnotherIsTakenIsNeverLost) {
    const auto course = add_service(provider_, [](auto& terms) { terms.capacity = 2; });
    for (int round = 0; round < 10; ++round) {
        const auto time = at("2025-11-25T10:00:00Z").plus(hours(round));
        const auto mine = book_at(course, time);
        race(3, [&](int i) {
            if (i == 0) {
                write([&](Tx& tx) { return cancel(tx, mine.id, ann, ""); });
            } else {
                book_at(course, time, bob);
            }
        });
        // Two of three seats' worth of people are left at most, and a held time has a booking.
        const auto occupations = write([&](Tx& tx) {
            return occupations_in(tx, provider_.id, {time, time.plus(hours(1))});
        });
        ASSERT_EQ(occupations.size(), 1U);
        EXPECT_GE(occupations[0].references.size(), 1U);
        EXPECT_LE(occupations[0].references.size(), 2U);
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, BookingRacesTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& engine) { return testing::name_of(engine.param); });

}  // namespace
}  // namespace pamoja::bookings
