#include "identity/refreshing.hpp"

#include <atomic>
#include <thread>

#include "audit/entries.hpp"
#include "identity/internal/identity_fixture.hpp"

namespace pamoja::identity {
namespace {

using testing::IdentityTest;
using testing::refusal_of;
using testing::tenant;

class Refreshing : public IdentityTest {
  protected:
    Refreshing() : issuer_(testing::new_issuer(db_.random)), ann_(person()), session_(session_of(ann_)) {}

    std::string first_token() { return issuer_.refresh_token("acme", tenant, session_); }
    Renewal renew_with(const std::string& token) { return renew(*db_, issuer_, "acme", token, db_.random); }
    bool is_refused(const std::string& token) {
        return refusal_of([&] { renew_with(token); }).reason() == invalid_refresh_token;
    }

    TokenIssuer issuer_;
    Person ann_;
    Session session_;
};

TEST_P(Refreshing, GivesANewTokenAndAnAccessTokenThatWorks) {
    const auto first = first_token();
    const auto renewal = renew_with(first);
    EXPECT_NE(renewal.refresh, first);
    const auto claims = issuer_.read_access_token("acme", renewal.access.text, db_.clock.now());
    ASSERT_TRUE(claims.has_value());
    EXPECT_EQ(read([&](Tx& tx) { return authenticate(tx, *claims); }).user_id, ann_.id);
}

TEST_P(Refreshing, ForgivesOneStepBehindForAsLongAsTheClientLikes) {
    const auto first = first_token();
    const auto next = renew_with(first).refresh;
    // A client that never stores what it gets keeps its session alive far beyond one lifetime.
    for (int day = 0; day < 100; ++day) {
        db_.clock.advance(std::chrono::hours(24));
        EXPECT_EQ(renew_with(first).refresh, next);
    }
    EXPECT_TRUE(is_signed_in(session_));
}

TEST_P(Refreshing, EndsTheSessionWhenATokenTwoStepsBehindComesBack) {
    const auto first = first_token();
    const auto second = renew_with(first).refresh;
    const auto third = renew_with(second).refresh;
    EXPECT_TRUE(is_signed_in(session_));
    EXPECT_TRUE(is_refused(first));
    EXPECT_FALSE(is_signed_in(session_));
    EXPECT_TRUE(is_refused(third));
    EXPECT_EQ(read([&](Tx& tx) { return audit::entries_about(tx, "user:" + ann_.id.text()); }).total, 1);
}

TEST_P(Refreshing, IsRefusedOnceTheSessionIsOver) {
    const auto first = first_token();
    const auto renewed = renew_with(first).refresh;
    db_.clock.advance(std::chrono::hours(24 * 30));
    EXPECT_TRUE(is_refused(renewed));

    const auto another = session_of(ann_);
    const auto token = issuer_.refresh_token("acme", tenant, another);
    write([&](Tx& tx) { end_session(tx, ann_.id, another.id); });
    EXPECT_TRUE(is_refused(token));
    EXPECT_TRUE(is_refused("garbage"));

    auto future = another;
    future.refresh_counter = 5;
    EXPECT_TRUE(is_refused(issuer_.refresh_token("acme", tenant, future)));
}

TEST_P(Refreshing, IsRefusedForWhoIsDisabledAndInOtherTenants) {
    const auto token = first_token();
    Session foreign = session_;
    EXPECT_TRUE(is_refused(issuer_.refresh_token("acme", TenantId("other"), foreign)));
    EXPECT_EQ(refusal_of([&] { renew(*db_, issuer_, "other", token, db_.random); }).reason(),
              invalid_refresh_token);
    write([&](Tx& tx) { set_person_status(tx, ann_.id, PersonStatus::disabled); });
    EXPECT_TRUE(is_refused(token));
}

TEST_P(Refreshing, LogsNobodyOutWhoRefreshesAThousandTimesAtOnce) {
    const auto first = first_token();
    constexpr int threads = 20;
    constexpr int refreshes_each = 50;
    std::atomic<int> refused = 0;
    std::mutex mutex;
    std::map<std::string, int> answers;
    std::vector<std::thread> pool;
    for (int i = 0; i < threads; ++i) {
        pool.emplace_back([&] {
            for (int round = 0; round < refreshes_each; ++round) {
                try {
                    const auto refresh = renew_with(first).refresh;
                    const std::lock_guard lock(mutex);
                    ++answers[refresh];
                } catch (const Failure&) {
                    ++refused;
                }
            }
        });
    }
    for (auto& thread : pool) thread.join();
    EXPECT_EQ(refused, 0);
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers.begin()->second, threads * refreshes_each);
    EXPECT_TRUE(is_signed_in(session_));

    // And theft is still seen: two steps on, the first token ends the session.
    renew_with(answers.begin()->first);
    EXPECT_TRUE(is_refused(first));
    EXPECT_FALSE(is_signed_in(session_));
}

ON_EVERY_ENGINE(Refreshing);

}  // namespace
}  // namespace pamoja::identity
