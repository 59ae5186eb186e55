#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "describe/fields.hpp"

namespace pamoja {
namespace {

enum class Colour { dark_red, blue };
constexpr std::array<const char*, 2> names(Colour) {
    return {"dark_red", "blue"};
}

struct Address {
    std::string city;
    void describe(Fields& f) { f("city", city).length(1, 10); }
};

struct Order {
    std::string email;
    Money amount;
    int count = 1;
    Colour colour = Colour::blue;
    std::optional<Date> due_on;
    std::vector<std::string> tags;
    Address address;
    std::string status = "new";

    void describe(Fields& f) {
        f("email", email).email();
        f("amount", amount).money_between(100'00, 1000'00);
        f.optional("count", count).between(1, 36);
        f.optional("colour", colour);
        f("due_on", due_on);
        f.optional("tags", tags).length(0, 2);
        f("address", address);
        f("status", status).read_only();
    }
    void check(Reading& reading) const {
        if (count == 13) reading.errors.push_back({"count", "Unlucky", "unlucky"});
    }
};

const WireStyle wire{MoneyForm::major_number, EnumCase::upper, Currency("KES")};

std::vector<std::string> errors_of(std::string_view text) {
    try {
        read_json<Order>(json::parse(text), wire);
    } catch (const Failure& failure) {
        std::vector<std::string> found;
        for (const auto& error : failure.errors()) found.push_back(error.field + ":" + error.code);
        return found;
    }
    return {};
}

TEST(ReadJson, ReadsWhatIsDescribed) {
    const auto order = read_json<Order>(
        json::parse(
            R"({"email":"a@b.co","amount":250.5,"colour":"DARK_RED","due_on":"2025-12-15","tags":["x"],
                        "address":{"city":"Nairobi"},"status":"paid","unknown":1})"),
        wire);
    EXPECT_EQ(order.amount, Money(250'50, Currency("KES")));
    EXPECT_EQ(order.colour, Colour::dark_red);
    EXPECT_EQ(order.due_on, Date(2025, 12, 15));
    EXPECT_EQ(order.status, "new") << "a read-only field was taken from the request";
}

TEST(ReadJson, ReportsAllErrorsAtOnceWithTheirPaths) {
    using ::testing::ElementsAre;
    EXPECT_THAT(errors_of("{}"), ElementsAre("email:required", "amount:required", "address:required"));
    EXPECT_THAT(errors_of(R"({"email":"a@b","amount":"5","count":37,"colour":"blue","due_on":"2025-02-30",
                              "tags":["a","b","c"],"address":{"city":""}})"),
                ElementsAre("email:invalid", "amount:invalid", "count:too_large", "colour:invalid_choice",
                            "due_on:invalid", "tags:too_long", "address.city:required"));
    EXPECT_THAT(errors_of(R"({"email":null,"amount":99.99,"address":{"city":"Nairobi City"}})"),
                ElementsAre("email:required", "amount:too_small", "address.city:too_long"));
    EXPECT_THAT(errors_of(R"({"email":"a@b.co","amount":100.001,"address":7})"),
                ElementsAre("amount:invalid", "address:invalid"));
    EXPECT_THAT(errors_of(R"({"email":"a@b.co","amount":100,"count":13,"address":{"city":"x"}})"),
                ElementsAre("count:unlucky"));
}

TEST(ReadJson, RefusesAddressesThatAreNone) {
    for (const char* email :
         {"a", "@b.co", "a@", "a@b", "a b@c.de", "a@b..co", "a@@b.co", "a@b.co\\r\\nBcc: x@y.z"}) {
        const auto text = std::string(R"({"email":")") + email + R"(","amount":100,"address":{"city":"x"}})";
        EXPECT_THAT(errors_of(text), ::testing::ElementsAre("email:invalid")) << email;
    }
}

TEST(ReadJson, TakesTextsOfQueriesForNumbers) {
    struct Query {
        int page = 1;
        std::optional<bool> is_read;
        void describe(Fields& f) {
            f.optional("page", page).between(1, 100);
            f("is_read", is_read);
        }
    };
    const auto query = read_json<Query>(json::parse(R"({"page":"3","is_read":"false"})"), wire, true);
    EXPECT_EQ(query.page, 3);
    EXPECT_EQ(query.is_read, false);
    EXPECT_THROW(read_json<Query>(json::parse(R"({"page":"x"})"), wire, true), Failure);
}

TEST(WriteJson, FollowsTheStyleOfTheWire) {
    Order order;
    order.amount = Money(250'50, Currency("KES"));
    order.colour = Colour::dark_red;
    EXPECT_EQ(write_json(order, wire),
              R"({"email":"","amount":250.5,"count":1,"colour":"DARK_RED","due_on":null,"tags":[],)"
              R"("address":{"city":""},"status":"new"})");
    EXPECT_NE(write_json(order, {MoneyForm::minor_number, EnumCase::lower, {}}).find(R"("amount":25050,)"),
              std::string::npos);
    EXPECT_NE(write_json(order, {MoneyForm::major_string, EnumCase::lower, {}}).find(R"("amount":"250.50")"),
              std::string::npos);
}

TEST(Storage, RoundTripsNestedValues) {
    std::vector<Order> orders(1);
    orders[0].amount = Money(1, Currency("NGN"));
    orders[0].email = "a@b.co";
    orders[0].address.city = "Lagos";
    std::vector<Order> read;
    Type<std::vector<Order>>::from_cell(Type<std::vector<Order>>::to_cell(orders), read);
    ASSERT_EQ(read.size(), 1u);
    EXPECT_EQ(read[0].amount, orders[0].amount);
    EXPECT_EQ(read[0].address.city, "Lagos");
}

TEST(Schema, ListsPropertiesAndBounds) {
    Order order;
    json::Writer writer;
    writer.begin_object();
    write_fields_schema(fields_of(order), writer, wire);
    writer.end_object();
    const auto schema = json::parse(writer.text());
    EXPECT_EQ(*schema.at("properties.email.format")->string(), "email");
    EXPECT_EQ(schema.at("properties.count.maximum")->integer(), 36);
    EXPECT_EQ(*schema.at("properties.due_on.anyOf")->array()->front().find("format")->string(), "date");
    EXPECT_EQ(schema.find("required")->array()->size(), 3u);
}

}  // namespace
}  // namespace pamoja
