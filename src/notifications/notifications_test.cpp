#include <gtest/gtest.h>

#include "db/testing.hpp"
#include "jobs/dead_jobs.hpp"
#include "jobs/runner.hpp"
#include "notifications/delivery.hpp"
#include "notifications/inbox.hpp"
#include "notifications/notifier.hpp"
#include "notifications/preferences.hpp"

namespace pamoja::notifications {
namespace {

using std::chrono::hours;

const TenantId tenant("a");
const UserId ann("ann");
const UserId bob("bob");

constexpr Template templates[] = {
    {.name = "loan_approved",
     .channel = Channel::email,
     .title = "Loan {{reference}} approved",
     .text = "Dear {{ name }}, {{amount}} is yours.",
     .html = "<p>Dear {{name}}, {{amount}} is yours.</p>",
     .category = "transaction"},
    {.name = "loan_approved", .channel = Channel::sms, .title = "", .text = "{{amount}} is yours."},
    {.name = "loan_approved",
     .channel = Channel::in_app,
     .title = "Loan approved",
     .text = "Your loan {{reference}} was approved.",
     .category = "transaction"},
    {.name = "reset",
     .channel = Channel::email,
     .title = "Reset",
     .text = "Open {{link}}",
     .category = "security",
     .is_critical = true},
    {.name = "leak", .channel = Channel::in_app, .title = "x", .text = "{{link}}"},
    {.name = "leak", .channel = Channel::email, .title = "x", .text = "{{link}}"},
};

struct Sent {
    std::string address;
    Letter letter;
};

class NotificationsTest : public ::testing::TestWithParam<Engine> {
  protected:
    NotificationsTest()
        : db_(GetParam()),
          keyring_(crypto::Keyring::generate(db_.random)),
          notifier_(templates, keyring_),
          runner_(*db_, db_.clock, db_.random, handlers_) {
        const auto carry = [this](const Dispatch& dispatch) {
            sent_.push_back({dispatch.address, dispatch.letter});
            return receipt_;
        };
        handle_deliveries(handlers_, keyring_, {.email = carry, .sms = carry});
    }

    template <class F>
    auto write(F work) {
        return db_->write(tenant, std::move(work));
    }

    static Notice approval() {
        return {.user_id = ann,
                .template_name = "loan_approved",
                .channels = {Channel::email, Channel::sms},
                .variables = {{"reference", "LF1"}, {"name", "<Ann> & co"}, {"amount", "KES 100"}},
                .data = json::Value(json::Object{{"loan_reference", json::Value("LF1")}}),
                .email = "ann@example.com",
                .phone = "+254700123456"};
    }

    void notify(const Notice& notice) {
        write([&](Tx& tx) { notifier_.notify(tx, notice); });
    }

    std::vector<Delivery> log() {
        return write([](Tx& tx) { return deliveries(tx, {}, {}).items; });
    }

    std::int64_t letters_kept() {
        return write([](Tx& tx) {
            return *tx.value<std::int64_t>(
                "SELECT COUNT(*) FROM notification_deliveries WHERE tenant_id = :tenant AND sealed_letter <> "
                "''");
        });
    }

