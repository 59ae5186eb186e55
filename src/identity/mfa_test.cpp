#include "identity/mfa.hpp"

#include <set>
#include <thread>

#include "crypto/base64.hpp"
#include "crypto/totp.hpp"
#include "identity/internal/identity_fixture.hpp"
#include "identity/second_step.hpp"

namespace pamoja::identity {
namespace {

using testing::good_password;
using testing::IdentityTest;
using testing::refusal_of;
using testing::tenant;

class Mfa : public IdentityTest {
  protected:
    // Rounded to the beginning of a step, so that codes last as long as a test expects.
    Mfa() : keyring_(crypto::Keyring::generate(db_.random)), book_(keyring_) {
        db_.clock.advance(std::chrono::seconds(30 - db_.clock.now().seconds() % 30));
    }

    std::string app_code(int steps_later = 0) const {
        return crypto::totp_code(*crypto::from_base32(secret_),
                                 crypto::totp_step(db_.clock.now()) + steps_later);
    }
    void next_step() { db_.clock.advance(std::chrono::seconds(30)); }

    void set_up(const Person& owner, MfaType type) {
        const auto session = session_of(owner);
        const auto setup =
            write([&](Tx& tx) { return book_.set_up(tx, owner.id, type, session.id, "Acme"); });
        if (type == MfaType::totp) secret_ = setup.secret;
        const std::string code = type == MfaType::totp ? app_code() : setup.code->code;
        const auto factor = book_.check_setup(*db_, tenant, owner.id, session.id, type, code);
        write([&](Tx& tx) { book_.confirm_setup(tx, owner.id, type, factor); });
        if (type == MfaType::totp) next_step();
    }

    Session sign_in(const SecondStep& step, const Device& device = {.ip_address = "1.1.1.1"},
                    const std::string& password = good_password) {
        auto facts = check_login(*db_, tenant, "ann@example.com", password, db_.random, device);
        check_second_step(*db_, tenant, facts, step, device, book_,
                          [&](Tx&, const CodeToSend& code) { sent_ = code; });
        return write([&](Tx& tx) { return finish_login(tx, facts, device, std::chrono::hours(1)); });
    }
    Reason refusal_of_sign_in(const SecondStep& step, const Device& device = {.ip_address = "1.1.1.1"}) {
        return refusal_of([&] { sign_in(step, device); }).reason();
    }

