#include <atomic>
#include <thread>

#include "audit/entries.hpp"
#include "crypto/password_hash.hpp"
#include "identity/attempts.hpp"
#include "identity/internal/common_passwords.hpp"
#include "identity/internal/identity_fixture.hpp"
#include "identity/one_time_links.hpp"

namespace pamoja::identity {
namespace {

using testing::good_password;
using testing::IdentityTest;
using testing::refusal_of;
using testing::tenant;

constexpr std::chrono::hours session_lifetime{24};

TEST(PasswordRules, RefuseWhatIsGuessedFirst) {
    struct Case {
        const char* password;
        const char* code;  // null: it is good
    };
    const std::vector<std::string> personal{"ann@example.com", "ann", "Annabella", "Njeri", "AnnabellaNjeri"};
    for (const auto& [password, code] : std::initializer_list<Case>{
             {"", "too_short"},
             {"seven77", "too_short"},
             {"äöüäöü7", "too_short"},
             {"password", "too_common"},
             {"Password1", "too_common"},
             {"P@ssw0rd123", "too_common"},
             {"qwertyuiop", "too_common"},
             {"12345678", "too_common"},
             {"87654321", "too_common"},
             {"aaaaaaaaaa", "too_common"},
             {"Nairobi2025!", "too_common"},
             {"iloveyou", "too_common"},
             {"19901990", "too_common"},
             {"1q2w3e4r5t", "too_common"},
             {"ANN@example.com", "too_personal"},
             {"annabella", "too_personal"},
             {"annabellanjeri", "too_personal"},
             {"SecurePass123!", nullptr},
             {"NewSecurePass123!", nullptr},
             {"TestPass123!", nullptr},
             {"AdminPass123!", nullptr},
             {"ChamaPass123!", nullptr},
             {"CashPass123!", nullptr},
             {"correct horse battery", nullptr},
             {"mzuri sana kweli", nullptr},
             {"äöüäöüäö", nullptr},
         }) {
        const auto problem = password_problem(password, personal);
        EXPECT_STREQ(problem ? problem->code : nullptr, code) << password;
    }
    EXPECT_FALSE(password_problem(std::string(100, 'x') + "twenty eight more characters", {}));
    EXPECT_STREQ(password_problem(std::string(129, 'x') + "y", {})->code, "too_long");
    EXPECT_GE(common_passwords_known(), 3000u);
}

class Passwords : public IdentityTest {
  protected:
    LoginFacts check(const std::string& password, const std::string& email = "ann@example.com") {
        return check_login(*db_, tenant, email, password, db_.random);
    }
    Session login(const std::string& password, const std::string& email = "ann@example.com") {
        const auto facts = check(password, email);
        return write([&](Tx& tx) { return finish_login(tx, facts, {}, session_lifetime); });
    }
};

TEST_P(Passwords, SignTheirOwnerIn) {
    const auto ann = person_with_password();
    const auto session = login(good_password, " ANN@example.com");
    EXPECT_EQ(session.user_id, ann.id);
    EXPECT_EQ(session.expires_at, db_.clock.now().plus(session_lifetime));
    EXPECT_TRUE(is_signed_in(session));
}

TEST_P(Passwords, AreRefusedAlikeWhetherThePersonExistsOrNot) {
    const auto ben = person_with_password("ben@example.com");
    person_with_password();
    write([&](Tx& tx) { set_person_status(tx, ben.id, PersonStatus::disabled); });
    person("external@example.com");  // who has no password
    std::vector<std::uint64_t> costs;
    struct Case {
        std::string email;
        std::string password;
    };
    for (const auto& tried : std::initializer_list<Case>{{"ann@example.com", "wrong password"},
                                                         {"nobody@example.com", good_password},
                                                         {"ben@example.com", good_password},
                                                         {"external@example.com", good_password}}) {
        const auto before = crypto::password_hashes_computed();
        const auto refusal = refusal_of([&] { check(tried.password, tried.email); });
        costs.push_back(crypto::password_hashes_computed() - before);
        EXPECT_EQ(refusal.reason(), wrong_credentials) << tried.email;
        EXPECT_EQ(refusal.message(), "Invalid email or password.");
        EXPECT_TRUE(refusal.errors().empty());
    }
    EXPECT_EQ(costs, (std::vector<std::uint64_t>{1, 1, 1, 1}));
}

TEST_P(Passwords, LockTheAccountAfterTenWrongOnesUntilTheWindowPasses) {
    person_with_password();
    const auto lock = [&](const std::string& email) {
        for (int i = 0; i < 10; ++i) {
            EXPECT_EQ(refusal_of([&] { check("wrong password", email); }).reason(), wrong_credentials);
            db_.clock.advance(std::chrono::seconds(10));
        }
    };
    // Case and spaces of the address start no new count.
    lock("Ann@example.com ");
    const auto hashes_before = crypto::password_hashes_computed();
    const auto refusal = refusal_of([&] { check(good_password); });
    EXPECT_EQ(refusal.reason(), rate_limited);
    EXPECT_EQ(refusal.retry_after, std::chrono::seconds(900 - 100));
    EXPECT_EQ(crypto::password_hashes_computed(), hashes_before);

    db_.clock.advance(std::chrono::seconds(799));
    EXPECT_EQ(refusal_of([&] { check(good_password); }).retry_after, std::chrono::seconds(1));
    db_.clock.advance(std::chrono::seconds(1));
    login(good_password);

    // An address that nobody has is locked alike.
    lock("nobody@example.com");
    EXPECT_EQ(refusal_of([&] { check("x", "nobody@example.com"); }).reason(), rate_limited);
}

TEST_P(Passwords, StayLockedAcrossARestart) {
    person_with_password();
    for (int i = 0; i < 10; ++i) refusal_of([&] { check("wrong password"); });
    db_.database.reset();
    db_.database = open_database(db_.url, db_.clock, db_.random);
    EXPECT_EQ(refusal_of([&] { check(good_password); }).reason(), rate_limited);
}

TEST_P(Passwords, AreCountedAnewAfterARightOne) {
    person_with_password();
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 9; ++i) {
            EXPECT_EQ(refusal_of([&] { check("wrong password"); }).reason(), wrong_credentials);
        }
        login(good_password);
    }
}

