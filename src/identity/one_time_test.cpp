#include "identity/attempts.hpp"
#include "identity/internal/identity_fixture.hpp"
#include "identity/one_time_codes.hpp"
#include "identity/one_time_links.hpp"

namespace pamoja::identity {
namespace {

using testing::good_password;
using testing::IdentityTest;
using testing::refusal_of;
using testing::tenant;

class OneTimeLinks : public IdentityTest {
  protected:
    std::string link_of(const Person& owner, LinkPurpose purpose) {
        return write([&](Tx& tx) { return issue_link(tx, owner, purpose); });
    }
    bool verifies(const std::string& token) {
        try {
            return write([&](Tx& tx) { return verify_email(tx, token); }).is_verified();
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.reason(), invalid_link);
            EXPECT_EQ(failure.errors().at(0).field, "token");
            return false;
        }
    }
    void reset(const std::string& token, const std::string& next) {
        const auto checked = check_password_reset(*db_, tenant, token, next, db_.random);
        write([&](Tx& tx) { reset_password(tx, checked); });
    }
};

TEST_P(OneTimeLinks, VerifyAnAddressOnce) {
    const auto ann = person();
    const auto token = link_of(ann, LinkPurpose::verify_email);
    EXPECT_GE(token.size(), 43u);
    EXPECT_FALSE(verifies(token + "x"));
    EXPECT_FALSE(verifies(""));
    EXPECT_TRUE(verifies(token));
    EXPECT_FALSE(verifies(token));
    EXPECT_TRUE(read([&](Tx& tx) { return person_of(tx, ann.id); }).is_verified());
}

TEST_P(OneTimeLinks, DieWhenTheNextOneIsMade) {
    const auto ann = person();
    const auto older = link_of(ann, LinkPurpose::verify_email);
    const auto newer = link_of(ann, LinkPurpose::verify_email);
    link_of(ann, LinkPurpose::reset_password);
    EXPECT_FALSE(verifies(older));
    EXPECT_TRUE(verifies(newer));
}

TEST_P(OneTimeLinks, ExpireAndServeTheirPurposeAlone) {
    const auto ann = person();
    const auto token = link_of(ann, LinkPurpose::verify_email);
    EXPECT_EQ(refusal_of([&] { reset(token, "another long one"); }).reason(), invalid_link);
    db_.clock.advance(std::chrono::hours(24) - std::chrono::seconds(1));
    const auto fresh = link_of(person("ben@example.com"), LinkPurpose::verify_email);
    db_.clock.advance(std::chrono::seconds(1));
    EXPECT_FALSE(verifies(token));
    EXPECT_TRUE(verifies(fresh));
    db_.clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(write([](Tx& tx) { return forget_links(tx, tx.now()); }), 1);
}

TEST_P(OneTimeLinks, AreStoredAsDigestsOnly) {
    const auto token = link_of(person(), LinkPurpose::reset_password);
    const auto stored = read([](Tx& tx) {
        return *tx.value<std::string>("SELECT digest FROM one_time_links WHERE tenant_id = :tenant");
    });
    EXPECT_EQ(stored.size(), 64u);
    EXPECT_EQ(stored.find(token), std::string::npos);
}

TEST_P(OneTimeLinks, AreForTheAddressTheyWereSentTo) {
    const auto ann = person();
    const auto token = link_of(ann, LinkPurpose::verify_email);
    write([&](Tx& tx) {
        tx.run("UPDATE people SET email = $1 WHERE tenant_id = :tenant AND id = $2", "new@example.com",
               ann.id);
    });
    EXPECT_FALSE(verifies(token));
}

TEST_P(OneTimeLinks, ResetAPasswordEverywhere) {
    const auto ann = person_with_password();
    const auto session = session_of(ann);
    for (int i = 0; i < 10; ++i) {
        refusal_of([&] { check_login(*db_, tenant, ann.email, "wrong password", db_.random); });
    }
    const auto request = write([](Tx& tx) { return request_password_reset(tx, " ANN@example.com"); });
    ASSERT_TRUE(request.has_value());
    EXPECT_EQ(request->person.id, ann.id);
    EXPECT_EQ(refusal_of([&] { reset(request->token, "short"); }).errors().at(0).field, "new_password");
    EXPECT_EQ(refusal_of([&] { reset("guess", "another long one"); }).reason(), invalid_link);

    reset(request->token, "another long one");
    EXPECT_FALSE(is_signed_in(session));
    // The lock does not outlive a reset, and the link works no second time.
    EXPECT_EQ(check_login(*db_, tenant, ann.email, "another long one", db_.random).user_id, ann.id);
    EXPECT_EQ(refusal_of([&] { reset(request->token, "yet another long one"); }).reason(), invalid_link);
    EXPECT_EQ(refusal_of([&] { check_login(*db_, tenant, ann.email, good_password, db_.random); }).reason(),
              wrong_credentials);
}

TEST_P(OneTimeLinks, ToResetAPasswordDieWhenItIsChanged) {
    const auto ann = person_with_password();
    const auto request = write([&](Tx& tx) { return request_password_reset(tx, ann.email); });
    const auto other = prepare_password("another long one", {}, db_.random);
    write([&](Tx& tx) { set_password(tx, ann.id, other); });
    EXPECT_EQ(refusal_of([&] { reset(request->token, "yet another one"); }).reason(), invalid_link);
}

TEST_P(OneTimeLinks, ToResetAPasswordGoToNobodyButActivePeople) {
    const auto ann = person_with_password();
    EXPECT_FALSE(write([](Tx& tx) { return request_password_reset(tx, "nobody@example.com"); }));
    const auto request = write([&](Tx& tx) { return request_password_reset(tx, ann.email); });
    write([&](Tx& tx) { set_person_status(tx, ann.id, PersonStatus::disabled); });
    EXPECT_FALSE(write([&](Tx& tx) { return request_password_reset(tx, ann.email); }));
    EXPECT_EQ(refusal_of([&] { reset(request->token, "another long one"); }).reason(), invalid_link);
}

ON_EVERY_ENGINE(OneTimeLinks);

class OneTimeCodes : public IdentityTest {
  protected:
    OneTimeCodes() : book_(crypto::Keyring::generate(db_.random)), ann_(person()) {}

