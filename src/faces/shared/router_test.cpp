#include "faces/shared/router.hpp"

#include <gtest/gtest.h>

#include "faces/shared/idempotency.hpp"

namespace pamoja::faces {
namespace {

// A face that says nothing of its own: only its paths matter here.
class PlainFace : public Face {
  public:
    std::string_view name() const override { return "plain"; }
    std::string_view title() const override { return "Plain"; }
    std::string_view version() const override { return "1"; }
    std::string_view base_path() const override { return "/api/v1"; }
    const WireStyle& style() const override { return WireStyle::storage(); }
    std::string success(std::string_view data, std::string_view, const EnvelopeContext&) const override {
        return std::string(data);
    }
    http::Response failure(const Failure&, const EnvelopeContext&, const LimitState*) const override {
        return {};
    }
    std::string success_schema(std::string_view data) const override { return std::string(data); }
    std::string failure_schema() const override { return "{}"; }
    int status_of(const Reason&) const override { return 400; }
};

constexpr LimitClass general{"general", 10, 60};

Nothing nothing(Call&) {
    return {};
}

class RouterTest : public ::testing::Test {
  protected:
    RouterTest() : api_(face_, TenantId("t"), general), router_({{"api.example.com", "/v1", "/api/v1"}}) {
        api_.get("/loans/products/", nothing).named("products");
        api_.get("/loans/{loan_id}/", nothing).named("show");
        api_.post("/loans/{loan_id}/", nothing).named("change");
        api_.get("/loans/{loan_id}/payments/{payment_id}/", nothing).named("payment");
        router_.add(api_);
    }

    Match find(std::string method, std::string path, std::string host = "localhost") {
        http::Request head;
        head.method = std::move(method);
        head.path = std::move(path);
        head.host = std::move(host);
        return router_.find(head);
    }

    PlainFace face_;
    Api api_;
    Router router_;
};

TEST_F(RouterTest, PrefersALiteralToAParameter) {
    EXPECT_STREQ(find("GET", "/api/v1/loans/products/").route->name, "products");
    const auto match = find("GET", "/api/v1/loans/42/");
    EXPECT_STREQ(match.route->name, "show");
    EXPECT_EQ(match.path_values, std::vector<std::string>{"42"});
}

TEST_F(RouterTest, TakesATrailingSlashOrNone) {
    EXPECT_NE(find("GET", "/api/v1/loans/42").route, nullptr);
    EXPECT_EQ(find("GET", "/api/v1/loans/42//").route, nullptr);
    EXPECT_EQ(find("GET", "/api/v1//loans/42").route, nullptr);
    EXPECT_EQ(find("GET", "/api/v1/Loans/42").route, nullptr);
}

TEST_F(RouterTest, TellsTheMethodsOfAPathThatIsThere) {
    const auto match = find("DELETE", "/api/v1/loans/42/");
    EXPECT_EQ(match.route, nullptr);
    EXPECT_EQ(match.methods, "GET, POST");
    EXPECT_STREQ(find("HEAD", "/api/v1/loans/42/").route->name, "show");
}

TEST_F(RouterTest, ServesTheProductionHostUnderItsOwnPrefix) {
    EXPECT_NE(find("GET", "/v1/loans/42/", "api.example.com").route, nullptr);
    EXPECT_EQ(find("GET", "/v1/loans/42/", "other.example.com").route, nullptr);
    EXPECT_EQ(find("GET", "/v1x/loans/42/", "api.example.com").route, nullptr);
}

TEST_F(RouterTest, RefusesTwoRoutesOfOneMethodAndPath) {
    Api twice(face_, TenantId("t"), general);
    twice.get("/loans/{other}/", nothing);
    EXPECT_THROW(router_.add(twice), std::logic_error);
}

}  // namespace
}  // namespace pamoja::faces