TEST_P(Passwords, TellNoMoreThanTenOfManyParallelGuesses) {
    const auto ann = person_with_password();
    constexpr int threads = 8;
    constexpr int guesses_each = 25;
    std::atomic<int> told = 0;
    std::atomic<int> locked = 0;
    std::vector<std::thread> pool;
    for (int i = 0; i < threads; ++i) {
        pool.emplace_back([&] {
            for (int guess = 0; guess < guesses_each; ++guess) {
                const auto refusal = refusal_of([&] { check("wrong password"); });
                if (refusal.reason() == wrong_credentials) ++told;
                if (refusal.reason() == rate_limited) ++locked;
            }
        });
    }
    for (auto& thread : pool) thread.join();
    EXPECT_EQ(told, 10);
    EXPECT_EQ(locked, threads * guesses_each - 10);
    const auto entries = read([&](Tx& tx) { return audit::entries_about(tx, "account:" + ann.id.text()); });
    EXPECT_EQ(entries.total, 10);
}

// A right guess whose check ran while the lock was being reached is not disclosed either.
TEST_P(Passwords, DoNotSignInOnceTheLockIsReached) {
    person_with_password();
    const auto facts = check(good_password);
    for (int i = 0; i < 10; ++i) refusal_of([&] { check("wrong password"); });
    EXPECT_EQ(refusal_of([&] {
                  write([&](Tx& tx) { return finish_login(tx, facts, {}, session_lifetime); });
              }).reason(),
              rate_limited);
}

TEST_P(Passwords, ThatChangedBetweenTheHalvesOfASignInAreVoid) {
    const auto ann = person_with_password();
    const auto facts = check(good_password);
    const auto other = prepare_password("another long password", {}, db_.random);
    write([&](Tx& tx) { set_password(tx, ann.id, other); });
    EXPECT_EQ(refusal_of([&] {
                  write([&](Tx& tx) { return finish_login(tx, facts, {}, session_lifetime); });
              }).reason(),
              wrong_credentials);
    login("another long password");
}

TEST_P(Passwords, OfOldParametersAreHashedAgainAtSignIn) {
    const auto ann = person_with_password();
    const std::string weaker =
        "$argon2id$v=19$m=8192,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Qd/uPU2dNuqz/ljLQKUryhqKULDfO/egRNHbpCY1GDk";
    write([&](Tx& tx) {
        tx.run("UPDATE credentials SET password_hash = $1 WHERE tenant_id = :tenant AND user_id = $2", weaker,
               ann.id);
    });
    const auto stored = [&] {
        return read([&](Tx& tx) {
            return *tx.value<std::string>(
                "SELECT password_hash FROM credentials WHERE tenant_id = :tenant AND user_id = $1", ann.id);
        });
    };
    const auto facts = check(good_password);
    login(good_password);
    const auto rehashed = stored();
    EXPECT_FALSE(crypto::needs_rehash(rehashed));
    // A sign-in that was under way meanwhile goes through: the password is the same.
    write([&](Tx& tx) { return finish_login(tx, facts, {}, session_lifetime); });
    const auto settled = stored();
    login(good_password);
    EXPECT_EQ(stored(), settled);
}

