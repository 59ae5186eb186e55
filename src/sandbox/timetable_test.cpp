#include "sandbox/timetable.hpp"

#include <gtest/gtest.h>

#include <future>

namespace pamoja::sandbox {
namespace {

using std::chrono::milliseconds;

TEST(Timetable, RunsTasksWhenTheyAreDue) {
    Timetable timetable(1);
    timetable.start();
    std::vector<int> order;
    std::promise<void> done;
    timetable.after(milliseconds(60), [&] {
        order.push_back(3);
        done.set_value();
    });
    timetable.after(milliseconds(30), [&] { order.push_back(2); });
    timetable.after(milliseconds(0), [&] { order.push_back(1); });
    ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(Timetable, RunsSeveralAtOnce) {
    Timetable timetable(2);
    timetable.start();
    std::promise<void> first;
    std::promise<void> second;
    // Each waits for the other.
    const auto meet = [](std::promise<void>& mine, std::promise<void>& other, bool& has_met) {
        mine.set_value();
        has_met = other.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready;
    };
    bool has_met_first = false;
    bool has_met_second = false;
    timetable.after({}, [&] { meet(first, second, has_met_first); });
    timetable.after({}, [&] { meet(second, first, has_met_second); });
    std::promise<void> last;
    timetable.after({}, [&] { last.set_value(); });
    last.get_future().wait();
    timetable.stop();
    EXPECT_TRUE(has_met_first);
    EXPECT_TRUE(has_met_second);
}

TEST(Timetable, DropsWhatIsNotDueAndWhatDoesNotFit) {
    Timetable timetable(1, 2);
    timetable.start();
    bool has_run = false;
    EXPECT_TRUE(timetable.after(std::chrono::hours(1), [&] { has_run = true; }));
    EXPECT_TRUE(timetable.after(std::chrono::hours(1), [&] { has_run = true; }));
    EXPECT_FALSE(timetable.after({}, [&] { has_run = true; }));
    timetable.clear();
    EXPECT_TRUE(timetable.after(std::chrono::hours(1), [&] { has_run = true; }));
    timetable.stop();
    EXPECT_FALSE(timetable.after({}, [&] { has_run = true; }));
    EXPECT_FALSE(has_run);
}

}  // namespace
}  // namespace pamoja::sandbox
