#pragma once
#include <gtest/gtest.h>

#include <map>

#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "db/testing.hpp"
#include "identity/passwords.hpp"
#include "identity/tenants.hpp"
#include "openid/authorize_endpoint.hpp"
#include "openid/logout.hpp"
#include "openid/metadata.hpp"
#include "openid/redirect_uris.hpp"
#include "openid/token_endpoint.hpp"

namespace pamoja::openid::testing {

inline const TenantId tenant("acme");
inline constexpr const char* password = "correct horse battery";
inline constexpr const char* return_uri = "https://app.example/done";
inline constexpr const char* verifier = "a-verifier-of-more-than-forty-three-characters-in-all";

inline std::string challenge() {
    return crypto::to_base64url(crypto::sha256(verifier));
}

inline std::string between(const std::string& text, const std::string& before, const std::string& after) {
    const auto begin = text.find(before);
    if (begin == std::string::npos) return {};
    const auto start = begin + before.size();
    return text.substr(start, text.find(after, start) - start);
}

inline std::string header_of(const http::Response& response, std::string_view name) {
    for (const auto& header : response.headers) {
        if (header.name == name) return header.value;
    }
    return {};
}

// The parameter of the address that an answer leads to.
inline std::string parameter_of(const http::Response& response, std::string_view name) {
    const auto location = header_of(response, "Location");
    const auto query = http::Query::parse(location.substr(std::min(location.find('?') + 1, location.size())));
    const auto found = query.find(name);
    return found ? std::string(*found) : std::string();
}

// A browser: remembers cookies and fills in the forms that it is shown.
class Browser {
  public:
    explicit Browser(const Provider& provider) : provider_(provider) {}

    http::Response authorize(const std::vector<http::Parameter>& parameters) {
        return remembered(openid::authorize(provider_, tenant, request("GET", form_encoded(parameters), {})));
    }
    http::Response post_authorize(const std::vector<http::Parameter>& parameters) {
        return remembered(
            openid::authorize(provider_, tenant, request("POST", {}, form_encoded(parameters))));
    }
    http::Response end_session(const std::vector<http::Parameter>& parameters) {
        return remembered(
            openid::end_session(provider_, tenant, request("GET", form_encoded(parameters), {})));
    }
    // Answers the form that was shown last.
    http::Response submit(std::vector<http::Parameter> fields) {
        const auto action = between(page_, "action=\"", "\"");
        fields.push_back({"interaction", between(page_, "name=\"interaction\" value=\"", "\"")});
        const auto posted = request("POST", {}, form_encoded(fields));
        if (action.ends_with("/sign-in")) return remembered(openid::sign_in(provider_, tenant, posted));
        if (action.ends_with("/consent")) return remembered(openid::consent(provider_, tenant, posted));
        return remembered(openid::confirm_end_session(provider_, tenant, posted));
    }
    http::Response sign_in(const std::string& email = "ann@example.com", const std::string& with = password) {
        return submit({{"email", email}, {"password", with}, {"answer", "sign_in"}});
    }
    http::Response allow() { return submit({{"answer", "allow"}}); }
    void forget_cookies() { cookies_.clear(); }

  private:
    http::Request request(const std::string& method, std::string query, std::string body) const {
        http::Request made{.method = method,
                           .path = "/",
                           .query = std::move(query),
                           .headers = {},
                           .body = std::move(body),
                           .host = "id.example",
                           .remote_address = "192.0.2.1",
                           .trace_id = {}};
        std::string cookies;
        for (const auto& [name, value] : cookies_) cookies += "; " + name + "=" + value;
        if (!cookies.empty()) made.headers.push_back({"Cookie", cookies.substr(2)});
        return made;
    }
    http::Response remembered(http::Response response) {
        for (const auto& header : response.headers) {
            if (header.name != "Set-Cookie") continue;
            const auto equals = header.value.find('=');
            const auto value = between(header.value, "=", ";");
            if (value.empty()) {
                cookies_.erase(header.value.substr(0, equals));
            } else {
                cookies_[header.value.substr(0, equals)] = value;
            }
        }
        if (!response.body.empty()) page_ = response.body;
        return response;
    }