TEST_P(Passwords, DifferAlsoInTheirLastCharacters) {
    const std::string base(79, 'k');
    person_with_password("ann@example.com", base + "1");
    EXPECT_EQ(refusal_of([&] { check(base + "2"); }).reason(), wrong_credentials);
    EXPECT_EQ(refusal_of([&] { check(base + "1 "); }).reason(), wrong_credentials);
    login(base + "1");
}

TEST_P(Passwords, AreChangedByWhoKnowsTheCurrentOne) {
    const auto ann = person_with_password();
    const auto asking = session_of(ann);
    const auto other = session_of(ann);
    const auto change = [&](const std::string& current, const std::string& next) {
        const auto checked =
            check_password_change(*db_, tenant, ann.id, {.current = current, .next = next}, db_.random);
        write([&](Tx& tx) { change_password(tx, checked, asking.id); });
    };
    EXPECT_EQ(refusal_of([&] { change("wrong password", "another long one"); }).errors().at(0).field,
              "current_password");
    EXPECT_EQ(refusal_of([&] { change(good_password, "short"); }).errors().at(0).field, "new_password");
    EXPECT_EQ(refusal_of([&] { change(good_password, "ann@example.com"); }).errors().at(0).code,
              "too_personal");
    change(good_password, "another long one");
    EXPECT_TRUE(is_signed_in(asking));
    EXPECT_FALSE(is_signed_in(other));
    EXPECT_EQ(refusal_of([&] { login(good_password); }).reason(), wrong_credentials);
    login("another long one");
}

TEST_P(Passwords, GuessedWhenChangingCountLikeThoseAtSignIn) {
    const auto ann = person_with_password();
    for (int i = 0; i < 10; ++i) {
        const auto refusal = refusal_of([&] {
            check_password_change(*db_, tenant, ann.id,
                                  {.current = "wrong password", .next = "next long one"}, db_.random);
        });
        EXPECT_EQ(refusal.reason(), validation_failed);
    }
    EXPECT_EQ(refusal_of([&] { check(good_password); }).reason(), rate_limited);
}

TEST_P(Passwords, AreNotReplacedByAnOutdatedChange) {
    const auto ann = person_with_password();
    const auto session = session_of(ann);
    const auto change = check_password_change(
        *db_, tenant, ann.id, {.current = good_password, .next = "first new password"}, db_.random);
    write([&](Tx& tx) { change_password(tx, change, session.id); });
    EXPECT_EQ(refusal_of([&] { write([&](Tx& tx) { change_password(tx, change, session.id); }); }).reason(),
              conflict);
}

ON_EVERY_ENGINE(Passwords);

class Attempts : public IdentityTest {};

TEST_P(Attempts, CountPerPurposeAndSubjectAndAreForgotten) {
    constexpr AttemptRule pin{"pin", 2, std::chrono::minutes(15)};
    constexpr AttemptRule passcode{"passcode", 2, std::chrono::minutes(15)};
    const auto count = [&](const AttemptRule& rule, const char* subject) {
        write([&](Tx& tx) { count_wrong_attempt(tx, rule, subject); });
    };
    count(pin, "ann");
    count(pin, "ann");
    EXPECT_EQ(refusal_of([&] { count(pin, "ann"); }).reason(), rate_limited);
    count(passcode, "ann");
    count(pin, "ben");
    write([&](Tx& tx) { clear_attempts(tx, passcode, "ann"); });
    EXPECT_EQ(refusal_of([&] { count(pin, "ann"); }).reason(), rate_limited);
    db_.clock.advance(std::chrono::minutes(15));
    EXPECT_EQ(write([](Tx& tx) { return forget_attempts(tx, tx.now()); }), 2);
    count(pin, "ann");
}

TEST_P(Attempts, AreTakenWithoutThrowingUntilNoneIsLeft) {
    constexpr AttemptRule letters{"letters", 3, std::chrono::hours(1)};
    const auto take = [&] { return write([&](Tx& tx) { return take_attempt(tx, letters, "ann"); }); };
    EXPECT_TRUE(take());
    EXPECT_TRUE(take());
    EXPECT_TRUE(take());
    EXPECT_FALSE(take());
    db_.clock.advance(std::chrono::hours(1));
    EXPECT_TRUE(take());
}

ON_EVERY_ENGINE(Attempts);

}  // namespace
}  // namespace pamoja::identity
