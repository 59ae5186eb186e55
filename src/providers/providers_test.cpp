#include <gtest/gtest.h>

#include "db/testing.hpp"
#include "providers/documents.hpp"
#include "providers/intervals.hpp"
#include "providers/plan.hpp"
#include "providers/services.hpp"

namespace pamoja::providers {
namespace {

const TenantId tenant("a");
const TenantId stranger("b");
const UserId officer("officer");

Timestamp at(const char* text) {
    return *Timestamp::parse(text);
}
WallTime clock_at(const char* text) {
    return *WallTime::parse(text);
}

template <class F>
std::string reason_of(F work) {
    try {
        work();
        return "accepted";
    } catch (const Failure& failure) {
        return failure.errors().empty() ? failure.reason().code : failure.errors().front().field;
    }
}

class ProvidersTest : public ::testing::TestWithParam<Engine> {
  protected:
    ProvidersTest() : db_(GetParam()) {}

    template <class F>
    auto write(F work) {
        return db_->write(tenant, work);
    }
    template <class F>
    std::string reason_of_write(F work) {
        return reason_of([&] { db_->write(tenant, work); });
    }
    Provider make_provider(const char* zone = "Asia/Kolkata", std::optional<UserId> user = {}) {
        return write([&](Tx& tx) {
            return create_provider(tx, {.first_name = "Raj",
                                        .last_name = "Sharma",
                                        .email = "raj@example.com",
                                        .time_zone = zone,
                                        .user_id = user});
        });
    }
    std::string open_times(const Provider& provider, const char* first, const char* last) {
        return write([&](Tx& tx) {
            std::string text;
            for (const auto& each : plan_of(tx, provider, *Date::parse(first), *Date::parse(last)).open())
                text += each.begin.text().substr(5, 11) + "-" + each.end.text().substr(5, 11) + " ";
            return text;
        });
    }