    crypto::Keyring keyring_;
    MfaBook book_;
    std::string secret_;
    CodeToSend sent_;
};

TEST_P(Mfa, AsksForTheCodeOfAnApp) {
    const auto ann = person_with_password();
    sign_in({});
    set_up(ann, MfaType::totp);
    const auto refusal = refusal_of([&] { sign_in({}); });
    EXPECT_EQ(refusal.reason(), mfa_required);
    EXPECT_EQ(refusal.details, R"({"mfa_required":true,"methods":["totp"]})");
    const auto wrong = refusal_of([&] { sign_in({.code = "000000"}); });
    EXPECT_EQ(wrong.reason(), mfa_code_wrong);
    EXPECT_EQ(wrong.details, R"({"mfa_required":true,"methods":["totp"]})");
    EXPECT_TRUE(is_signed_in(sign_in({.code = app_code()})));
    EXPECT_TRUE(sent_.code.empty());
}

TEST_P(Mfa, TakesAStepToEitherSideAndNeverTheSameAgain) {
    const auto ann = person_with_password();
    set_up(ann, MfaType::totp);
    // The code that verified the app was used by that.
    EXPECT_EQ(refusal_of_sign_in({.code = app_code(-1)}), mfa_code_wrong);
    EXPECT_EQ(refusal_of_sign_in({.code = app_code(2)}), mfa_code_wrong);
    sign_in({.code = app_code(1)});
    EXPECT_EQ(refusal_of_sign_in({.code = app_code(1)}), mfa_code_wrong);
    EXPECT_EQ(refusal_of_sign_in({.code = app_code(0)}), mfa_code_wrong);
    next_step();
    next_step();
    const auto code = app_code();
    sign_in({.code = code.substr(0, 3) + " " + code.substr(3)});
}

TEST_P(Mfa, LetsOneOfManyInWithOneCode) {
    const auto ann = person_with_password();
    set_up(ann, MfaType::totp);
    constexpr int rounds = 10;
    constexpr int threads = 6;
    const auto facts = check_login(*db_, tenant, "ann@example.com", good_password, db_.random);
    for (int round = 0; round < rounds; ++round) {
        const std::string code = app_code();
        std::atomic<int> entered{0};
        std::atomic<int> refused{0};
        std::vector<std::thread> pool;
        for (int i = 0; i < threads; ++i) {
            pool.emplace_back([&] {
                try {
                    auto mine = facts;
                    check_second_step(*db_, tenant, mine, {.code = code}, {}, book_, {});
                    write([&](Tx& tx) { return finish_login(tx, mine, {}, std::chrono::hours(1)); });
                    ++entered;
                } catch (const Failure& failure) {
                    if (failure.reason() == mfa_code_wrong) ++refused;
                }
            });
        }
        for (auto& thread : pool) thread.join();
        EXPECT_EQ(entered, 1);
        EXPECT_EQ(refused, threads - 1);
        next_step();
        // Late ones were counted as wrong; the next window begins without them.
        db_.clock.advance(std::chrono::minutes(15));
    }
}

TEST_P(Mfa, BoundsGuessesThatComeAtOnce) {
    const auto ann = person_with_password();
    set_up(ann, MfaType::totp);
    const auto facts = check_login(*db_, tenant, "ann@example.com", good_password, db_.random);
    std::atomic<int> wrong{0};
    std::atomic<int> limited{0};
    std::vector<std::thread> pool;
    for (int i = 0; i < 8; ++i) {
        pool.emplace_back([&] {
            for (int guess = 0; guess < 4; ++guess) {
                try {
                    auto mine = facts;
                    check_second_step(*db_, tenant, mine, {.code = "000000"}, {}, book_, {});
                } catch (const Failure& failure) {
                    ++(failure.reason() == rate_limited ? limited : wrong);
                }
            }
        });
    }
    for (auto& thread : pool) thread.join();
    EXPECT_EQ(wrong, 10);
    EXPECT_EQ(limited, 22);
    // Even the right one is not looked at now, but whoever has recovery codes gets in.
    EXPECT_EQ(refusal_of_sign_in({.code = app_code()}), rate_limited);
    const auto codes = write([&](Tx& tx) { return book_.new_recovery_codes(tx, ann.id); });
    sign_in({.code = codes.front()});
    db_.clock.advance(std::chrono::minutes(15));
    sign_in({.code = app_code()});
}

TEST_P(Mfa, CountsNothingForThoseWhoDoNotKnowThePassword) {
    const auto ann = person_with_password();
    set_up(ann, MfaType::totp);
    for (int i = 0; i < 9; ++i) {
        const auto guess = [&] { sign_in({.code = "000000"}, {}, "not the password"); };
        EXPECT_EQ(refusal_of(guess).reason(), wrong_credentials);
    }
    sign_in({.code = app_code()});
}

TEST_P(Mfa, StopsPatientGuessersForTheDay) {
    const auto ann = person_with_password();
    set_up(ann, MfaType::totp);
    const auto facts = check_login(*db_, tenant, "ann@example.com", good_password, db_.random);
    const auto guess = [&] {
        auto mine = facts;
        return refusal_of([&] { check_second_step(*db_, tenant, mine, {.code = "000000"}, {}, book_, {}); })
            .reason();
    };
    int wrong = 0;
    for (int i = 0; i < 12; ++i) {
        while (guess() == mfa_code_wrong) ++wrong;
        db_.clock.advance(std::chrono::minutes(15));
    }
    EXPECT_EQ(wrong, 50);
    // A new password is one that the guesser does not know.
    const auto prepared = prepare_password("another long password", {}, db_.random);
    write([&](Tx& tx) { set_password(tx, ann.id, prepared); });
    sign_in({.code = app_code()}, {}, "another long password");
}

TEST_P(Mfa, SendsCodesForTheAttemptThatAskedForThem) {
    const auto ann = person_with_password();
    set_up(ann, MfaType::email);
    const Device phone{.ip_address = "1.1.1.1", .user_agent = "phone"};
    const Device thief{.ip_address = "2.2.2.2", .user_agent = "phone"};
    const auto refusal = refusal_of([&] { sign_in({}, phone); });
    EXPECT_EQ(refusal.reason(), mfa_required);
    EXPECT_EQ(sent_.address, "ann@example.com");
    const auto details = json::parse(refusal.details);
    EXPECT_EQ(details.find("sent_by")->text_or_empty(), "email");
    const std::string attempt = details.find("mfa_attempt")->text_or_empty();

    const std::string code = sent_.code;
    EXPECT_EQ(refusal_of_sign_in({.code = code}, thief), mfa_code_wrong);
    sign_in({.code = code}, phone);
    EXPECT_EQ(refusal_of_sign_in({.code = code}, phone), mfa_code_wrong);

    // Whoever names the attempt may come from elsewhere meanwhile.
    const auto second = refusal_of([&] { sign_in({}, phone); });
    const std::string named = json::parse(second.details).find("mfa_attempt")->text_or_empty();
    EXPECT_EQ(refusal_of_sign_in({.code = sent_.code, .attempt = attempt}, thief), mfa_code_wrong);
    sign_in({.code = sent_.code, .attempt = named}, thief);
}

TEST_P(Mfa, LetsSentCodesDieAfterTenMinutesAndBoundsThem) {
    const auto ann = person_with_password();
    set_up(ann, MfaType::email);
    EXPECT_EQ(refusal_of_sign_in({}), mfa_required);
    const std::string first = sent_.code;
    db_.clock.advance(std::chrono::seconds(599));
    EXPECT_EQ(refusal_of_sign_in({}), mfa_required);
    if (first != sent_.code) {
        EXPECT_EQ(refusal_of_sign_in({.code = first}), mfa_code_wrong);
    }
    db_.clock.advance(std::chrono::minutes(10));
    EXPECT_EQ(refusal_of_sign_in({.code = sent_.code}), mfa_code_wrong);
    int sent = 3;  // one of them at set-up
    while (refusal_of_sign_in({}) == mfa_required) ++sent;
    EXPECT_EQ(sent, 10);
}

TEST_P(Mfa, SendsByPhoneOnlyWhereThereIsOne) {
    const auto ann = person_with_password();
    const auto session = session_of(ann);
    const auto begin = [&] {
        return write([&](Tx& tx) { return book_.set_up(tx, ann.id, MfaType::sms, session.id, "Acme"); });
    };
    EXPECT_EQ(refusal_of(begin).errors().at(0).code, "no_phone");
    write([&](Tx& tx) { update_person(tx, ann.id, {.phone = "+254700123456"}); });
    EXPECT_EQ(begin().code->address, "+254700123456");
    set_up(ann, MfaType::sms);
    set_up(ann, MfaType::totp);
    // A number that is changed afterwards gets no codes.
    write([&](Tx& tx) { update_person(tx, ann.id, {.phone = "+254711111111"}); });
    EXPECT_EQ(refusal_of_sign_in({}), mfa_required);
    EXPECT_TRUE(sent_.code.empty());
    EXPECT_EQ(refusal_of_sign_in({.wanted = MfaType::sms}), mfa_required);
    EXPECT_EQ(sent_.address, "+254700123456");
    sign_in({.code = sent_.code});
}

TEST_P(Mfa, BindsTheCodeOfASetupToItsSession) {
    const auto ann = person_with_password();
    const auto session = session_of(ann);
    const auto other = session_of(ann);
    const auto setup =
        write([&](Tx& tx) { return book_.set_up(tx, ann.id, MfaType::email, session.id, "Acme"); });
    const auto check = [&](const Session& asker, MfaType type) {
        return book_.check_setup(*db_, tenant, ann.id, asker.id, type, setup.code->code);
    };
    EXPECT_EQ(refusal_of([&] { check(other, MfaType::email); }).errors().at(0).field, "code");
    EXPECT_EQ(refusal_of([&] { check(session, MfaType::totp); }).reason(), not_found);
    sign_in({});  // not verified yet
    const auto factor = check(session, MfaType::email);
    write([&](Tx& tx) { book_.confirm_setup(tx, ann.id, MfaType::email, factor); });
    EXPECT_EQ(refusal_of([&] { check(session, MfaType::email); }).reason(), conflict);
    EXPECT_EQ(refusal_of([&] {
                  write([&](Tx& tx) { book_.set_up(tx, ann.id, MfaType::email, session.id, "Acme"); });
              }).reason(),
              conflict);
}

TEST_P(Mfa, TakesEachRecoveryCodeOnceUntilTheNextOnes) {
    const auto ann = person_with_password();
    const auto renew = [&] { return write([&](Tx& tx) { return book_.new_recovery_codes(tx, ann.id); }); };
    EXPECT_EQ(refusal_of(renew).reason(), conflict);
    set_up(ann, MfaType::totp);
    const auto old = renew();
    const auto codes = renew();
    EXPECT_EQ(std::set<std::string>(codes.begin(), codes.end()).size(), 10u);
    EXPECT_EQ(refusal_of_sign_in({.code = old.front()}), mfa_code_wrong);
    sign_in({.code = codes[0]});
    EXPECT_EQ(refusal_of_sign_in({.code = codes[0]}), mfa_code_wrong);
    std::string sloppy = codes[1].substr(0, 5) + " " + codes[1].substr(6);
    for (char& c : sloppy) c = static_cast<char>(std::toupper(c));
    sign_in({.code = sloppy});
    EXPECT_EQ(read([&](Tx& tx) { return recovery_codes_left(tx, ann.id); }), 8);
}

TEST_P(Mfa, StoresNoSecretInTheClear) {
    const auto ann = person_with_password();
    set_up(ann, MfaType::totp);
    const auto codes = write([&](Tx& tx) { return book_.new_recovery_codes(tx, ann.id); });
    const auto stored = db_->read(every_tenant(), [](Tx& tx) {
        std::string text;
        for (const char* sql :
             {"SELECT sealed_secret FROM mfa_methods", "SELECT digest FROM mfa_recovery_codes"}) {
            for (const Row& row : tx.rows(sql).rows) text += std::get<std::string>(row.cells.at(0)) + "\n";
        }
        return text;
    });
    EXPECT_EQ(stored.find(secret_), std::string::npos);
    EXPECT_EQ(stored.find(*crypto::from_base32(secret_)), std::string::npos);
    EXPECT_EQ(stored.find(codes[0].substr(0, 5)), std::string::npos);
}

TEST_P(Mfa, EndsWithTheLastMethod) {
    const auto ann = person_with_password();
    set_up(ann, MfaType::totp);
    write([&](Tx& tx) { book_.new_recovery_codes(tx, ann.id); });
    write([&](Tx& tx) { remove_mfa_method(tx, ann.id, MfaType::totp); });
    EXPECT_FALSE(read([&](Tx& tx) { return has_second_factor(tx, ann.id); }));
    EXPECT_EQ(read([&](Tx& tx) { return recovery_codes_left(tx, ann.id); }), 0);
    sign_in({});
    EXPECT_EQ(
        refusal_of([&] { write([&](Tx& tx) { remove_mfa_method(tx, ann.id, MfaType::totp); }); }).reason(),
        not_found);
}

TEST_P(Mfa, ShutsDoorsThatNeverAskForIt) {
    const auto ann = person_with_password();
    set_up(ann, MfaType::totp);
    const auto facts = check_login(*db_, tenant, "ann@example.com", good_password, db_.random);
    const auto finish = [&] {
        write([&](Tx& tx) { return finish_login(tx, facts, {}, std::chrono::hours(1)); });
    };
    EXPECT_EQ(refusal_of(finish).reason(), mfa_code_wrong);
}

TEST_P(Mfa, OpensNoSecretOfAnAppThatWasSetUpAnew) {
    const auto ann = person_with_password();
    set_up(ann, MfaType::totp);
    auto facts = check_login(*db_, tenant, "ann@example.com", good_password, db_.random);
    check_second_step(*db_, tenant, facts, {.code = app_code()}, {}, book_, {});
    write([&](Tx& tx) { remove_mfa_method(tx, ann.id, MfaType::totp); });
    set_up(ann, MfaType::totp);
    const auto finish = [&] {
        write([&](Tx& tx) { return finish_login(tx, facts, {}, std::chrono::hours(1)); });
    };
    EXPECT_EQ(refusal_of(finish).reason(), mfa_code_wrong);
}

TEST_P(Mfa, ShowsThePendingSecretUntilItIsVerified) {
    const auto ann = person_with_password();
    const auto session = session_of(ann);
    const auto setup =
        write([&](Tx& tx) { return book_.set_up(tx, ann.id, MfaType::totp, session.id, "Acme & Co"); });
    const auto again = [&] {
        return read([&](Tx& tx) { return book_.pending_uri(tx, ann.id, "Acme & Co"); });
    };
    EXPECT_EQ(setup.uri, "otpauth://totp/Acme%20%26%20Co:ann@example.com?secret=" + setup.secret +
                             "&issuer=Acme%20%26%20Co");
    EXPECT_EQ(again(), setup.uri);
    secret_ = setup.secret;
    const auto factor = book_.check_setup(*db_, tenant, ann.id, session.id, MfaType::totp, app_code());
    write([&](Tx& tx) { book_.confirm_setup(tx, ann.id, MfaType::totp, factor); });
    EXPECT_EQ(refusal_of(again).reason(), not_found);
}

TEST(OtpauthUri, EscapesEachPart) {
    EXPECT_EQ(otpauth_uri("Example", "user@example.com", "JBSWY3DPEHPK3PXP"),
              "otpauth://totp/Example:user@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Example");
    EXPECT_EQ(
        otpauth_uri("a:b/?&#%", "x+y@ä.example", "A"),
        "otpauth://totp/a%3Ab%2F%3F%26%23%25:x%2By@%C3%A4.example?secret=A&issuer=a%3Ab%2F%3F%26%23%25");
}

ON_EVERY_ENGINE(Mfa);

}  // namespace
}  // namespace pamoja::identity
