#include "identity/tenants.hpp"

#include "access/roles.hpp"
#include "identity/internal/identity_fixture.hpp"
#include "identity/refreshing.hpp"

namespace pamoja::identity {
namespace {

using testing::good_password;
using testing::IdentityTest;
using testing::new_issuer;
using testing::refusal_of;
using testing::tenant;

class TenantsLife : public IdentityTest {
  protected:
    void set_status(TenantStatus status) {
        db_->write(every_tenant(), [&](Tx& tx) { set_tenant_status(tx, tenant, status); });
    }
    LoginFacts check() { return check_login(*db_, tenant, "ann@example.com", good_password, db_.random); }
};

TEST_P(TenantsLife, ThatAreSuspendedLetNobodyIn) {
    person_with_password();
    const auto facts = check();
    set_status(TenantStatus::suspended);
    EXPECT_EQ(refusal_of([&] { check(); }).reason(), tenant_suspended);
    // Not even those whose password was checked just before.
    EXPECT_EQ(refusal_of([&] {
                  write([&](Tx& tx) { return finish_login(tx, facts, {}, std::chrono::hours(1)); });
              }).reason(),
              tenant_suspended);
    set_status(TenantStatus::active);
    EXPECT_TRUE(
        is_signed_in(write([&](Tx& tx) { return finish_login(tx, facts, {}, std::chrono::hours(1)); })));
}

TEST_P(TenantsLife, StopTokensAtOnceWhileTheyAreSuspended) {
    const auto issuer = new_issuer(db_.random);
    const auto session = session_of(person());
    const auto token = issuer.refresh_token("acme", tenant, session);
    set_status(TenantStatus::suspended);
    EXPECT_FALSE(is_signed_in(session));
    EXPECT_FALSE(read([&](Tx& tx) { return live_session(tx, session.id); }).has_value());
    EXPECT_EQ(refusal_of([&] { renew(*db_, issuer, "acme", token, db_.random); }).reason(),
              invalid_refresh_token);
    set_status(TenantStatus::active);
    EXPECT_TRUE(is_signed_in(session));
    renew(*db_, issuer, "acme", token, db_.random);
}

TEST_P(TenantsLife, AreMadeWithTheirFirstAdmin) {
    const TenantId fresh("fresh");
    const auto password = prepare_password(good_password, {}, db_.random);
    const Tenant wanted{.face = "acme", .name = "Fresh", .currency = Currency("KES")};
    const auto make = [&](const std::string& name, const std::string& email) {
        return db_->write(fresh, [&](Tx& tx) {
            Tenant named = wanted;
            named.name = name;
            return create_tenant_with_admin(tx, named, {.email = email, .roles = {"Admin"}}, password);
        });
    };
    // A fault of the admin's leaves no tenant behind.
    EXPECT_EQ(refusal_of([&] { make("Fresh", "nobody"); }).errors().at(0).field, "email");
    EXPECT_FALSE(read([&](Tx& tx) { return tenant_named(tx, fresh); }).has_value());

    EXPECT_EQ(make("Fresh", "ann@example.com").status, TenantStatus::active);
    const auto facts = check_login(*db_, fresh, "ann@example.com", good_password, db_.random);
    EXPECT_TRUE(db_->read(fresh, [&](Tx& tx) { return access::has_role(tx, facts.user_id, "Admin"); }));
    EXPECT_EQ(make("Other", "bob@example.com").name, "Fresh");
    EXPECT_FALSE(
        db_->read(fresh, [&](Tx& tx) { return person_by_email(tx, "bob@example.com"); }).has_value());
}

TEST_P(TenantsLife, AreListedInPages) {
    db_->write(every_tenant(), [](Tx& tx) {
        for (int i = 0; i < 5; ++i) {
            create_tenant(tx, {.id = TenantId("t" + std::to_string(i)),
                               .face = "hall",
                               .name = i == 3 ? "50%_Off" : "Hall " + std::to_string(i),
                               .currency = Currency("KES")});
        }
    });
    const auto page = [&](const char* search, PageRequest request) {
        std::string names;
        for (const auto& found :
             read([&](Tx& tx) { return tenants_page(tx, "hall", search, request); }).items)
            names += found.name + ",";
        return names;
    };
    EXPECT_EQ(page("", {1, 2}), "Hall 0,Hall 1,");
    EXPECT_EQ(page("", {3, 2}), "Hall 4,");
    EXPECT_EQ(page("HALL", {1, 9}), "Hall 0,Hall 1,Hall 2,Hall 4,");
    EXPECT_EQ(page("%_", {1, 9}), "50%_Off,");
    EXPECT_EQ(refusal_of([&] {
                  write([](Tx& tx) { set_tenant_status(tx, TenantId("none"), TenantStatus::suspended); });
              }).reason(),
              not_found);
}

ON_EVERY_ENGINE(TenantsLife);

}  // namespace
}  // namespace pamoja::identity
