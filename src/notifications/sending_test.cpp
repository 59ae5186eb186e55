#include "notifications/sending.hpp"

#include <gtest/gtest.h>

#include "db/testing.hpp"
#include "jobs/dead_jobs.hpp"
#include "jobs/runner.hpp"
#include "notifications/devices.hpp"
#include "notifications/preferences.hpp"
#include "notifications/quiet_hours.hpp"
#include "notifications/reports.hpp"

namespace pamoja::notifications {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const TenantId tenant("a");
const UserId ann("ann");
const UserId bob("bob");

const TemplateText booked{.name = "booked",
                          .channel = Channel::email,
                          .category = "booking_updates",
                          .subject = "Booked - {{reference}}",
                          .text = "Dear {{name}}, see you.",
                          .html = "<p>Dear {{ name }}, see you.</p>"};

class SendTest : public ::testing::TestWithParam<Engine> {
  protected:
    SendTest()
        : db_(GetParam()),
          keyring_(crypto::Keyring::generate(db_.random)),
          runner_(*db_, db_.clock, db_.random, handlers_) {
        const auto carry = [this](const Dispatch& dispatch) {
            sent_.emplace_back(dispatch.address, dispatch.letter);
            const auto found = receipts_.find(dispatch.address);
            return found == receipts_.end() ? receipt_ : found->second;
        };
        handle_deliveries(handlers_, keyring_, {.email = carry, .sms = carry, .push = carry});
    }

    template <class F>
    auto write(F work) {
        return db_->write(tenant, std::move(work));
    }
    void write_form(TemplateText form) {
        write([&](Tx& tx) { write_template(tx, form); });
    }
    void write_push_form() {
        write_form(
            {.name = "booked", .channel = Channel::push, .subject = "Booked", .text = "{{reference}}"});
    }

    static Message message(Channel channel = Channel::email) {
        return {.recipient = ann,
                .template_name = "booked",
                .channel = channel,
                .variables = {{"reference", "BK-1"}, {"name", "<Ann>"}},
                .email = "ann@example.com",
                .phone = "+254700123456"};
    }
    Delivery send_now(const Message& wanted) {
        return write([&](Tx& tx) { return send(tx, wanted, keyring_); });
    }
    Delivery row(const DeliveryId& id) {
        return write([&](Tx& tx) { return delivery_of(tx, id); });
    }
    Device add_device(const char* token, const UserId& user = ann) {
        return write([&](Tx& tx) { return register_device(tx, user, {.token = token}); });
    }
    std::vector<std::string> tokens_of(const UserId& user) {
        std::vector<std::string> tokens;
        for (const Device& each : write([&](Tx& tx) { return devices_of(tx, user); }))
            tokens.push_back(each.token);
        std::ranges::sort(tokens);
        return tokens;
    }
    std::vector<std::string> refused_fields(const Message& wanted) {
        std::vector<std::string> fields;
        try {
            send_now(wanted);
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.reason(), validation_failed);
            for (const FieldError& each : failure.errors()) fields.push_back(each.field + " " + each.code);
        }
        return fields;
    }
    void run_for(std::chrono::microseconds duration) {
        runner_.run_due_until(db_.clock.now().plus(duration), [this](auto step) { db_.clock.advance(step); });
    }

    testing::TestDatabase db_;
    crypto::Keyring keyring_;
    jobs::Handlers handlers_;
    std::vector<std::pair<std::string, Letter>> sent_;
    Receipt receipt_{Carried::delivered, "provider-1"};
    std::map<std::string, Receipt> receipts_;
    jobs::Runner runner_;  // last: it stops before what it uses goes
};

TEST_P(SendTest, GoesOutByTheTenantsTemplate) {
    write_form(booked);
    const Delivery queued = send_now(message());
    EXPECT_EQ(queued.status, DeliveryStatus::pending);
    EXPECT_TRUE(sent_.empty());
    db_.clock.advance(seconds(5));
    runner_.drain();
    ASSERT_EQ(sent_.size(), 1u);
    EXPECT_EQ(sent_[0].first, "ann@example.com");
    EXPECT_EQ(sent_[0].second.title, "Booked - BK-1");
    EXPECT_EQ(sent_[0].second.text, "Dear <Ann>, see you.");
    EXPECT_EQ(sent_[0].second.html, "<p>Dear &lt;Ann&gt;, see you.</p>");
    const Delivery seen = row(queued.id);
    EXPECT_EQ(seen.status, DeliveryStatus::delivered);
    EXPECT_EQ(seen.subject, "Booked - BK-1");
    EXPECT_EQ(seen.address, "ann@example.com");
    EXPECT_EQ(seen.sent_at, db_.clock.now());
    EXPECT_EQ(seen.delivered_at, db_.clock.now());
}

