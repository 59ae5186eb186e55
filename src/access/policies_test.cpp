#include "access/policies.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "access/rehearsal.hpp"
#include "access/role_definitions.hpp"
#include "access/roles.hpp"
#include "db/testing.hpp"

namespace pamoja::access {
namespace {

const TenantId tenant("acme");
const TenantId other("other");

class Policies : public ::testing::TestWithParam<Engine> {
  protected:
    Policies() : db_(GetParam()) {
        for (const auto& each : {tenant, other}) {
            db_->write(each, [](Tx& tx) {
                tx.run(
                    "INSERT INTO tenants (id, face, name, currency, time_zone, settings, created_at) "
                    "VALUES ($1, 'f', 'n', 'KES', 'UTC', '{}', 0)",
                    tx.tenant());
                for (const char* id : {"ann", "ben", "root"}) {
                    tx.run(
                        "INSERT INTO people (tenant_id, id, email, phone, first_name, last_name, status, "
                        "created_at, updated_at) VALUES (:tenant, $1, $1, '', '', '', 'active', 0, 0)",
                        id);
                }
                ensure_role(tx, RoleId("role456"), {"Admin", RoleFamily::internal}, {"*"});
                ensure_role(tx, RoleId("role123"), {"Customer", RoleFamily::customer},
                            {"booking.create", "booking.cancel"});
                grant_role(tx, UserId("root"), "Admin");
            });
        }
        // What other tests of this process have noted is none of this database's.
        db_->write(tenant, [](Tx& tx) { store_noted_decisions(tx); });
        db_->write(tenant, [](Tx& tx) { forget_decisions(tx, Timestamp(), 0); });
    }

    template <class F>
    auto write(F work) {
        return db_->write(tenant, std::move(work));
    }
    bool is_allowed(const Subject& subject, const Question& question) {
        return db_->read(tenant, [&](Tx& tx) { return decide(tx, subject, question).is_allowed; });
    }
    template <class F>
    Reason refusal_of(F work) {
        try {
            write([&](Tx& tx) { work(tx); });
        } catch (const Failure& failure) {
            return failure.reason();
        }
        return {FailureKind::internal, "was not refused"};
    }

    static Subject who(const char* id, std::vector<std::string> roles) {
        return {UserId(id), std::move(roles)};
    }
    static Question cancel(const char* scheduled_at) {
        return {"booking", "cancel",
                json::parse(R"({"booking": {"scheduled_at": ")" + std::string(scheduled_at) + R"("}})")};
    }