    testing::TestDatabase db_;
};

TEST_P(ProvidersTest, AProviderBeginsAsPendingAndBelongsToItsTenant) {
    const auto made = make_provider();
    EXPECT_EQ(made.status, ProviderStatus::pending);
    EXPECT_EQ(made.name(), "Raj Sharma");
    const auto seen = [&](const TenantId& by) {
        return reason_of([&] { db_->read(by, [&](Tx& tx) { return provider_with(tx, made.id).email; }); });
    };
    EXPECT_EQ(seen(tenant), "accepted");
    EXPECT_EQ(seen(stranger), "not_found");
}

TEST_P(ProvidersTest, TakesOnlyStepsThatMakeSense) {
    using S = ProviderStatus;
    struct Step {
        std::vector<S> before;
        S to;
        const char* outcome;
    };
    const std::vector<Step> steps = {
        {{}, S::active, "accepted"},
        {{}, S::rejected, "accepted"},
        {{}, S::suspended, "provider_status_conflict"},
        {{S::active}, S::active, "accepted"},
        {{S::active}, S::suspended, "accepted"},
        {{S::active}, S::rejected, "accepted"},
        {{S::active, S::suspended}, S::active, "accepted"},
        {{S::active, S::suspended}, S::pending, "provider_status_conflict"},
        {{S::rejected}, S::pending, "accepted"},
        {{S::rejected}, S::suspended, "provider_status_conflict"},
    };
    for (const auto& step : steps) {
        const auto made = make_provider();
        for (const S status : step.before)
            write([&](Tx& tx) { return set_provider_status(tx, made.id, status, "before"); });
        EXPECT_EQ(reason_of_write([&](Tx& tx) { return set_provider_status(tx, made.id, step.to, "so"); }),
                  step.outcome)
            << step.before.size() << " " << name_of(step.to);
    }
}

TEST_P(ProvidersTest, RefusesUnknownZonesAndASecondProviderOfAUser) {
    EXPECT_EQ(reason_of([&] { make_provider("Mars/Olympus"); }), "time_zone");
    const auto first = make_provider("UTC", UserId("ann"));
    EXPECT_EQ(reason_of([&] { make_provider("UTC", UserId("ann")); }), "user_id");
    EXPECT_EQ(write([](Tx& tx) { return provider_of_user(tx, UserId("ann"))->id; }), first.id);
    EXPECT_EQ(reason_of_write(
                  [&](Tx& tx) { return change_provider(tx, first.id, {.time_zone = "Nowhere/At_all"}); }),
              "time_zone");
    const auto changed =
        write([&](Tx& tx) { return change_provider(tx, first.id, {.time_zone = "Africa/Nairobi"}); });
    EXPECT_EQ(changed.time_zone + changed.first_name, "Africa/NairobiRaj");
}

TEST_P(ProvidersTest, KeepsServicesOfferedUntilTheyAreWithdrawn) {
    const auto owner = make_provider();
    const ServiceTerms terms{.service_name = "Wedding Ceremony",
                             .description = {},
                             .duration_minutes = 90,
                             .price = Money(500'000, Currency("INR"))};
    const auto made = write([&](Tx& tx) { return add_service(tx, owner.id, terms); });
    auto dearer = terms;
    dearer.price = Money(600'000, Currency("INR"));
    dearer.horizon_days = 30;
    write([&](Tx& tx) { return change_service(tx, owner.id, made.id, dearer); });
    const auto listed = write([&](Tx& tx) { return services_of(tx, owner.id); });
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed[0].terms.price.major_text() + " " + std::string(listed[0].terms.price.currency().code()),
              "6000.00 INR");
    EXPECT_EQ(listed[0].terms.horizon_days, 30);
    EXPECT_EQ(listed[0].terms.interval_minutes(), 90);
    const auto other = make_provider();
    EXPECT_EQ(reason_of_write([&](Tx& tx) { withdraw_service(tx, other.id, made.id); }), "not_found");
    write([&](Tx& tx) { withdraw_service(tx, owner.id, made.id); });
    EXPECT_EQ(reason_of_write([&](Tx& tx) { return service_of(tx, owner.id, made.id); }), "not_found");
    EXPECT_FALSE(write([&](Tx& tx) { return service_with(tx, made.id).is_offered; }));
}

TEST_P(ProvidersTest, RefusesTermsThatMakeNoSense) {
    const auto owner = make_provider();
    const std::vector<std::pair<const char*, std::function<void(ServiceTerms&)>>> cases = {
        {"duration_minutes", [](ServiceTerms& terms) { terms.duration_minutes = 0; }},
        {"duration_minutes", [](ServiceTerms& terms) { terms.duration_minutes = 1441; }},
        {"buffer_before_minutes", [](ServiceTerms& terms) { terms.buffer_before_minutes = -1; }},
        {"buffer_after_minutes", [](ServiceTerms& terms) { terms.buffer_after_minutes = 721; }},
        {"minimum_notice_minutes", [](ServiceTerms& terms) { terms.minimum_notice_minutes = -5; }},
        {"horizon_days", [](ServiceTerms& terms) { terms.horizon_days = 0; }},
        {"capacity", [](ServiceTerms& terms) { terms.capacity = 0; }},
        {"slot_interval_minutes", [](ServiceTerms& terms) { terms.slot_interval_minutes = 4; }},
        {"price", [](ServiceTerms& terms) { terms.price = Money(-1, Currency("INR")); }},
        {"service_name", [](ServiceTerms& terms) { terms.service_name.clear(); }},
    };
    for (const auto& [field, spoil] : cases) {
        ServiceTerms terms{.service_name = "Lesson", .description = {}, .duration_minutes = 60, .price = {}};
        spoil(terms);
        EXPECT_EQ(reason_of_write([&](Tx& tx) { return add_service(tx, owner.id, terms); }), field);
    }
}

TEST_P(ProvidersTest, RefusesHoursThatOverlapOrEndBeforeTheyBegin) {
    const auto owner = make_provider();
    const auto hours = [](Weekday day, const char* from, const char* until, std::vector<Break> breaks = {}) {
        return WeeklyHours{day, {clock_at(from), clock_at(until), std::move(breaks)}};
    };
    const std::vector<std::pair<std::vector<WeeklyHours>, const char*>> cases = {
        {{hours(Weekday::monday, "09:00", "12:00"), hours(Weekday::monday, "12:00", "17:00")}, "accepted"},
        {{hours(Weekday::monday, "09:00", "12:00"), hours(Weekday::tuesday, "10:00", "17:00")}, "accepted"},
        {{hours(Weekday::monday, "09:00", "12:01"), hours(Weekday::monday, "12:00", "17:00")},
         "availability[1].start_time"},
        {{hours(Weekday::monday, "09:00", "09:00")}, "availability[0].end_time"},
        {{hours(Weekday::monday, "09:00", "12:00", {{clock_at("11:30"), clock_at("12:30")}})},
         "availability[0].breaks[0].start_time"},
        {{hours(Weekday::monday, "09:00", "24:00", {{clock_at("12:00"), clock_at("11:00")}})},
         "availability[0].breaks[0].end_time"},
    };
    for (const auto& [week, outcome] : cases)
        EXPECT_EQ(reason_of_write([&](Tx& tx) { set_weekly_hours(tx, owner.id, week); }), outcome);
    EXPECT_EQ(write([&](Tx& tx) { return weekly_hours_of(tx, owner.id); }).size(), 2U);
}

TEST_P(ProvidersTest, LaysOutWeeksOverridesBreaksAndTimeOff) {
    const auto owner = make_provider("Europe/Berlin");
    // A provider who never said when is open all the time.
    EXPECT_EQ(open_times(owner, "2025-12-01", "2025-12-01"), "11-30T23:00-12-01T23:00 ");
    write([&](Tx& tx) {
        set_weekly_hours(tx, owner.id,
                         {{Weekday::monday,
                           {clock_at("09:00"), clock_at("17:00"), {{clock_at("12:00"), clock_at("13:00")}}}},
                          {Weekday::tuesday, {clock_at("10:00"), clock_at("12:00"), {}}}});
    });
    EXPECT_EQ(open_times(owner, "2025-12-01", "2025-12-03"),
              "12-01T08:00-12-01T11:00 12-01T12:00-12-01T16:00 12-02T09:00-12-02T11:00 ");
    write([&](Tx& tx) {
        set_override(tx, owner.id, Date(2025, 12, 2), {}, "closed");
        set_override(tx, owner.id, Date(2025, 12, 3), {{clock_at("20:00"), clock_at("21:00"), {}}}, "late");
        set_override(tx, owner.id, Date(2025, 12, 3), {{clock_at("20:00"), clock_at("22:00"), {}}}, "later");
        add_time_off(tx, owner.id, at("2025-12-01T14:00:00Z"), at("2025-12-02T00:00:00Z"), "away");
    });
    EXPECT_EQ(open_times(owner, "2025-12-01", "2025-12-03"),
              "12-01T08:00-12-01T11:00 12-01T12:00-12-01T14:00 12-03T19:00-12-03T21:00 ");
    write([&](Tx& tx) { remove_override(tx, owner.id, Date(2025, 12, 2)); });
    EXPECT_EQ(open_times(owner, "2025-12-02", "2025-12-02"), "12-02T09:00-12-02T11:00 ");
    EXPECT_EQ(reason_of_write([&](Tx& tx) { remove_override(tx, owner.id, Date(2025, 12, 2)); }),
              "not_found");
}

TEST_P(ProvidersTest, TimeOffCanBeTakenBack) {
    const auto owner = make_provider("UTC");
    const auto now = db_.clock.now();
    const auto away = write(
        [&](Tx& tx) { return add_time_off(tx, owner.id, now, now.plus(std::chrono::hours(2)), "dentist"); });
    const Interval hour{now, now.plus(std::chrono::hours(1))};
    EXPECT_FALSE(write([&](Tx& tx) { return is_open(tx, owner, hour); }));
    EXPECT_EQ(reason_of_write([&](Tx& tx) { return add_time_off(tx, owner.id, now, now, ""); }), "ends_at");
    const auto other = make_provider();
    EXPECT_EQ(reason_of_write([&](Tx& tx) { remove_time_off(tx, other.id, away.id); }), "not_found");
    write([&](Tx& tx) { remove_time_off(tx, owner.id, away.id); });
    EXPECT_TRUE(write([&](Tx& tx) { return is_open(tx, owner, hour); }));
}

TEST_P(ProvidersTest, ReviewsDocumentsOnceWithAReasonAndNeverOnesOwn) {
    const auto owner = make_provider("UTC", UserId("ann"));
    const auto hand = [&] {
        return write([&](Tx& tx) { return hand_in(tx, owner.id, {"id_proof", "file_1"}, UserId("ann")); });
    };
    const auto review = [&](const Document& document, const DocumentReview& verdict, const UserId& by) {
        return reason_of_write(
            [&](Tx& tx) { return review_document(tx, owner.id, document.id, verdict, by); });
    };
    const auto document = hand();
    EXPECT_EQ(document.status, DocumentStatus::pending);
    EXPECT_EQ(review(document, {.is_approved = true}, UserId("ann")), "forbidden");
    EXPECT_EQ(review(document, {.is_approved = false}, officer), "reason");
    EXPECT_EQ(review(document, {.is_approved = false, .reason = "Blurred"}, officer), "accepted");
    EXPECT_EQ(review(document, {.is_approved = true}, officer), "document_not_pending");
    EXPECT_EQ(review(hand(), {.is_approved = true}, officer), "accepted");
    const auto all = write([&](Tx& tx) { return documents_of(tx, owner.id, {}); });
    EXPECT_EQ(all.total, 2);
    EXPECT_EQ(write([&](Tx& tx) { return document_of(tx, owner.id, document.id).reason; }), "Blurred");
}

TEST(WallTime, ReadsTimesOfDay) {
    const std::vector<std::pair<const char*, const char*>> cases = {
        {"09:00:00", "09:00:00"},
        {"09:05", "09:05:00"},
        {"24:00", "24:00:00"},
        {"24:01", ""},
        {"9:00", ""},
        {"09:60", ""},
        {"09:00:30", ""},
        {"", ""},
        {"ab:cd", ""},
        {"09-00", ""},
    };
    for (const auto& [text, wanted] : cases) {
        const auto time = WallTime::parse(text);
        EXPECT_EQ(time ? time->text() : "", wanted) << text;
    }
}

TEST(Intervals, SubtractAnythingFromAnything) {
    const auto span = [](std::int64_t begin, std::int64_t end) {
        return Interval{Timestamp::from_micros(begin), Timestamp::from_micros(end)};
    };
    EXPECT_EQ(united({span(5, 7), span(1, 3), span(3, 4), span(6, 6)}),
              (std::vector{span(1, 4), span(5, 7)}));
    EXPECT_EQ(without({span(0, 10)}, {span(2, 3), span(5, 20)}), (std::vector{span(0, 2), span(3, 5)}));
    EXPECT_EQ(without({span(0, 10), span(10, 12)}, {}), std::vector{span(0, 12)});
    EXPECT_TRUE(without({span(3, 5)}, {span(0, 9)}).empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, ProvidersTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& engine) { return testing::name_of(engine.param); });

}  // namespace
}  // namespace pamoja::providers