    testing::TestDatabase db_;
    crypto::Keyring keyring_;
    Notifier notifier_;
    jobs::Handlers handlers_;
    std::vector<Sent> sent_;
    Receipt receipt_{Carried::sent, "provider-1", ""};
    jobs::Runner runner_;  // last: it stops before what it uses goes
};

TEST_P(NotificationsTest, WritesTheInboxAndDeliversOutside) {
    notify(approval());
    const auto inbox = write([](Tx& tx) { return inbox_of(tx, ann, {}, {}); });
    ASSERT_EQ(inbox.total, 1);
    EXPECT_EQ(inbox.items[0].channel, Channel::email);
    EXPECT_EQ(inbox.items[0].title, "Loan approved");
    EXPECT_EQ(inbox.items[0].message, "Your loan LF1 was approved.");
    EXPECT_EQ(inbox.items[0].data.find("loan_reference")->text_or_empty(), "LF1");
    EXPECT_TRUE(sent_.empty()) << "nothing goes out in the transaction";

    runner_.drain();
    ASSERT_EQ(sent_.size(), 2u);
    std::ranges::sort(sent_, {}, &Sent::address);
    EXPECT_EQ(sent_[0].address, "+254700123456");
    EXPECT_EQ(sent_[0].letter.text, "KES 100 is yours.");
    EXPECT_EQ(sent_[1].letter.title, "Loan LF1 approved");
    EXPECT_EQ(sent_[1].letter.text, "Dear <Ann> & co, KES 100 is yours.");
    EXPECT_EQ(sent_[1].letter.html, "<p>Dear &lt;Ann&gt; &amp; co, KES 100 is yours.</p>");
    for (const Delivery& each : log()) {
        EXPECT_EQ(each.status, DeliveryStatus::sent);
        EXPECT_EQ(each.attempts, 1);
        EXPECT_EQ(each.provider_id, "provider-1");
        EXPECT_EQ(each.notification_id, inbox.items[0].id);
        EXPECT_EQ(each.sent_at, db_.clock.now());
    }
}

TEST_P(NotificationsTest, ASecretIsNowhereInTheClearAndGoneAfterwards) {
    notify({.user_id = ann,
            .template_name = "reset",
            .channels = {Channel::email},
            .secrets = {{"link", "https://x/canary-7f3a"}},
            .email = "ann@example.com"});
    const auto stored = [&] {
        return write([](Tx& tx) {
            return *tx.value<std::string>(
                "SELECT sealed_letter FROM notification_deliveries WHERE tenant_id = :tenant");
        });
    };
    EXPECT_FALSE(stored().empty());
    EXPECT_EQ(stored().find("canary"), std::string::npos);
    EXPECT_EQ(write([](Tx& tx) {
                  return *tx.value<std::int64_t>(
                      "SELECT COUNT(*) FROM jobs WHERE tenant_id = :tenant AND payload LIKE $1", "%canary%");
              }),
              0);
    runner_.drain();
    ASSERT_EQ(sent_.size(), 1u);
    EXPECT_EQ(sent_[0].letter.text, "Open https://x/canary-7f3a");
    EXPECT_EQ(stored(), "");
}

TEST_P(NotificationsTest, AnInboxTemplateGetsNoSecret) {
    EXPECT_THROW(notify({.user_id = ann,
                         .template_name = "leak",
                         .channels = {Channel::email},
                         .secrets = {{"link", "https://x"}},
                         .email = "ann@example.com"}),
                 std::logic_error);
    EXPECT_TRUE(log().empty());
}

TEST_P(NotificationsTest, RefusesWhatItCannotSay) {
    auto incomplete = approval();
    incomplete.variables.pop_back();
    EXPECT_THROW(notify(incomplete), std::logic_error);
    auto unknown = approval();
    unknown.template_name = "no_such_template";
    EXPECT_THROW(notify(unknown), std::logic_error);
    auto injected = approval();
    injected.variables[0].value = "LF1\r\nBcc: all@example.com";
    EXPECT_THROW(notify(injected), Failure);
    EXPECT_EQ(write([](Tx& tx) { return inbox_of(tx, ann, {}, {}).total; }), 0);
    EXPECT_TRUE(log().empty());
}

TEST_P(NotificationsTest, LeavesOutAChannelWithoutAddress) {
    auto notice = approval();
    notice.phone.clear();
    notify(notice);
    ASSERT_EQ(log().size(), 1u);
    EXPECT_EQ(log()[0].channel, Channel::email);
}

TEST_P(NotificationsTest, TriesAgainUntilTheProviderTakesIt) {
    receipt_ = {Carried::temporary, "", "busy"};
    auto notice = approval();
    notice.phone.clear();
    notify(notice);
    runner_.drain();
    EXPECT_EQ(log()[0].status, DeliveryStatus::pending);
    EXPECT_EQ(log()[0].error_class, "temporary");
    EXPECT_EQ(letters_kept(), 1);
    receipt_ = {Carried::sent, "provider-2", ""};
    db_.clock.advance(hours(1));
    runner_.drain();
    EXPECT_EQ(log()[0].status, DeliveryStatus::sent);
    EXPECT_EQ(log()[0].attempts, 2);
    EXPECT_EQ(log()[0].error_class, "");
    EXPECT_EQ(letters_kept(), 0);
}

TEST_P(NotificationsTest, FailsForGoodAndKeepsNoLetter) {
    struct Case {
        Carried carried;
        DeliveryStatus status;
        const char* error_class;
        std::size_t attempts;
    };
    const Case table[] = {{Carried::permanent, DeliveryStatus::failed, "permanent", 1},
                          {Carried::unknown, DeliveryStatus::sent, "unknown", 1},
                          {Carried::temporary, DeliveryStatus::failed, "temporary", 12}};
    for (const Case& each : table) {
        receipt_ = {each.carried, "", ""};
        sent_.clear();
        auto notice = approval();
        notice.phone.clear();
        notify(notice);
        for (int i = 0; i < 15; ++i) {
            runner_.drain();
            db_.clock.advance(hours(2));
        }
        EXPECT_EQ(log()[0].status, each.status);
        EXPECT_EQ(log()[0].error_class, each.error_class);
        EXPECT_EQ(sent_.size(), each.attempts);
        EXPECT_EQ(letters_kept(), 0);
    }
}

TEST_P(NotificationsTest, AChannelWithoutCarrierFails) {
    handlers_ = {};
    handle_deliveries(handlers_, keyring_, {});
    notify(approval());
    runner_.drain();
    EXPECT_EQ(log()[0].status, DeliveryStatus::failed);
    EXPECT_EQ(log()[0].error_class, "no_carrier");
    EXPECT_EQ(write([](Tx& tx) { return jobs::dead_jobs(tx, {}).total; }), 0);
}

TEST_P(NotificationsTest, AReportEndsADelivery) {
    notify(approval());
    runner_.drain();
    const auto report = [&](const char* id, bool has_arrived) {
        return write([&](Tx& tx) { return record_report(tx, Channel::sms, id, has_arrived); });
    };
    EXPECT_FALSE(report("another", true));
    EXPECT_TRUE(report("provider-1", true));
    EXPECT_FALSE(report("provider-1", false)) << "what arrived stays arrived";
    const auto delivered = write([](Tx& tx) {
        return deliveries(tx, {.user_id = ann, .channel = Channel::sms, .status = DeliveryStatus::delivered},
                          {})
            .total;
    });
    EXPECT_EQ(delivered, 1);
}

TEST_P(NotificationsTest, TheInboxIsFilteredAndOnlyItsOwners) {
    notify(approval());
    auto for_bob = approval();
    for_bob.user_id = bob;
    for_bob.channels = {Channel::sms};
    notify(for_bob);
    db_.clock.advance(hours(1));
    notify(approval());
    const auto total = [&](const UserId& user, const InboxFilter& filter) {
        return write([&](Tx& tx) { return inbox_of(tx, user, filter, {}).total; });
    };
    EXPECT_EQ(total(ann, {}), 2);
    EXPECT_EQ(total(ann, {.channel = Channel::sms}), 0);
    EXPECT_EQ(total(bob, {.channel = Channel::sms, .category = "transaction"}), 1);
    EXPECT_EQ(total(bob, {.category = "security"}), 0);

    const auto newest = write([](Tx& tx) { return inbox_of(tx, ann, {}, {1, 1}).items[0]; });
    EXPECT_EQ(newest.created_at, db_.clock.now());
    EXPECT_THROW(write([&](Tx& tx) { mark_read(tx, bob, newest.id); }), Failure);
    const Timestamp read_at = db_.clock.now();
    EXPECT_EQ(write([&](Tx& tx) { return mark_read(tx, ann, newest.id); }).read_at, read_at);
    db_.clock.advance(hours(1));
    EXPECT_EQ(write([&](Tx& tx) { return mark_read(tx, ann, newest.id); }).read_at, read_at);
    EXPECT_EQ(total(ann, {.is_read = true}), 1);
    EXPECT_EQ(write([](Tx& tx) { return unread_count(tx, ann); }), 1);
    EXPECT_EQ(write([](Tx& tx) { return mark_all_read(tx, ann); }), 1);
    EXPECT_EQ(write([](Tx& tx) { return mark_all_read(tx, ann); }), 0);
    EXPECT_EQ(write([](Tx& tx) { return unread_count(tx, bob); }), 1);
}

TEST_P(NotificationsTest, HonoursPreferencesExceptWhereItIsCritical) {
    write([](Tx& tx) {
        prefer(tx, ann, {"transaction", Channel::email, true});
        prefer(tx, ann, {"transaction", Channel::email, false});
        prefer(tx, ann, {"security", Channel::email, false});
    });
    notify(approval());
    notify({.user_id = ann,
            .template_name = "reset",
            .channels = {Channel::email},
            .secrets = {{"link", "https://x"}},
            .email = "ann@example.com"});
    std::vector<std::string> kept;
    for (const Delivery& each : log()) kept.push_back(each.template_name + " " + name_of(each.channel));
    std::ranges::sort(kept);
    EXPECT_EQ(kept, std::vector<std::string>({"loan_approved sms", "reset email"}));
    EXPECT_EQ(write([](Tx& tx) { return preferences_of(tx, ann).size(); }), 2u);
}

INSTANTIATE_TEST_SUITE_P(Engines, NotificationsTest, ::testing::ValuesIn(testing::engines()),
                         [](const auto& tested) { return testing::name_of(tested.param); });

TEST(Notifier, RefusesTwoTemplatesOfOneNameAndChannel) {
    static constexpr Template twice[] = {{.name = "a", .channel = Channel::sms, .title = "", .text = "x"},
                                         {.name = "a", .channel = Channel::sms, .title = "", .text = "y"}};
    SystemRandom random;
    const auto keyring = crypto::Keyring::generate(random);
    EXPECT_THROW(Notifier(twice, keyring), std::logic_error);
}

TEST(Render, RefusesAVariableThatIsNotClosed) {
    EXPECT_THROW(render({.name = "a", .title = "", .text = "Dear {{name"}, {{"name", "Ann"}}),
                 std::logic_error);
}

}  // namespace
}  // namespace pamoja::notifications