    testing::TestDatabase db_;
    const Subject admin_ = who("root", {"Admin"});
    const Subject customer_ = who("ann", {"Customer"});
    const PolicyText late_{.name = "Late",
                           .resource = "booking",
                           .action = "cancel",
                           .effect = Effect::deny,
                           .conditions = json::parse(R"([{"booking.scheduled_time": "< now() + 24h"}])")};
};

constexpr const char* soon = "2025-12-05T20:00:00Z";
constexpr const char* later = "2025-12-25T20:00:00Z";

TEST_P(Policies, HoldFromTheirCommitOn) {
    EXPECT_TRUE(is_allowed(customer_, cancel(soon)));
    const auto policy = write([&](Tx& tx) { return create_policy(tx, admin_, late_); });
    EXPECT_FALSE(is_allowed(customer_, cancel(soon)));
    EXPECT_TRUE(is_allowed(customer_, cancel(later)));
    auto disabled = late_;
    disabled.is_enabled = false;
    const auto updated = write([&](Tx& tx) { return update_policy(tx, admin_, policy.id, disabled); });
    EXPECT_EQ(updated.version, 2);
    EXPECT_TRUE(is_allowed(customer_, cancel(soon)));
    write([&](Tx& tx) { update_policy(tx, admin_, policy.id, late_); });
    EXPECT_FALSE(is_allowed(customer_, cancel(soon)));
    write([&](Tx& tx) { remove_policy(tx, admin_, policy.id); });
    EXPECT_TRUE(is_allowed(customer_, cancel(soon)));
    EXPECT_EQ(refusal_of([&](Tx& tx) { policy_with(tx, policy.id); }), not_found);
    const auto versions = write([](Tx& tx) {
        return *tx.value<std::int64_t>("SELECT COUNT(*) FROM policy_versions WHERE tenant_id = :tenant");
    });
    EXPECT_EQ(versions, 4);
}

// Whoever decides while policies change decides by those that stand in their own transaction.
TEST_P(Policies, AreNeverMixedUpWhileTheyChange) {
    const auto policy = write([&](Tx& tx) { return create_policy(tx, admin_, late_); });
    std::atomic<bool> is_over = false;
    std::atomic<int> wrong = 0, decided = 0;
    std::vector<std::thread> deciders;
    for (int i = 0; i < 3; ++i) {
        deciders.emplace_back([&] {
            while (!is_over || decided < 3) {
                const bool agrees = db_->read(tenant, [&](Tx& tx) {
                    const bool is_denied = policy_with(tx, policy.id).text.is_enabled;
                    return decide(tx, customer_, cancel(soon)).is_allowed != is_denied;
                });
                wrong += agrees ? 0 : 1;
                ++decided;
            }
        });
    }
    auto text = late_;
    for (int i = 0; i < 40; ++i) {
        text.is_enabled = !text.is_enabled;
        write([&](Tx& tx) { update_policy(tx, admin_, policy.id, text); });
    }
    is_over = true;
    for (auto& decider : deciders) decider.join();
    EXPECT_EQ(wrong, 0);
}

TEST_P(Policies, AreNotSeenBeforeTheyAreCommitted) {
    EXPECT_THROW(write([&](Tx& tx) {
                     create_policy(tx, admin_, late_);
                     EXPECT_FALSE(decide(tx, customer_, cancel(soon)).is_allowed);
                     throw std::runtime_error("rolled back");
                 }),
                 std::runtime_error);
    EXPECT_TRUE(is_allowed(customer_, cancel(soon)));
}

TEST_P(Policies, StayInTheirTenant) {
    const auto policy = write([&](Tx& tx) { return create_policy(tx, admin_, late_); });
    db_->write(other, [&](Tx& tx) {
        EXPECT_TRUE(decide(tx, customer_, cancel(soon)).is_allowed);
        EXPECT_THROW(policy_with(tx, policy.id), Failure);
        EXPECT_EQ(policies(tx, {}, {}).total, 0);
    });
    EXPECT_EQ(write([](Tx& tx) { return policies(tx, {}, {}).total; }), 1);
    EXPECT_EQ(write([](Tx& tx) { return policies(tx, {.resource = "user"}, {}).total; }), 0);
    EXPECT_EQ(write([](Tx& tx) { return policies(tx, {.is_enabled = true}, {}).total; }), 1);
}

TEST_P(Policies, AreWrittenOnlyByWhoMayDoWhatTheyTarget) {
    auto opening = late_;
    opening.effect = Effect::allow;
    opening.resource = "tenant";
    opening.action = "remove";
    EXPECT_EQ(refusal_of([&](Tx& tx) { create_policy(tx, customer_, opening); }), forbidden);
    const auto policy = write([&](Tx& tx) { return create_policy(tx, admin_, opening); });
    EXPECT_EQ(refusal_of([&](Tx& tx) { update_policy(tx, customer_, policy.id, late_); }), forbidden);
    EXPECT_EQ(refusal_of([&](Tx& tx) { remove_policy(tx, customer_, policy.id); }), forbidden);
    auto everywhere = late_;
    everywhere.action = "*";
    EXPECT_EQ(refusal_of([&](Tx& tx) { create_policy(tx, customer_, everywhere); }), forbidden);
    EXPECT_NO_THROW(write([&](Tx& tx) { create_policy(tx, customer_, late_); }));
}

TEST_P(Policies, AreRefusedWithThePlaceOfTheFault) {
    auto wrong = late_;
    wrong.conditions = json::parse(R"([{"booking.scheduled_time": "> now() + 24x"}])");
    try {
        write([&](Tx& tx) { create_policy(tx, admin_, wrong); });
        ADD_FAILURE();
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.errors().at(0).field, "rules.conditions[0].booking.scheduled_time");
    }
    wrong.conditions = json::parse("{}");
    EXPECT_EQ(refusal_of([&](Tx& tx) { create_policy(tx, admin_, wrong); }), validation_failed);
    wrong.conditions = json::parse("[]");
    wrong.resource = "a b";
    EXPECT_EQ(refusal_of([&](Tx& tx) { create_policy(tx, admin_, wrong); }), validation_failed);
}

TEST_P(Policies, GuardOperations) {
    write([&](Tx& tx) { create_policy(tx, admin_, late_); });
    EXPECT_NO_THROW(write([&](Tx& tx) { require_allowed(tx, customer_, cancel(later)); }));
    EXPECT_EQ(refusal_of([&](Tx& tx) { require_allowed(tx, customer_, cancel(soon)); }), forbidden);
    EXPECT_NO_THROW(write([&](Tx& tx) { require_permission(tx, customer_, "booking.cancel"); }));
    EXPECT_EQ(refusal_of([&](Tx& tx) { require_permission(tx, customer_, "role.create"); }), forbidden);
    const auto explained = write([&](Tx& tx) { return explain(tx, customer_, cancel(soon)); });
    EXPECT_FALSE(explained.is_allowed);
    EXPECT_EQ(explained.trace.at(0).clauses.at(0).expected, "2025-12-06T14:48:13Z");
}

TEST_P(Policies, AreRehearsedOnRecordedDecisions) {
    for (const char* when : {soon, later, later}) {
        write([&](Tx& tx) { require_allowed(tx, customer_, cancel(when)); });
    }
    const Subject stranger = who("ben", {});
    EXPECT_EQ(refusal_of([&](Tx& tx) { require_allowed(tx, stranger, cancel(later)); }), forbidden);

    const auto denied = write([&](Tx& tx) { return rehearse(tx, PolicyId(), late_); });
    EXPECT_EQ(denied.decisions_count, 4);
    EXPECT_EQ(denied.newly_denied_count, 1);
    EXPECT_EQ(denied.newly_allowed_count, 0);
    EXPECT_EQ(denied.unchanged_count, 3);
    ASSERT_EQ(denied.examples.size(), 1u);
    EXPECT_EQ(denied.examples[0].user_id, customer_.id);
    EXPECT_TRUE(denied.examples[0].was_allowed);
    EXPECT_EQ(denied.examples[0].explanation.policies.size(), 1u);

    auto opening = late_;
    opening.effect = Effect::allow;
    opening.conditions = json::parse(R"([{"user.id": "ben"}])");
    const auto stored = write([&](Tx& tx) { return create_policy(tx, admin_, late_); });
    const auto allowed = write([&](Tx& tx) { return rehearse(tx, stored.id, opening); });
    EXPECT_EQ(allowed.decisions_count, 4);
    EXPECT_EQ(allowed.newly_allowed_count, 2) << "the stranger's, and the one that the policy denies now";
    EXPECT_EQ(write([&](Tx& tx) { return rehearse(tx, stored.id, late_); }).unchanged_count, 4);
    EXPECT_EQ(write([&](Tx& tx) { return policy_with(tx, stored.id); }).version, 1) << "nothing was changed";
}

TEST_P(Policies, ForgetOldDecisions) {
    for (int i = 0; i < 5; ++i) write([&](Tx& tx) { require_allowed(tx, customer_, cancel(later)); });
    write([](Tx& tx) { store_noted_decisions(tx); });
    write([](Tx& tx) { store_noted_decisions(tx); });
    const auto count = [&] {
        return write([](Tx& tx) { return decisions_about(tx, "booking", "cancel", 100).size(); });
    };
    EXPECT_EQ(count(), 5u);
    EXPECT_EQ(write([&](Tx& tx) { return forget_decisions(tx, Timestamp(), 3); }), 2);
    EXPECT_EQ(count(), 3u);
    EXPECT_EQ(write([&](Tx& tx) { return forget_decisions(tx, tx.now().plus(std::chrono::seconds(1)), 3); }),
              3);
    EXPECT_EQ(count(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Engines, Policies, ::testing::ValuesIn(testing::engines()),
                         [](const auto& param) { return testing::name_of(param.param); });

// Roles with permissions, on the same ground.
class RoleDefinitions : public Policies {};

TEST_P(RoleDefinitions, GiveTheirPermissions) {
    const auto role = write([&](Tx& tx) {
        return create_role(tx, admin_, {"PremiumCustomer", RoleFamily::customer, "Premium"},
                           {"booking.create", "booking.update"});
    });
    EXPECT_EQ(write([&](Tx& tx) { return permissions_of(tx, role.id); }),
              (std::vector<std::string>{"booking.create", "booking.update"}));
    write([&](Tx& tx) { give_role(tx, admin_, UserId("ann"), role.id); });
    write([&](Tx& tx) {
        const auto held = roles_held_by(tx, UserId("ann"));
        ASSERT_EQ(held.size(), 1u);
        EXPECT_EQ(held[0].what.name, "PremiumCustomer");
        EXPECT_EQ(roles_of(tx, UserId("ann")), std::vector<std::string>{"PremiumCustomer"});
        EXPECT_TRUE(has_permission(tx, who("ann", {"PremiumCustomer"}), "booking", "update"));
        update_role(tx, admin_, role.id, {.permissions = std::vector<std::string>{"booking.create"}});
        EXPECT_FALSE(has_permission(tx, who("ann", {"PremiumCustomer"}), "booking", "update"));
        take_role(tx, admin_, UserId("ann"), role.id);
        EXPECT_TRUE(roles_of(tx, UserId("ann")).empty());
    });
    EXPECT_EQ(refusal_of([&](Tx& tx) { take_role(tx, admin_, UserId("ann"), role.id); }), not_found);
    EXPECT_EQ(write([](Tx& tx) { return roles(tx, {}).total; }), 3);
}

TEST_P(RoleDefinitions, GrantNoMoreThanTheGranterHas) {
    const Subject manager = who("ben", {"Manager"});
    const auto role = write([&](Tx& tx) {
        return create_role(tx, admin_, {"Manager", RoleFamily::internal}, {"booking.read", "role.create"});
    });
    EXPECT_EQ(refusal_of([&](Tx& tx) {
                  create_role(tx, manager, {"Own", RoleFamily::internal}, {"booking.read", "user.create"});
              }),
              forbidden);
    EXPECT_EQ(refusal_of([&](Tx& tx) {
                  create_role(tx, manager, {"Own", RoleFamily::internal}, {"*"});
              }),
              forbidden);
    EXPECT_EQ(refusal_of([&](Tx& tx) { give_role(tx, manager, UserId("ben"), RoleId("role456")); }),
              forbidden);
    EXPECT_EQ(refusal_of([&](Tx& tx) {
                  update_role(tx, manager, role.id, {.permissions = std::vector<std::string>{"user.create"}});
              }),
              forbidden);
    EXPECT_EQ(refusal_of([&](Tx& tx) { remove_role(tx, manager, RoleId("role123")); }), forbidden);
    EXPECT_EQ(refusal_of([&](Tx& tx) {
                  declare_permission(tx, manager, {"harmless", "*", "*"});
              }),
              forbidden);
    EXPECT_NO_THROW(write([&](Tx& tx) {
        create_role(tx, manager, {"Reader", RoleFamily::internal}, {"booking.read"});
        give_role(tx, manager, UserId("ann"), role.id);
    }));
}

TEST_P(RoleDefinitions, LeaveSomebodyInCharge) {
    const RoleId admin("role456");
    EXPECT_EQ(refusal_of([&](Tx& tx) { take_role(tx, admin_, UserId("root"), admin); }), role_protected);
    EXPECT_EQ(refusal_of([&](Tx& tx) { remove_role(tx, admin_, admin); }), role_protected);
    EXPECT_EQ(refusal_of([&](Tx& tx) {
                  update_role(tx, admin_, admin, {.permissions = std::vector<std::string>{}});
              }),
              role_protected);
    write([&](Tx& tx) {
        give_role(tx, admin_, UserId("ben"), admin);
        take_role(tx, admin_, UserId("root"), admin);
    });
}

TEST_P(RoleDefinitions, AreNamedOnce) {
    EXPECT_EQ(refusal_of([&](Tx& tx) { create_role(tx, admin_, {"Customer"}, {}); }), role_taken);
    write([&](Tx& tx) { grant_role(tx, UserId("ann"), "Ghost"); });
    EXPECT_EQ(refusal_of([&](Tx& tx) { create_role(tx, admin_, {"Ghost"}, {"user.create"}); }), role_taken)
        << "old grants of the name would get its permissions";
    EXPECT_EQ(refusal_of([&](Tx& tx) { create_role(tx, admin_, {"New"}, {"nothing"}); }), validation_failed);
}

TEST_P(RoleDefinitions, CeaseWithTheirGrants) {
    write([&](Tx& tx) {
        give_role(tx, admin_, UserId("ann"), RoleId("role123"));
        remove_role(tx, admin_, RoleId("role123"));
        EXPECT_TRUE(roles_of(tx, UserId("ann")).empty());
        EXPECT_FALSE(has_permission(tx, customer_, "booking", "create"));
    });
}

TEST_P(RoleDefinitions, NameDeclaredAndImpliedPermissions) {
    const auto declared = write([&](Tx& tx) {
        return declare_permission(tx, admin_, {"booking.cancel", "booking", "cancel", "Cancel"});
    });
    EXPECT_TRUE(declared.is_declared);
    const NewPermission again{"booking.cancel", "booking", "cancel"};
    EXPECT_EQ(refusal_of([&](Tx& tx) { declare_permission(tx, admin_, again); }), permission_taken);
    const NewPermission twisted{"booking.create", "tenant", "remove"};
    EXPECT_EQ(refusal_of([&](Tx& tx) { declare_permission(tx, admin_, twisted); }), permission_taken)
        << "roles that hold it would get another one";
    write([&](Tx& tx) {
        declare_permission(tx, admin_, {"suspend", "tenant", "suspend"});
        create_role(tx, admin_, {"Guard", RoleFamily::internal}, {"suspend", "suspend"});
        EXPECT_TRUE(has_permission(tx, who("ben", {"Guard"}), "tenant", "suspend"));
        EXPECT_EQ(permissions(tx, {}).total, 4);
    });
}

INSTANTIATE_TEST_SUITE_P(Engines, RoleDefinitions, ::testing::ValuesIn(testing::engines()),
                         [](const auto& param) { return testing::name_of(param.param); });

}  // namespace
}  // namespace pamoja::access
