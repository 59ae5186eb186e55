#include "access/row_filter.hpp"

#include <gtest/gtest.h>

#include <set>

#include "access/policies.hpp"
#include "access/role_definitions.hpp"
#include "db/testing.hpp"

namespace pamoja::access {
namespace {

const TenantId tenant("acme");

struct Row {
    std::string id;
    std::optional<std::string> status;
    std::optional<std::string> customer_id;
    std::optional<std::int64_t> total;
    std::optional<bool> is_paid;
    std::optional<Timestamp> scheduled_at;
    std::optional<Timestamp> created_at;
    std::optional<Date> held_on;

    void describe(Fields& f) {
        f("id", id);
        f("status", status);
        f("customer_id", customer_id);
        f("total", total);
        f("is_paid", is_paid);
        f("scheduled_at", scheduled_at);
        f("created_at", created_at);
        f("held_on", held_on);
    }

    // As a point check sees it.
    json::Value attributes() const {
        const auto text = [](const auto& value, auto write) {
            return value ? json::Value(write(*value)) : json::Value();
        };
        const auto precise = [](const Timestamp& instant) { return instant.precise_text(); };
        const auto same = [](const auto& value) { return value; };
        return json::Value(json::Object{
            {"booking",
             json::Value(json::Object{{"id", json::Value(id)},
                                      {"status", text(status, same)},
                                      {"customer_id", text(customer_id, same)},
                                      {"total", text(total, same)},
                                      {"is_paid", text(is_paid, same)},
                                      {"scheduled_at", text(scheduled_at, precise)},
                                      {"created_at", text(created_at, precise)},
                                      {"held_on", text(held_on, [](const Date& d) { return d.text(); })}})},
            {"env", json::parse(R"({"kind": "web", "limit": 5, "shops": ["s1", "s2", null, 3]})")}});
    }
};

const std::vector<Column> columns{
    {"booking.id", "rows_to_filter.id", ColumnType::text},
    {"booking.status", "rows_to_filter.status", ColumnType::text},
    {"booking.customer_id", "rows_to_filter.customer_id", ColumnType::text},
    {"booking.total", "rows_to_filter.total", ColumnType::integer},
    {"booking.is_paid", "rows_to_filter.is_paid", ColumnType::boolean},
    {"booking.scheduled_at", "rows_to_filter.scheduled_at", ColumnType::instant},
    {"booking.created_at", "rows_to_filter.created_at", ColumnType::instant},
    {"booking.held_on", "rows_to_filter.held_on", ColumnType::date},
};

constexpr int rounds = 300;

class RowFilters : public ::testing::TestWithParam<Engine> {
  protected:
    RowFilters() : db_(GetParam()), random_(11) {
        db_->write(every_tenant(), [](Tx& tx) {
            tx.run(
                "CREATE TABLE rows_to_filter (tenant_id TEXT NOT NULL, id TEXT NOT NULL, status TEXT, "
                "customer_id TEXT, total BIGINT, is_paid BOOLEAN, scheduled_at BIGINT, created_at BIGINT, "
                "held_on TEXT, PRIMARY KEY (tenant_id, id))");
        });
        db_->write(tenant, [&](Tx& tx) {
            tx.run(
                "INSERT INTO tenants (id, face, name, currency, time_zone, settings, created_at) "
                "VALUES ($1, 'f', 'n', 'KES', 'UTC', '{}', 0)",
                tx.tenant());
            ensure_role(tx, RoleId(), {"Reader"}, {"other.read"});
        });
    }

    template <class T>
    T one_of(const std::vector<T>& values) {
        return values[random_.below(values.size())];
    }

    template <class T>
    std::optional<T> perhaps(T value) {
        return random_.below(6) == 0 ? std::nullopt : std::optional<T>(std::move(value));
    }

    void fill(int count) {
        std::vector<Row> rows;
        for (int i = 0; i < count; ++i) {
            const auto hours = std::chrono::hours(static_cast<std::int64_t>(random_.below(200)) - 100);
            const auto offset = std::chrono::microseconds(random_.below(3));
            rows.push_back(
                {"r" + std::to_string(i), perhaps(one_of<std::string>({"new", "paid", "Paid off", "ünwise"})),
                 perhaps(one_of<std::string>({"ann", "ben", "s1", ""})),
                 perhaps(static_cast<std::int64_t>(random_.below(8)) - 2), perhaps(random_.below(2) == 0),
                 perhaps(db_.clock.now().plus(hours).plus(offset)), perhaps(db_.clock.now().minus(hours)),
                 perhaps(local_date(db_.clock.now().plus(hours), "UTC"))});
        }
        db_->write(tenant, [&](Tx& tx) { tx.insert_all("rows_to_filter", rows); });
    }