    std::string issue() {
        return write([&](Tx& tx) { return book_.issue(tx, rule_, ann_.id); });
    }
    CodeAnswer answer(const std::string& code, const UserId& user) {
        return write([&](Tx& tx) { return book_.answer(tx, rule_, user, code); });
    }
    CodeAnswer answer(const std::string& code) { return answer(code, ann_.id); }
    static std::string other_than(std::string code) {
        code[0] = code[0] == '0' ? '1' : '0';
        return code;
    }

    static constexpr CodeRule rule_{"verify_phone", 6, 3, std::chrono::minutes(10)};
    CodeBook book_;
    Person ann_;
};

TEST_P(OneTimeCodes, WorkOnceForTheirOwner) {
    const auto code = issue();
    EXPECT_EQ(code.size(), 6u);
    EXPECT_EQ(answer(code, person("eve@example.com").id), CodeAnswer::expired);
    EXPECT_EQ(answer(code), CodeAnswer::right);
    EXPECT_EQ(answer(code), CodeAnswer::expired);
}

TEST_P(OneTimeCodes, TakeFewGuesses) {
    const auto code = issue();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(answer(other_than(code)), CodeAnswer::wrong);
    EXPECT_EQ(answer(code), CodeAnswer::too_many_guesses);
    EXPECT_EQ(answer(issue()), CodeAnswer::right);
}

TEST_P(OneTimeCodes, DieByTimeAndByTheNextOne) {
    const auto older = issue();
    std::string newer = issue();
    while (newer == older) newer = issue();
    EXPECT_EQ(answer(older), CodeAnswer::wrong);
    db_.clock.advance(std::chrono::minutes(10));
    EXPECT_EQ(answer(newer), CodeAnswer::expired);
}

ON_EVERY_ENGINE(OneTimeCodes);

}  // namespace
}  // namespace pamoja::identity
