#include "access/roles.hpp"
#include "identity/internal/identity_fixture.hpp"

namespace pamoja::identity {
namespace {

using testing::IdentityTest;
using testing::refusal_of;
using testing::tenant;

class Sessions : public IdentityTest {};

TEST_P(Sessions, SayWhoIsAskingWithTheRolesOfThatMoment) {
    const auto ann = person();
    const auto session = session_of(ann);
    const auto principal = [&] { return read([&](Tx& tx) { return authenticate(tx, claims_of(session)); }); };
    EXPECT_EQ(principal().user_id, ann.id);
    EXPECT_EQ(principal().session_id, session.id);
    EXPECT_FALSE(principal().has_role("loan_officer"));
    write([&](Tx& tx) { access::grant_role(tx, ann.id, access::loan_officer); });
    EXPECT_TRUE(principal().has_role("loan_officer"));
    write([&](Tx& tx) { access::revoke_role(tx, ann.id, access::loan_officer); });
    EXPECT_FALSE(principal().has_role("loan_officer"));
}

TEST_P(Sessions, EndAtLogoutForGood) {
    const auto ann = person();
    const auto session = session_of(ann);
    const auto second = session_of(ann);
    write([&](Tx& tx) { end_session(tx, ann.id, session.id); });
    EXPECT_FALSE(is_signed_in(session));
    EXPECT_TRUE(is_signed_in(second));
    // Logging out twice is no fault.
    write([&](Tx& tx) { end_session(tx, ann.id, session.id); });
}

TEST_P(Sessions, CannotBeEndedByAStranger) {
    const auto session = session_of(person());
    const auto stranger = person("eve@example.com");
    EXPECT_EQ(refusal_of([&] { write([&](Tx& tx) { end_session(tx, stranger.id, session.id); }); }).reason(),
              not_found);
    EXPECT_TRUE(is_signed_in(session));
}

TEST_P(Sessions, ExpireAtTheirInstant) {
    const auto session = session_of(person(), std::chrono::seconds(60));
    db_.clock.advance(std::chrono::seconds(59));
    EXPECT_TRUE(is_signed_in(session));
    db_.clock.advance(std::chrono::seconds(1));
    EXPECT_FALSE(is_signed_in(session));
}

TEST_P(Sessions, RefuseClaimsThatDoNotFitThem) {
    const auto ann = person();
    const auto session = session_of(ann);
    const auto eve = person("eve@example.com");
    const auto is_refused = [&](crypto::Claims claims, const TenantId& in) {
        return refusal_of([&] {
                   db_->read(in, [&](Tx& tx) { return authenticate(tx, claims); });
               }).reason() == unauthenticated;
    };
    auto claims = claims_of(session);
    claims.subject = eve.id.text();
    EXPECT_TRUE(is_refused(claims, tenant));
    claims = claims_of(session);
    claims.session_id = "0193a000-0000-7000-8000-000000000000";
    EXPECT_TRUE(is_refused(claims, tenant));
    claims = claims_of(session);
    claims.tenant = "other";
    EXPECT_TRUE(is_refused(claims, tenant));
    EXPECT_TRUE(is_refused(claims, TenantId("other")));
}

TEST_P(Sessions, AreNotedAsActiveOnceAMinute) {
    const auto ann = person();
    const auto session = session_of(ann);
    const auto last_active_at = [&] {
        return read([&](Tx& tx) { return sessions_of(tx, ann.id); }).items.at(0).last_active_at;
    };
    const auto request = [&] {
        write([&](Tx& tx) { note_activity(tx, authenticate(tx, claims_of(session))); });
    };
    db_.clock.advance(std::chrono::seconds(59));
    request();
    EXPECT_EQ(last_active_at(), session.created_at);
    db_.clock.advance(std::chrono::seconds(1));
    request();
    EXPECT_EQ(last_active_at(), session.created_at.plus(std::chrono::seconds(60)));
    db_.clock.advance(std::chrono::seconds(30));
    request();
    EXPECT_EQ(last_active_at(), session.created_at.plus(std::chrono::seconds(60)));
}

TEST_P(Sessions, EndAllButTheOneThatAsks) {
    const auto ann = person();
    const auto eve = person("eve@example.com");
    const auto kept = session_of(ann);
    const auto other = session_of(ann);
    const auto strangers = session_of(eve);
    EXPECT_EQ(write([&](Tx& tx) { return end_all_sessions(tx, ann.id, kept.id); }), 1);
    EXPECT_TRUE(is_signed_in(kept));
    EXPECT_FALSE(is_signed_in(other));
    EXPECT_TRUE(is_signed_in(strangers));
    EXPECT_EQ(write([&](Tx& tx) { return end_all_sessions(tx, ann.id); }), 1);
    EXPECT_FALSE(is_signed_in(kept));
}

TEST_P(Sessions, KeepWhatTheClientSaysWithinBounds) {
    const auto ann = person();
    std::string name;
    while (name.size() < 600) name += "ä";
    write([&](Tx& tx) {
        start_session(tx, ann.id, {.name = "x" + name, .user_agent = "Test/1"}, std::chrono::hours(1));
    });
    const auto found = read([&](Tx& tx) { return sessions_of(tx, ann.id); }).items.at(0);
    EXPECT_LE(found.device.name.size(), 500u);
    EXPECT_TRUE(found.device.name.ends_with("ä"));
    EXPECT_EQ(found.device.user_agent, "Test/1");
}

TEST_P(Sessions, AreForgottenInBatchesWhenTheirTimeIsOver) {
    const auto ann = person();
    session_of(ann, std::chrono::hours(1));
    const auto alive = session_of(ann, std::chrono::hours(100));
    const auto ended = session_of(ann, std::chrono::hours(1));
    write([&](Tx& tx) { end_session(tx, ann.id, ended.id); });
    db_.clock.advance(std::chrono::hours(2));
    EXPECT_EQ(write([](Tx& tx) { return forget_sessions(tx, tx.now(), 1); }), 1);
    EXPECT_EQ(write([](Tx& tx) { return forget_sessions(tx, tx.now()); }), 1);
    EXPECT_TRUE(is_signed_in(alive));
}

ON_EVERY_ENGINE(Sessions);

}  // namespace
}  // namespace pamoja::identity
