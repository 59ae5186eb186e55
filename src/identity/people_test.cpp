#include "access/roles.hpp"
#include "identity/internal/identity_fixture.hpp"

namespace pamoja::identity {
namespace {

using testing::IdentityTest;
using testing::refusal_of;
using testing::tenant;

class People : public IdentityTest {};

TEST_P(People, AreStoredWithNormalisedAddressesAndRoles) {
    const auto made = write([](Tx& tx) {
        return register_person(tx, {.email = "  Ann.Njeri@Example.COM ",
                                    .phone = "0700 123 456",
                                    .first_name = "Ann",
                                    .last_name = "Njeri",
                                    .date_of_birth = Date(1990, 1, 1),
                                    .roles = {"borrower", "admin"}});
    });
    const auto found = read([&](Tx& tx) { return person_of(tx, made.id); });
    EXPECT_EQ(found.email, "ann.njeri@example.com");
    EXPECT_EQ(found.phone, "+254700123456");
    EXPECT_EQ(found.date_of_birth, Date(1990, 1, 1));
    EXPECT_EQ(found.created_at, db_.clock.now());
    EXPECT_FALSE(found.is_verified());
    EXPECT_EQ(read([&](Tx& tx) { return access::roles_of(tx, made.id); }),
              (std::vector<std::string>{"admin", "borrower"}));
    EXPECT_EQ(read([](Tx& tx) { return person_by_email(tx, "ANN.njeri@example.com\n"); })->id, made.id);
}

TEST_P(People, HaveOneAccountPerAddressWhateverItsCase) {
    person("ann@example.com");
    const auto refusal = refusal_of([&] { person("ANN@Example.com "); });
    EXPECT_EQ(refusal.reason(), email_taken);
    EXPECT_EQ(refusal.reason().kind, FailureKind::conflict);
    ASSERT_EQ(refusal.errors().size(), 1u);
    EXPECT_EQ(refusal.errors()[0].field, "email");
}

TEST_P(People, MayShareAPhoneNumber) {
    for (const char* email : {"a@example.com", "b@example.com"}) {
        const auto made =
            write([&](Tx& tx) { return register_person(tx, {.email = email, .phone = "+254700123456"}); });
        EXPECT_EQ(made.phone, "+254700123456");
    }
}

TEST_P(People, OfAnotherTenantMayHaveTheSameAddress) {
    const TenantId other("other");
    db_->write(every_tenant(),
               [&](Tx& tx) { create_tenant(tx, {.id = other, .face = "other", .name = "Other"}); });
    const auto ann = person("ann@example.com");
    const auto namesake =
        db_->write(other, [](Tx& tx) { return register_person(tx, {.email = "ann@example.com"}); });
    EXPECT_NE(ann.id, namesake.id);
    EXPECT_EQ(refusal_of([&] { db_->read(other, [&](Tx& tx) { return person_of(tx, ann.id); }); }).reason(),
              not_found);
}

TEST_P(People, NeedAnAddressAndARealPhoneNumber) {
    EXPECT_EQ(refusal_of([&] { person("nobody"); }).errors().at(0).field, "email");
    const auto refusal = refusal_of([&] {
        write([](Tx& tx) {
            return register_person(tx, {.email = "a@b.co", .phone = "12", .phone_field = "phone"});
        });
    });
    EXPECT_EQ(refusal.reason(), validation_failed);
    EXPECT_EQ(refusal.errors().at(0).field, "phone");
}

TEST_P(People, ChangeOnlyWhatIsSaid) {
    const auto ann = person();
    db_.clock.advance(std::chrono::seconds(5));
    write([&](Tx& tx) { return update_person(tx, ann.id, {.phone = "0711000111", .first_name = "Jane"}); });
    const auto found = read([&](Tx& tx) { return person_of(tx, ann.id); });
    EXPECT_EQ(found.first_name, "Jane");
    EXPECT_EQ(found.last_name, "Njeri");
    EXPECT_EQ(found.phone, "+254711000111");
    EXPECT_EQ(found.updated_at, ann.updated_at.plus(std::chrono::seconds(5)));
    EXPECT_EQ(found.created_at, ann.created_at);
    EXPECT_EQ(refusal_of([&] { write([](Tx& tx) { return update_person(tx, UserId("x"), {}); }); }).reason(),
              not_found);
}

TEST_P(People, LoseTheirSessionsWhenTheyAreDisabled) {
    const auto ann = person();
    const auto session = session_of(ann);
    EXPECT_TRUE(is_signed_in(session));
    write([&](Tx& tx) { set_person_status(tx, ann.id, PersonStatus::disabled); });
    EXPECT_FALSE(is_signed_in(session));
    write([&](Tx& tx) { set_person_status(tx, ann.id, PersonStatus::active); });
    EXPECT_FALSE(is_signed_in(session));
}

TEST_P(People, AreFoundTogether) {
    const auto ann = person("ann@example.com");
    const auto ben = person("ben@example.com");
    const auto found = read([&](Tx& tx) { return people_of(tx, {ann.id, UserId("nobody"), ben.id}); });
    EXPECT_EQ(found.size(), 2u);
}

TEST_P(People, KeepTheFirstTimeOfVerification) {
    const auto ann = person();
    write([&](Tx& tx) { mark_email_verified(tx, ann.id); });
    const auto first = db_.clock.now();
    db_.clock.advance(std::chrono::hours(1));
    write([&](Tx& tx) { mark_email_verified(tx, ann.id); });
    EXPECT_EQ(read([&](Tx& tx) { return person_of(tx, ann.id); }).email_verified_at, first);
}

ON_EVERY_ENGINE(People);

class Tenants : public IdentityTest {};

TEST_P(Tenants, AreMadeOnceHoweverOftenTheServerStarts) {
    const Tenant wanted{.id = TenantId("flexi"),
                        .face = "flexi",
                        .name = "Flexi",
                        .currency = Currency("NGN"),
                        .time_zone = "Africa/Nairobi",
                        .settings = json::Value(json::Object{{"a", json::Value(std::int64_t{1})}})};
    const auto first = db_->write(every_tenant(), [&](Tx& tx) { return ensure_tenant(tx, wanted); });
    db_.clock.advance(std::chrono::hours(1));
    Tenant renamed = wanted;
    renamed.name = "Renamed";
    const auto second = db_->write(every_tenant(), [&](Tx& tx) { return ensure_tenant(tx, renamed); });
    EXPECT_EQ(second.name, "Flexi");
    EXPECT_EQ(second.created_at, first.created_at);
    const auto found = db_->read(every_tenant(), [](Tx& tx) { return tenant_of(tx, "flexi"); });
    EXPECT_EQ(found.currency, Currency("NGN"));
    EXPECT_EQ(found.settings, wanted.settings);
    EXPECT_EQ(refusal_of([&] {
                  db_->write(every_tenant(), [&](Tx& tx) { return create_tenant(tx, wanted); });
              }).reason(),
              conflict);
}

TEST_P(Tenants, NeedATimeZoneThatExists) {
    const auto refusal = refusal_of([&] {
        db_->write(every_tenant(), [](Tx& tx) {
            return create_tenant(tx, {.face = "x", .name = "X", .time_zone = "Mars/Olympus"});
        });
    });
    EXPECT_EQ(refusal.errors().at(0).field, "time_zone");
    EXPECT_EQ(
        refusal_of([&] { db_->read(every_tenant(), [](Tx& tx) { return tenant_of(tx, "x"); }); }).reason(),
        not_found);
    EXPECT_EQ(db_->read(every_tenant(), [](Tx& tx) { return all_tenants(tx).size(); }), 1u);
}

ON_EVERY_ENGINE(Tenants);

}  // namespace
}  // namespace pamoja::identity
