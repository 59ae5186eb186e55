#pragma once
#include <gtest/gtest.h>

#include "db/testing.hpp"
#include "identity/passwords.hpp"
#include "identity/people.hpp"
#include "identity/tenants.hpp"
#include "identity/tokens.hpp"

namespace pamoja::identity::testing {

inline const TenantId tenant("acme");
inline constexpr const char* good_password = "correct horse battery";

inline TokenIssuer new_issuer(Random& random) {
    return {crypto::SigningKeys::generate(crypto::SigningAlgorithm::ed25519, random),
            crypto::Keyring::generate(random),
            {{"acme", {.issuer = "https://acme.example"}},
             {"other", {.issuer = "https://other.example", .access_lifetime = std::chrono::seconds(900)}}}};
}

// A database of each engine with one tenant in it, and what tests of people need most.
class IdentityTest : public ::testing::TestWithParam<Engine> {
  protected:
    IdentityTest() : db_(GetParam()) {
        db_->write(every_tenant(), [](Tx& tx) {
            create_tenant(tx, {.id = tenant, .face = "acme", .name = "Acme", .currency = Currency("KES")});
        });
    }

    template <class F>
    auto write(F work) {
        return db_->write(tenant, std::move(work));
    }
    template <class F>
    auto read(F work) {
        return db_->read(tenant, std::move(work));
    }

    Person person(const std::string& email = "ann@example.com") {
        return write([&](Tx& tx) {
            return register_person(tx, {.email = email, .first_name = "Ann", .last_name = "Njeri"});
        });
    }

    Person person_with_password(const std::string& email = "ann@example.com",
                                const std::string& password = good_password) {
        const auto prepared = prepare_password(password, {}, db_.random);
        const Person made = person(email);
        write([&](Tx& tx) { set_password(tx, made.id, prepared); });
        return made;
    }

    Session session_of(const Person& owner, std::chrono::seconds lifetime = std::chrono::hours(1)) {
        return write([&](Tx& tx) { return start_session(tx, owner.id, {.name = "phone"}, lifetime); });
    }

    static crypto::Claims claims_of(const Session& session) {
        return {.issuer = "acme",
                .audience = "acme",
                .subject = session.user_id.text(),
                .session_id = session.id.text(),
                .tenant = tenant.text(),
                .type = "access",
                .id = "1",
                .issued_at = session.created_at,
                .expires_at = session.expires_at};
    }

    bool is_signed_in(const Session& session) {
        try {
            read([&](Tx& tx) { return authenticate(tx, claims_of(session)); });
            return true;
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.reason(), unauthenticated);
            return false;
        }
    }

    pamoja::testing::TestDatabase db_;
};

// What the work is refused with; fails the test when it is not.
template <class F>
Failure refusal_of(F work) {
    try {
        work();
    } catch (const Failure& failure) {
        return failure;
    }
    ADD_FAILURE() << "was not refused";
    return Failure(internal_error, "was not refused");
}

}  // namespace pamoja::identity::testing

#define ON_EVERY_ENGINE(suite)                                                                \
    INSTANTIATE_TEST_SUITE_P(Engines, suite, ::testing::ValuesIn(pamoja::testing::engines()), \
                             [](const auto& param) { return pamoja::testing::name_of(param.param); })
