#include <thread>

#include "crypto/jws.hpp"
#include "openid/internal/openid_fixture.hpp"
#include "openid/refusals.hpp"

namespace pamoja::openid::testing {
namespace {

class Token : public OpenidTest {
  protected:
    json::Value claims_of(const std::string& id_token) {
        const auto keys = db_->read(tenant, [&](Tx& tx) { return keys_.keys(tx); });
        const auto payload = crypto::verify_jws(*keys, id_token);
        EXPECT_TRUE(payload.has_value());
        return payload ? json::parse(*payload) : json::Value();
    }
    // Whether the token opens the platform's API.
    bool is_signed_in(const std::string& access_token) {
        const auto claims = tokens_.read_access_token("upflame", access_token, db_.clock.now());
        if (!claims) return false;
        try {
            db_->read(tenant, [&](Tx& tx) { return identity::authenticate(tx, *claims); });
            return true;
        } catch (const Failure&) {
            return false;
        }
    }
    http::Response introspect(const std::string& token) {
        return openid::introspect(
            provider_, tenant,
            posted({{"token", token}, {"client_id", "shop"}, {"client_secret", "secret123"}}));
    }
    http::Response revoke(const std::string& token, const std::string& client = "shop") {
        std::vector<http::Parameter> form{{"token", token}, {"client_id", client}};
        if (client == "shop") form.push_back({"client_secret", "secret123"});
        return openid::revoke(provider_, tenant, posted(form));
    }
    std::string page_code() {
        return code_for({{"client_id", "page"},
                         {"redirect_uri", return_uri},
                         {"response_type", "code"},
                         {"scope", "openid"},
                         {"code_challenge", challenge()},
                         {"code_challenge_method", "S256"}});
    }
};

TEST_P(Token, SaysWhoSignedInHowAndWhen) {
    const auto answer = exchange(code_for(
        asking({{"nonce", "n1"},
                {"claims", R"({"id_token":{"email":{"essential":true}},"userinfo":{"name":null}})"}})));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
    EXPECT_EQ(member(answer, "expires_in"), "900");
    const auto claims = claims_of(text(answer, "id_token"));
    EXPECT_EQ(claims.at("iss")->text_or_empty(), "https://id.example/v1/oidc/acme");
    EXPECT_EQ(claims.at("aud")->text_or_empty(), "shop");
    EXPECT_EQ(claims.at("sub")->text_or_empty(), ann_.text());
    EXPECT_EQ(claims.at("nonce")->text_or_empty(), "n1");
    EXPECT_EQ(claims.at("email")->text_or_empty(), "ann@example.com");
    EXPECT_EQ(claims.at("auth_time")->integer(), db_.clock.now().seconds());
    EXPECT_EQ(claims.at("acr")->text_or_empty(), "urn:pamoja:password");
    const auto hash = crypto::sha256(text(answer, "access_token")).substr(0, 16);
    EXPECT_EQ(claims.at("at_hash")->text_or_empty(), crypto::to_base64url(hash));

    const auto person = userinfo(text(answer, "access_token"));
    EXPECT_EQ(text(person, "sub"), ann_.text());
    EXPECT_EQ(text(person, "email"), "ann@example.com");
    EXPECT_EQ(text(person, "name"), "Ann Njeri");
}

TEST_P(Token, OpensTheApiOnlyWithItsScope) {
    const auto plain = exchange(code_for(asking()));
    EXPECT_FALSE(is_signed_in(text(plain, "access_token")));
    const auto api = exchange(code_for(asking({}, "openid api")));
    EXPECT_TRUE(is_signed_in(text(api, "access_token")));
    const auto narrower = token({{"grant_type", "refresh_token"},
                                 {"refresh_token", text(api, "refresh_token")},
                                 {"scope", "openid"}});
    EXPECT_EQ(text(narrower, "scope"), "openid");
    EXPECT_FALSE(is_signed_in(text(narrower, "access_token")));
    EXPECT_EQ(text(introspect(text(narrower, "access_token")), "scope"), "openid");
    // Nor does such a refresh token open anything at the face's own sign-in.
    EXPECT_FALSE(tokens_.read_refresh_token("upflame", text(api, "refresh_token")).has_value());
}

TEST_P(Token, TakesACodeOnceAndEndsWhatItGaveAtItsSecondUse) {
    const auto code = code_for(asking());
    const auto first = exchange(code);
    EXPECT_EQ(userinfo(text(first, "access_token")).status, 200);
    EXPECT_EQ(text(exchange(code), "error"), "invalid_grant");
    EXPECT_EQ(userinfo(text(first, "access_token")).status, 401);
    EXPECT_EQ(text(refresh(text(first, "refresh_token")), "error"), "invalid_grant");
}

TEST_P(Token, RefusesACodeThatIsExpiredAnothersOrShownWithAnotherAddress) {
    const auto late = code_for(asking());
    db_.clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(text(exchange(late), "error"), "invalid_grant");

    const auto code = code_for(asking());
    const auto elsewhere = token(
        {{"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", "https://app.example/x"}});
    EXPECT_EQ(text(elsewhere, "error"), "invalid_grant");
    const auto by_other = openid::token(provider_, tenant,
                                        posted({{"grant_type", "authorization_code"},
                                                {"code", code},
                                                {"redirect_uri", return_uri},
                                                {"client_id", "page"}}));
    EXPECT_EQ(text(by_other, "error"), "invalid_grant");
    // A verifier for a code without a challenge: somebody removed the challenge on the way.
    const auto downgraded = token({{"grant_type", "authorization_code"},
                                   {"code", code},
                                   {"redirect_uri", return_uri},
                                   {"code_verifier", verifier}});
    EXPECT_EQ(text(downgraded, "error"), "invalid_grant");
    EXPECT_EQ(exchange(code).status, 200);
}

TEST_P(Token, TakesAPublicClientByItsVerifier) {
    const auto try_with = [&](const std::string& code, const char* shown) {
        return openid::token(provider_, tenant,
                             posted({{"grant_type", "authorization_code"},
                                     {"code", code},
                                     {"redirect_uri", return_uri},
                                     {"client_id", "page"},
                                     {"code_verifier", shown}}));
    };
    const auto code = page_code();
    EXPECT_EQ(text(try_with(code, ""), "error"), "invalid_grant");
    EXPECT_EQ(text(try_with(code, "another"), "error"), "invalid_grant");
    EXPECT_EQ(try_with(code, verifier).status, 200);
}

TEST_P(Token, OnlyOneOfManyParallelUsesOfACodeSucceeds) {
    const auto code = code_for(asking());
    std::atomic<int> accepted{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] { accepted += exchange(code).status == 200 ? 1 : 0; });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(accepted, 1);
}

TEST_P(Token, RefreshesByTheCounterAndEndsAGrantWhoseOldTokenComesBack) {
    const auto first = exchange(code_for(asking()));
    const auto r0 = text(first, "refresh_token");
    const auto second = refresh(r0);
    ASSERT_EQ(second.status, 200) << second.body;
    EXPECT_EQ(claims_of(text(second, "id_token")).find("nonce"), nullptr);
    // The answer was lost: the token before works once more, and gives the same one again.
    EXPECT_EQ(text(refresh(r0), "refresh_token"), text(second, "refresh_token"));
    const auto third = refresh(text(second, "refresh_token"));
    EXPECT_EQ(third.status, 200);
    EXPECT_EQ(text(refresh(r0), "error"), "invalid_grant");
    EXPECT_EQ(text(refresh(text(third, "refresh_token")), "error"), "invalid_grant");
    EXPECT_EQ(userinfo(text(third, "access_token")).status, 401);
}

TEST_P(Token, RefreshesForItsOwnClientOnly) {
    const auto answer = exchange(code_for(asking()));
    const auto stolen = openid::token(provider_, tenant,
                                      posted({{"grant_type", "refresh_token"},
                                              {"refresh_token", text(answer, "refresh_token")},
                                              {"client_id", "page"}}));
    EXPECT_EQ(text(stolen, "error"), "invalid_grant");
    EXPECT_EQ(refresh(text(answer, "refresh_token")).status, 200);
}

TEST_P(Token, GivesAClientATokenOfItsOwn) {
    const auto answer = token({{"grant_type", "client_credentials"}, {"scope", "orders:read"}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(text(answer, "refresh_token"), "");
    EXPECT_EQ(text(answer, "id_token"), "");
    EXPECT_FALSE(is_signed_in(text(answer, "access_token")));
    EXPECT_EQ(userinfo(text(answer, "access_token")).status, 401);
    const auto looked_at = introspect(text(answer, "access_token"));
    EXPECT_EQ(member(looked_at, "active"), "true");
    EXPECT_EQ(text(looked_at, "sub"), "shop");
    EXPECT_EQ(text(looked_at, "scope"), "orders:read");
    const auto too_much = token({{"grant_type", "client_credentials"}, {"scope", "openid"}});
    EXPECT_EQ(text(too_much, "error"), "invalid_scope");
}

TEST_P(Token, SaysWhichClientsItDoesNotKnow) {
    struct Case {
        std::vector<http::Parameter> form;
        std::string basic;
        int status;
        const char* error;
    };
    const std::vector<http::Parameter> grant{{"grant_type", "client_credentials"}};
    auto wrong = grant;
    wrong.insert(wrong.end(), {{"client_id", "shop"}, {"client_secret", "wrong"}});
    auto without = grant;
    without.push_back({"client_id", "shop"});
    auto right = grant;
    right.insert(right.end(), {{"client_id", "shop"}, {"client_secret", "secret123"}});
    for (const auto& [form, basic, status, error] : std::vector<Case>{
             {wrong, "", 401, "invalid_client"},
             {without, "", 401, "invalid_client"},
             {grant, "", 401, "invalid_client"},
             {grant, "shop:wrong", 401, "invalid_client"},
             {grant, "shop:secret123", 200, ""},
             {grant, "shop:secret%3123", 200, ""},  // encoded like a form
             {right, "shop:secret123", 400, "invalid_request"},
             {{{"grant_type", "password"}}, "shop:secret123", 400, "unsupported_grant_type"},
             {{}, "shop:secret123", 400, "invalid_request"},
         }) {
        auto request = posted(form);
        if (!basic.empty()) request.headers.push_back({"Authorization", "Basic " + crypto::to_base64(basic)});
        const auto answer = openid::token(provider_, tenant, request);
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_EQ(text(answer, "error"), error) << answer.body;
        EXPECT_EQ(header_of(answer, "WWW-Authenticate").empty(), status != 401);
    }
}

TEST_P(Token, IsRevokedByItsClientOnly) {
    const auto answer = exchange(code_for(asking()));
    EXPECT_EQ(revoke(text(answer, "refresh_token"), "page").status, 400);
    EXPECT_EQ(member(introspect(text(answer, "refresh_token")), "active"), "true");
    EXPECT_EQ(revoke("nonsense").status, 200);
    EXPECT_EQ(revoke(text(answer, "refresh_token")).status, 200);
    EXPECT_EQ(member(introspect(text(answer, "access_token")), "active"), "false");
    EXPECT_EQ(userinfo(text(answer, "access_token")).status, 401);
    EXPECT_EQ(text(refresh(text(answer, "refresh_token")), "error"), "invalid_grant");
}

TEST_P(Token, DiesWithItsSessionItsClientAndItsPerson) {
    const auto by_session = exchange(code_for(asking()));
    db_->write(tenant, [&](Tx& tx) { identity::end_all_sessions(tx, ann_); });
    EXPECT_EQ(userinfo(text(by_session, "access_token")).status, 401);
    const auto by_client = exchange(code_for(asking()));
    EXPECT_EQ(userinfo(text(by_client, "access_token")).status, 200);
    db_->write(tenant, [&](Tx& tx) { disable_client(tx, ClientId("shop"), {}); });
    EXPECT_EQ(userinfo(text(by_client, "access_token")).status, 401);
    EXPECT_EQ(text(refresh(text(by_client, "refresh_token")), "error"), "invalid_client");
}

TEST_P(Token, IsWorthNothingInAnotherTenant) {
    const TenantId other("other");
    db_->write(every_tenant(), [&](Tx& tx) {
        identity::create_tenant(
            tx, {.id = other, .face = "upflame", .name = "Other", .currency = Currency("KES")});
    });
    const auto access = text(exchange(code_for(asking())), "access_token");
    auto request = posted({{"access_token", access}});
    EXPECT_EQ(openid::userinfo(provider_, tenant, request).status, 200);
    EXPECT_EQ(openid::userinfo(provider_, other, request).status, 401);
}

TEST_P(Token, EndsAtLogoutUnlessItWasAllowedToGoOn) {
    const auto kept = exchange(code_for(asking({}, "openid offline_access")));
    const auto ended = exchange(code_for(asking({}, "openid")));
    const auto page = browser_.end_session({});
    EXPECT_NE(page.body.find("Sign out of Acme?"), std::string::npos);
    const auto away = browser_.end_session({{"id_token_hint", text(ended, "id_token")},
                                            {"post_logout_redirect_uri", "https://app.example/bye"},
                                            {"state", "s2"}});
    EXPECT_EQ(header_of(away, "Location"), "https://app.example/bye?state=s2");
    EXPECT_EQ(userinfo(text(ended, "access_token")).status, 401);
    EXPECT_EQ(userinfo(text(kept, "access_token")).status, 200);
    EXPECT_EQ(parameter_of(browser_.authorize(asking({{"prompt", "none"}})), "error"), "login_required");
    const auto elsewhere = browser_.end_session(
        {{"id_token_hint", text(ended, "id_token")}, {"post_logout_redirect_uri", "https://evil.example"}});
    EXPECT_EQ(elsewhere.status, 400);
}

TEST_P(Token, KnowsBothSecretsWhileAClientIsBeingChanged) {
    const auto known = [&](const std::string& secret) {
        return db_->read(tenant, [&](Tx& tx) {
            try {
                authenticate_client(tx, keyring_, "shop", secret);
                return true;
            } catch (const Failure& refusal) {
                EXPECT_EQ(refusal.reason(), invalid_client);
                return false;
            }
        });
    };
    const auto fresh = db_->write(tenant, [&](Tx& tx) {
        return rotate_client_secret(tx, keyring_, ClientId("shop"), std::chrono::hours(1), {});
    });
    EXPECT_TRUE(known("secret123") && known(fresh.secret));
    EXPECT_FALSE(known("") || known("secret124"));
    db_.clock.advance(std::chrono::hours(1));
    EXPECT_FALSE(known("secret123"));
    EXPECT_TRUE(known(fresh.secret));
}

TEST_P(Token, IsSignedByKeysThatAreKnownBeforeTheySign) {
    const auto key_count = [&] {
        const auto set = json::parse(db_->read(tenant, [&](Tx& tx) { return keys_.keys(tx)->jwks(); }));
        return set.find("keys")->array()->size();
    };
    const auto current = [&] {
        return db_->read(tenant, [&](Tx& tx) { return keys_.keys(tx)->current_id(); });
    };
    const auto first = current();
    keys_.maintain(*db_, db_.random);
    EXPECT_EQ(key_count(), 1U);
    db_.clock.advance(std::chrono::hours(24 * 89));
    keys_.maintain(*db_, db_.random);
    keys_.maintain(*db_, db_.random);
    EXPECT_EQ(key_count(), 2U);
    EXPECT_EQ(current(), first);
    const auto before = text(exchange(code_for(asking())), "id_token");
    db_.clock.advance(std::chrono::hours(24));
    EXPECT_NE(current(), first);
    EXPECT_EQ(claims_of(before).at("aud")->text_or_empty(), "shop");
    db_.clock.advance(std::chrono::hours(24 * 30));
    keys_.maintain(*db_, db_.random);
    db_.clock.advance(std::chrono::minutes(1));
    EXPECT_EQ(key_count(), 1U);
    // Another process finds the same keys in the database.
    SigningKeyStore elsewhere(keyring_);
    EXPECT_EQ(db_->read(tenant, [&](Tx& tx) { return elsewhere.keys(tx)->current_id(); }), current());
}

TEST_P(Token, IsForgottenWithItsCodeWhenItsTimeIsOver) {
    exchange(code_for(asking()));
    const auto forget = [&] {
        return db_->write(tenant, [](Tx& tx) {
            return forget_grants(tx, tx.now()) + forget_browser_sessions(tx, tx.now());
        });
    };
    EXPECT_EQ(forget(), 0);
    db_.clock.advance(std::chrono::hours(24 * 31));
    EXPECT_EQ(forget(), 3);
}

TEST_P(Token, HasADiscoveryDocument) {
    const auto document = db_->read(tenant, [&](Tx& tx) { return discovery(provider_, tx); });
    EXPECT_EQ(text(document, "issuer"), "https://id.example/v1/oidc/acme");
    EXPECT_EQ(text(document, "jwks_uri"), "https://id.example/v1/oidc/acme/jwks");
    EXPECT_EQ(member(document, "request_parameter_supported"), "false");
    EXPECT_THROW(db_->read(TenantId("nobody"), [&](Tx& tx) { return discovery(provider_, tx); }), Failure);
}

ON_EVERY_ENGINE(Token);

class NewClients : public OpenidTest {};

TEST_P(NewClients, AreRefusedWhereTheyMakeNoSense) {
    struct Case {
        NewClient wanted;
        const char* field;
    };
    for (const auto& [wanted, field] : std::vector<Case>{
             {{.redirect_uris = {return_uri}}, "name"},
             {{.name = "X"}, "redirect_uris"},
             {{.name = "X", .redirect_uris = {"http://app.example/"}}, "redirect_uris"},
             {{.name = "X",
             .type = ClientType::open,
             .redirect_uris = {return_uri},
             .grant_types = {GrantType::client_credentials}},
              "grant_types"},
             {{.name = "X", .authentication = ClientAuthentication::none, .redirect_uris = {return_uri}},
              "token_endpoint_auth_method"},
             {{.name = "X", .redirect_uris = {return_uri}, .scopes = {"a b"}}, "scopes"},
             {{.name = "X", .redirect_uris = {return_uri}, .post_logout_redirect_uris = {"/bye"}},
              "post_logout_redirect_uris"},
         }) {
        try {
            db_->write(tenant, [&, &client = wanted](Tx& tx) { create_client(tx, keyring_, client, ann_); });
            ADD_FAILURE() << field;
        } catch (const Failure& refusal) {
            ASSERT_EQ(refusal.errors().size(), 1U) << refusal.message();
            EXPECT_EQ(refusal.errors().front().field, field);
        }
    }
}

TEST_P(NewClients, GetASecretThatIsToldOnce) {
    const auto made = db_->write(tenant, [&](Tx& tx) {
        return create_client(tx, keyring_, {.name = "X", .redirect_uris = {return_uri}}, ann_);
    });
    EXPECT_GE(made.secret.size(), 43U);
    EXPECT_TRUE(made.client.has_scope("openid"));
    EXPECT_FALSE(made.client.has_scope("api"));
    const auto listed = db_->read(tenant, [](Tx& tx) { return clients_of(tx, {}); });
    EXPECT_EQ(listed.total, 3);
    const auto stored = db_->read(tenant, [](Tx& tx) {
        return tx.value<std::int64_t>(
            "SELECT COUNT(*) FROM openid_clients WHERE tenant_id = :tenant "
            "AND secret_digest LIKE '%secret123%'");
    });
    EXPECT_EQ(stored, 0);
}

ON_EVERY_ENGINE(NewClients);

}  // namespace
}  // namespace pamoja::openid::testing