    const Provider& provider_;
    std::map<std::string, std::string> cookies_;
    std::string page_;
};

// A tenant with a person and two clients, and its provider.
class OpenidTest : public ::testing::TestWithParam<Engine> {
  protected:
    OpenidTest()
        : db_(GetParam()),
          keyring_(crypto::Keyring::generate(db_.random)),
          tokens_(
              crypto::SigningKeys::generate(crypto::SigningAlgorithm::ed25519, db_.random), keyring_,
              {{"upflame", {.issuer = "https://api.example", .access_lifetime = std::chrono::seconds(900)}},
               {"openid", {.issuer = "https://api.example"}}}),
          keys_(keyring_),
          mfa_(keyring_),
          provider_{*db_.database, keyring_,
                    tokens_,       keys_,
                    mfa_,          [](Tx&, const identity::CodeToSend&) {},
                    db_.random,    {.public_base_url = "https://id.example"}},
          browser_(provider_) {
        db_->write(every_tenant(), [](Tx& tx) {
            identity::create_tenant(
                tx, {.id = tenant, .face = "upflame", .name = "Acme", .currency = Currency("KES")});
        });
        keys_.maintain(*db_, db_.random);
        const auto prepared = identity::prepare_password(password, {}, db_.random);
        db_->write(tenant, [&](Tx& tx) {
            const auto ann = identity::register_person(
                tx, {.email = "ann@example.com", .first_name = "Ann", .last_name = "Njeri"});
            identity::set_password(tx, ann.id, prepared);
            ann_ = ann.id;
            ensure_client(tx, keyring_, server_client(), "secret123");
            ensure_client(tx, keyring_, page_client(), "");
        });
    }

    static NewClient server_client() {
        return {.id = ClientId("shop"),
                .name = "Shop",
                .redirect_uris = {return_uri},
                .post_logout_redirect_uris = {"https://app.example/bye"},
                .grant_types = {GrantType::authorization_code, GrantType::refresh_token,
                                GrantType::client_credentials},
                .scopes = {"openid", "profile", "email", "phone", "offline_access", "api", "orders:read"}};
    }
    static NewClient page_client() {
        return {.id = ClientId("page"),
                .name = "Page",
                .type = ClientType::open,
                .redirect_uris = {return_uri},
                .grant_types = {GrantType::authorization_code, GrantType::refresh_token}};
    }

    static std::vector<http::Parameter> asking(std::vector<http::Parameter> more = {},
                                               const std::string& scope = "openid email") {
        std::vector<http::Parameter> all{{"client_id", "shop"},
                                         {"redirect_uri", return_uri},
                                         {"response_type", "code"},
                                         {"scope", scope},
                                         {"state", "s1"}};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }

    // A code for the server's client, by signing in and allowing where that is asked.
    std::string code_for(const std::vector<http::Parameter>& parameters) {
        auto answer = browser_.authorize(parameters);
        if (answer.body.find("name=\"password\"") != std::string::npos) answer = browser_.sign_in();
        if (answer.body.find("value=\"allow\"") != std::string::npos) answer = browser_.allow();
        EXPECT_EQ(answer.status, 303) << answer.body;
        return parameter_of(answer, "code");
    }

    static http::Request posted(const std::vector<http::Parameter>& form) {
        return {.method = "POST",
                .path = "/",
                .query = {},
                .headers = {},
                .body = form_encoded(form),
                .host = "id.example",
                .remote_address = "192.0.2.9",
                .trace_id = {}};
    }
    // As the server's client.
    http::Response token(std::vector<http::Parameter> form) {
        form.insert(form.end(), {{"client_id", "shop"}, {"client_secret", "secret123"}});
        return openid::token(provider_, tenant, posted(form));
    }
    http::Response exchange(const std::string& code) {
        return token({{"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", return_uri}});
    }
    http::Response refresh(const std::string& text) {
        return token({{"grant_type", "refresh_token"}, {"refresh_token", text}});
    }
    static std::string member(const http::Response& response, std::string_view name) {
        const auto value = json::parse(response.body);
        const auto* found = value.find(name);
        return found == nullptr ? std::string() : json::to_text(*found);
    }
    static std::string text(const http::Response& response, std::string_view name) {
        const auto value = json::parse(response.body);
        const auto* found = value.find(name);
        return found == nullptr ? std::string() : found->text_or_empty();
    }
    http::Response userinfo(const std::string& access_token) {
        http::Request request{.method = "GET",
                              .path = "/",
                              .query = {},
                              .headers = {{"Authorization", "Bearer " + access_token}},
                              .body = {},
                              .host = {},
                              .remote_address = {},
                              .trace_id = {}};
        return openid::userinfo(provider_, tenant, request);
    }

    pamoja::testing::TestDatabase db_;
    crypto::Keyring keyring_;
    identity::TokenIssuer tokens_;
    SigningKeyStore keys_;
    identity::MfaBook mfa_;
    Provider provider_;
    Browser browser_;
    UserId ann_;
};

}  // namespace pamoja::openid::testing

#define ON_EVERY_ENGINE(suite)                                                                \
    INSTANTIATE_TEST_SUITE_P(Engines, suite, ::testing::ValuesIn(pamoja::testing::engines()), \
                             [](const auto& param) { return pamoja::testing::name_of(param.param); })