    std::string clause() {
        return one_of<std::string>({
            R"j("booking.status": "paid")j",
            R"j("booking.status": "!= paid")j",
            R"j("booking.status": null)j",
            R"j("booking.status": "starts_with pa")j",
            R"j("booking.status": "starts_with 'ün'")j",
            R"j("booking.status": "contains ' o'")j",
            R"j("booking.status": "contains ''")j",
            R"j("booking.status": "not in [new, paid]")j",
            R"j("booking.status": ["new", "ünwise"])j",
            R"j("booking.status": "exists")j",
            R"j("booking.status": "not exists")j",
            R"j("booking.status": "!= null")j",
            R"j("booking.customer_id": "== user.id")j",
            R"j("booking.customer_id": "in env.shops")j",
            R"j("booking.customer_id": "not in env.shops")j",
            R"j("user.id": "== booking.customer_id")j",
            R"j("booking.customer_id": "== booking.status")j",
            R"j("booking.customer_id": "!= env.missing")j",
            R"j("booking.customer_id": "== user.role")j",
            R"j("booking.customer_id": "in user.roles")j",
            R"j("booking.total": 3)j",
            R"j("booking.total": "!= 3")j",
            R"j("booking.total": "> 2.5")j",
            R"j("booking.total": "<= -0.5")j",
            R"j("booking.total": "== 2.5")j",
            R"j("booking.total": "!= 2.5")j",
            R"j("booking.total": "< env.limit")j",
            R"j("env.limit": ">= booking.total")j",
            R"j("booking.total": "between -1 and 4.5")j",
            R"j("booking.total": "in [1, 2, 5]")j",
            R"j("booking.total": "> 9999999999999999")j",
            R"j("booking.total": "< 9223372036854775807")j",
            R"j("booking.is_paid": true)j",
            R"j("booking.is_paid": "!= true")j",
            R"j("booking.is_paid": false)j",
            R"j("booking.scheduled_time": "> now() + 24h")j",
            R"j("booking.scheduled_at": "<= now()")j",
            R"j("booking.scheduled_at": "== today()")j",
            R"j("booking.scheduled_at": "!= today() + 1d")j",
            R"j("booking.scheduled_at": "> today()")j",
            R"j("booking.scheduled_at": "<= today() - 1d")j",
            R"j("booking.scheduled_at": "between today() and today() + 2d")j",
            R"j("booking.scheduled_at": "> booking.created_at + 36h")j",
            R"j("booking.scheduled_at": "< booking.created_at")j",
            R"j("booking.scheduled_at": null)j",
            R"j("booking.scheduled_at": "2025-12-05T14:48:13Z")j",
            R"j("booking.scheduled_at": "!= 2025-12-05")j",
            R"j("booking.held_on": "== today()")j",
            R"j("booking.held_on": "< today() + 1d")j",
            R"j("booking.held_on": "> now()")j",
            R"j("booking.held_on": "2025-12-04")j",
            R"j("booking.held_on": "starts_with '2025-12-0'")j",
            R"j("booking.customer_id": "> now()")j",
            R"j("booking.total": "== user.email")j",
            R"j("user.email": "contains booking.customer_id")j",
            R"j("env.kind": "web")j",
            R"j("env.kind": "app")j",
            R"j("env.missing": 1)j",
            R"j("user.role": "Reader")j",
            R"j("user.role": "Writer")j",
            R"j("booking.unlisted": 1)j",
            R"j("booking.customer_id": "== booking.held_on")j",
        });
    }

    std::string object(int depth) {
        std::string text = "{" + clause();
        const auto form = random_.below(depth > 2 ? 1 : 8);
        if (form == 4) text += R"(, "not": )" + object(depth + 1);
        if (form == 5) text += R"(, "any": [)" + object(depth + 1) + ", " + object(depth + 1) + "]";
        if (form == 6) text += R"(, "all": [)" + object(depth + 1) + ", " + object(depth + 1) + "]";
        if (form == 7) text += R"(, "not": [)" + object(depth + 1) + ", " + object(depth + 1) + "]";
        return text + "}";
    }