TEST_P(SendTest, NamesEachVariableThatIsMissing) {
    write_form(booked);
    Message incomplete = message();
    incomplete.variables = {{"unknown", "is ignored"}};
    using Fields = std::vector<std::string>;
    EXPECT_EQ(refused_fields(incomplete),
              Fields({"variables.reference required", "variables.name required"}));
    Message broken = message();
    broken.variables[0].value = "BK-1\r\nBcc: everybody@example.com";
    EXPECT_EQ(refused_fields(broken), Fields({"variables.reference invalid"}));
    Message long_one = message();
    long_one.variables[1].value = std::string(4'001, 'x');
    EXPECT_EQ(refused_fields(long_one), Fields({"variables.name too_long"}));
    Message nobody = message();
    nobody.email.clear();
    EXPECT_EQ(refused_fields(nobody), Fields({"recipient_user_id unreachable"}));
    EXPECT_EQ(refused_fields(message(Channel::sms)), Fields({"template_name unknown"}));
    EXPECT_EQ(write([](Tx& tx) { return deliveries(tx, {}, {}).total; }), 0);
}

TEST_P(SendTest, AValueIsNeverReadAsATemplate) {
    write_form(booked);
    Message nested = message();
    nested.variables[1].value = "{{reference}}{{{{name}}}}";
    send_now(nested);
    runner_.drain();
    ASSERT_EQ(sent_.size(), 1u);
    EXPECT_EQ(sent_[0].second.text, "Dear {{reference}}{{{{name}}}}, see you.");
}

TEST_P(SendTest, ALetterIsBounded) {
    TemplateText greedy = booked;
    greedy.text.clear();
    for (int i = 0; i < 100; ++i) greedy.text += "{{name}}";
    write_form(greedy);
    Message wanted = message();
    wanted.variables[1].value = std::string(4'000, 'x');
    EXPECT_EQ(refused_fields(wanted), std::vector<std::string>{"variables too_long"});
}

TEST_P(SendTest, RespectsPreferencesUnlessItIsCritical) {
    write_form(booked);
    TemplateText alarm = booked;
    alarm.name = "alarm";
    alarm.is_critical = true;
    write_form(alarm);
    write([](Tx& tx) { prefer(tx, ann, {"booking_updates", Channel::email, false}); });
    const Delivery unwanted = send_now(message());
    EXPECT_EQ(unwanted.status, DeliveryStatus::failed);
    EXPECT_EQ(unwanted.error_class, "unwanted");
    Message critical = message();
    critical.template_name = "alarm";
    send_now(critical);
    runner_.drain();
    EXPECT_EQ(sent_.size(), 1u);
    EXPECT_EQ(row(unwanted.id).status, DeliveryStatus::failed);
}

TEST_P(SendTest, WaitsForTheEndOfQuietHoursUnlessItIsCritical) {
    write_form(booked);
    TemplateText alarm = booked;
    alarm.name = "alarm";
    alarm.is_critical = true;
    write_form(alarm);
    // 14:48 UTC is 20:18 in Kolkata.
    write([](Tx& tx) { keep_quiet(tx, ann, {20 * 60, 7 * 60, "Asia/Kolkata"}); });
    const Delivery waiting = send_now(message());
    EXPECT_EQ(waiting.waits_until, Timestamp::parse("2025-12-06T01:30:00Z"));
    Message critical = message();
    critical.template_name = "alarm";
    send_now(critical);
    runner_.drain();
    EXPECT_EQ(sent_.size(), 1u);
    run_for(hours(10));
    EXPECT_EQ(sent_.size(), 1u);
    run_for(hours(1));
    EXPECT_EQ(sent_.size(), 2u);
    EXPECT_EQ(row(waiting.id).sent_at, Timestamp::parse("2025-12-06T01:30:00Z"));
    EXPECT_EQ(row(waiting.id).attempts, 1);
}

TEST_P(SendTest, ARetryThatFallsIntoQuietHoursWaitsToo) {
    write_form(booked);
    receipt_ = {Carried::temporary};
    const Delivery failing = send_now(message());
    runner_.drain();
    write([](Tx& tx) { keep_quiet(tx, ann, {20 * 60, 21 * 60, "Asia/Kolkata"}); });
    receipt_ = {Carried::delivered};
    run_for(minutes(10));
    EXPECT_EQ(sent_.size(), 1u);
    run_for(minutes(32));
    EXPECT_EQ(sent_.size(), 2u);
    EXPECT_EQ(row(failing.id).attempts, 2);
}

TEST_P(SendTest, APushReachesEveryDeviceOnce) {
    write_push_form();
    EXPECT_EQ(refused_fields(message(Channel::push)),
              std::vector<std::string>{"recipient_user_id unreachable"});
    for (const char* token : {"phone", "tablet", "old"}) add_device(token);
    receipts_["phone"] = {Carried::sent, "projects/x/messages/1"};
    receipts_["tablet"] = {Carried::temporary, "", "", seconds(90)};
    receipts_["old"] = {Carried::gone};
    const Delivery push = send_now(message(Channel::push));
    runner_.drain();
    EXPECT_EQ(sent_.size(), 3u);
    EXPECT_EQ(row(push.id).status, DeliveryStatus::pending);
    EXPECT_EQ(tokens_of(ann), (std::vector<std::string>{"phone", "tablet"}));
    receipts_["tablet"] = {Carried::sent, "projects/x/messages/2"};
    run_for(seconds(89));
    EXPECT_EQ(sent_.size(), 3u) << "the provider asked for 90 seconds";
    run_for(seconds(2));
    ASSERT_EQ(sent_.size(), 4u);
    EXPECT_EQ(sent_[3].first, "tablet");
    EXPECT_EQ(row(push.id).status, DeliveryStatus::sent);
    EXPECT_EQ(row(push.id).provider_id, "projects/x/messages/1");
}

TEST_P(SendTest, APushFailsWhenNoDeviceIsLeft) {
    write_push_form();
    add_device("old");
    receipt_ = {Carried::gone};
    const Delivery first = send_now(message(Channel::push));
    const Delivery second = send_now(message(Channel::push));
    runner_.drain();
    EXPECT_EQ(row(first.id).status, DeliveryStatus::failed);
    EXPECT_EQ(row(second.id).status, DeliveryStatus::failed);
    EXPECT_TRUE(tokens_of(ann).empty());
}

TEST_P(SendTest, ARecipientsAppReportsAnArrival) {
    write_push_form();
    add_device("phone");
    receipt_ = {Carried::sent, "projects/x/messages/1"};
    const Delivery push = send_now(message(Channel::push));
    const auto arrive = [&](const UserId& user) {
        return write([&](Tx& tx) { return record_arrival(tx, user, push.id); });
    };
    EXPECT_THROW(arrive(ann), Failure) << "it was not sent yet";
    runner_.drain();
    EXPECT_THROW(arrive(bob), Failure);
    const auto arrived_at = db_.clock.now();
    EXPECT_EQ(arrive(ann).status, DeliveryStatus::delivered);
    db_.clock.advance(hours(1));
    EXPECT_EQ(arrive(ann).delivered_at, arrived_at);
}

TEST_P(SendTest, AProvidersReportFindsItsTenant) {
    write_form({.name = "booked", .channel = Channel::sms, .text = "{{reference}}"});
    receipt_ = {Carried::sent, "sms-1"};
    const Delivery arrived = send_now(message(Channel::sms));
    const auto report = [&](const char* id, bool has_arrived) {
        db_->write(TenantId("home"), [&](Tx& tx) { take_report(tx, {Channel::sms, id, has_arrived}); });
    };
    report("sms-1", true);
    runner_.drain();
    run_for(seconds(10));
    EXPECT_EQ(row(arrived.id).status, DeliveryStatus::delivered) << "also when the report was faster";
    receipt_ = {Carried::sent, "sms-2"};
    const Delivery lost = send_now(message(Channel::sms));
    runner_.drain();
    report("sms-2", false);
    report("sms-3", true);
    run_for(hours(1));
    EXPECT_EQ(row(lost.id).status, DeliveryStatus::failed);
    EXPECT_EQ(row(lost.id).error_class, "reported");
    EXPECT_EQ(db_->write(TenantId("home"), [](Tx& tx) { return jobs::dead_jobs(tx, {}).total; }), 0);
}

TEST_P(SendTest, ADeviceBelongsToWhoSignedInLast) {
    add_device("shared", ann);
    const Device moved = add_device("shared", bob);
    EXPECT_TRUE(tokens_of(ann).empty());
    EXPECT_EQ(tokens_of(bob), std::vector<std::string>{"shared"});
    EXPECT_THROW(write([&](Tx& tx) { remove_device(tx, ann, moved.id); }), Failure);
    write([&](Tx& tx) { remove_device(tx, bob, moved.id); });
    EXPECT_TRUE(tokens_of(bob).empty());
    for (int i = 0; i < 12; ++i) {
        add_device(("device-" + std::to_string(10 + i)).c_str());
        db_.clock.advance(seconds(1));
    }
    EXPECT_EQ(tokens_of(ann).size(), 10u);
    EXPECT_EQ(tokens_of(ann).front(), "device-12") << "the oldest made room";
}

INSTANTIATE_TEST_SUITE_P(Engines, SendTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& tested) { return testing::name_of(tested.param); });

}  // namespace
}  // namespace pamoja::notifications
