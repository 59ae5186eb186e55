#include "access/roles.hpp"

#include <gtest/gtest.h>

#include "db/testing.hpp"

namespace pamoja::access {
namespace {

const TenantId tenant("acme");
const TenantId other("other");

class Roles : public ::testing::TestWithParam<Engine> {
  protected:
    Roles() : db_(GetParam()) {
        for (const auto& each : {tenant, other}) {
            db_->write(each, [](Tx& tx) {
                tx.run(
                    "INSERT INTO tenants (id, face, name, currency, time_zone, settings, created_at) "
                    "VALUES ($1, 'f', 'n', 'KES', 'UTC', '{}', 0)",
                    tx.tenant());
                for (const char* id : {"ann", "ben"}) {
                    tx.run(
                        "INSERT INTO people (tenant_id, id, email, phone, first_name, last_name, status, "
                        "created_at, "
                        "updated_at) VALUES (:tenant, $1, $1, '', '', '', 'active', 0, 0)",
                        id);
                }
            });
        }
    }

    template <class F>
    auto write(F work) {
        return db_->write(tenant, std::move(work));
    }

    testing::TestDatabase db_;
    const UserId ann_{"ann"};
    const UserId ben_{"ben"};
};

TEST_P(Roles, AreGrantedOnceAndRevoked) {
    write([&](Tx& tx) {
        grant_role(tx, ann_, loan_officer);
        grant_role(tx, ann_, borrower, ben_);
        grant_role(tx, ann_, borrower);
        grant_role(tx, ben_, borrower);
    });
    write([&](Tx& tx) {
        EXPECT_EQ(roles_of(tx, ann_), (std::vector<std::string>{"borrower", "loan_officer"}));
        EXPECT_TRUE(has_role(tx, ann_, loan_officer));
        EXPECT_FALSE(has_role(tx, ben_, loan_officer));
        EXPECT_EQ(people_with_role(tx, borrower), (std::vector<UserId>{ann_, ben_}));
        revoke_role(tx, ann_, loan_officer);
        revoke_role(tx, ann_, "never granted");
        EXPECT_EQ(roles_of(tx, ann_), (std::vector<std::string>{"borrower"}));
    });
}

TEST_P(Roles, HoldInTheirTenantAlone) {
    write([&](Tx& tx) { grant_role(tx, ann_, admin); });
    db_->write(other, [&](Tx& tx) {
        EXPECT_FALSE(has_role(tx, ann_, admin));
        EXPECT_TRUE(people_with_role(tx, admin).empty());
        revoke_role(tx, ann_, admin);
    });
    EXPECT_TRUE(write([&](Tx& tx) { return has_role(tx, ann_, admin); }));
}

TEST_P(Roles, CannotBeGivenToNobody) {
    EXPECT_THROW(write([](Tx& tx) { grant_role(tx, UserId("nobody"), admin); }), ConstraintViolation);
}

INSTANTIATE_TEST_SUITE_P(Engines, Roles, ::testing::ValuesIn(testing::engines()),
                         [](const auto& param) { return testing::name_of(param.param); });

}  // namespace
}  // namespace pamoja::access