    std::string conditions() {
        std::string text = "[" + object(0);
        while (random_.below(3) == 0) text += ", " + object(0);
        return text + "]";
    }

    // New policies, about an action of their own so that rounds do not mix.
    void write_policies(const std::string& action) {
        db_->write(tenant, [&](Tx& tx) {
            const auto count = 1 + random_.below(4);
            for (std::uint64_t i = 0; i < count; ++i) {
                PolicyText text{.name = "p", .resource = "booking", .action = action};
                text.effect = random_.below(3) == 0 ? Effect::deny : Effect::allow;
                text.conditions = json::parse(conditions());
                ensure_policy(tx, PolicyId(action + "-" + std::to_string(i)), text);
            }
        });
    }

    testing::TestDatabase db_;
    SeededRandom random_;
};

// Whatever the policies and rows are, the list holds the rows that point checks allow; and no others, unless
// the filter says that it cannot tell.
TEST_P(RowFilters, AreEqualToPointChecks) {
    fill(60);
    for (int round = 0; round < rounds; ++round) write_policies("read" + std::to_string(round));
    std::size_t exact_count = 0, passed_count = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto action = "read" + std::to_string(round);
        const Subject subject{
            UserId("ann"), {"Reader", "s1"}, {}, {{"email", json::Value("ann@example.com")}}};
        const std::string zone = one_of<std::string>({"UTC", "Asia/Kolkata", "America/New_York"});
        db_->read(tenant, [&](Tx& tx) {
            Question question{"booking", action, json::parse(R"({})"), zone};
            const auto rows = tx.all<Row>("FROM rows_to_filter WHERE tenant_id = :tenant ORDER BY id");
            question.attributes = json::Value(json::Object{{"env", *rows.front().attributes().find("env")}});
            const auto filter = filter_rows(tx, subject, question, columns, 2);
            const auto page = filtered_page<Row>(tx, {1, 1000},
                                                 "FROM rows_to_filter WHERE tenant_id = :tenant AND id <> $1",
                                                 "id", filter, "none");
            std::set<std::string> listed;
            for (const auto& row : page.items) listed.insert(row.id);
            exact_count += filter.is_exact;
            for (const auto& row : rows) {
                question.attributes = row.attributes();
                const bool is_allowed = decide(tx, subject, question).is_allowed;
                passed_count += is_allowed;
                ASSERT_TRUE(!is_allowed || listed.contains(row.id)) << row.id << " " << filter.where;
                ASSERT_TRUE(!filter.is_exact || is_allowed == listed.contains(row.id))
                    << row.id << " " << filter.where << " " << json::to_text(row.attributes()) << " " << zone
                    << " " << name_of(explain(tx, subject, question).trace.at(0).truth);
            }
        });
    }
    EXPECT_GT(exact_count, 100u);
    EXPECT_GT(passed_count, 1000u);
}

TEST_P(RowFilters, AreEmptyWithoutAnyPermission) {
    fill(3);
    db_->read(tenant, [&](Tx& tx) {
        const Subject subject{UserId("ann"), {}};
        const auto filter = filter_rows(tx, subject, {"booking", "read"}, columns, 1);
        EXPECT_TRUE(filter.is_empty);
        EXPECT_EQ(
            filtered_page<Row>(tx, {}, "FROM rows_to_filter WHERE tenant_id = :tenant", "id", filter).total,
            0);
        const Subject holder{UserId("ann"), {}, {"booking.read"}};
        const auto all = filter_rows(tx, holder, {"booking", "read"}, columns, 1);
        EXPECT_FALSE(all.is_empty);
        EXPECT_EQ(
            filtered_page<Row>(tx, {}, "FROM rows_to_filter WHERE tenant_id = :tenant", "id", all).total, 3);
    });
}

INSTANTIATE_TEST_SUITE_P(Engines, RowFilters, ::testing::ValuesIn(testing::engines()),
                         [](const auto& param) { return testing::name_of(param.param); });

}  // namespace
}  // namespace pamoja::access
