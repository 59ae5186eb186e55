#include "crypto/totp.hpp"
#include "openid/internal/openid_fixture.hpp"

namespace pamoja::openid::testing {
namespace {

class Authorize : public OpenidTest {};

TEST_P(Authorize, LeadsFromSigningInOverConsentToACode) {
    const auto page = browser_.authorize(asking({{"login_hint", "\"><b>ann"}}));
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("value=\"&quot;&gt;&lt;b&gt;ann\""), std::string::npos);
    EXPECT_EQ(page.body.find("<script"), std::string::npos);
    const auto policy = header_of(page, "Content-Security-Policy");
    EXPECT_NE(policy.find("form-action 'self' https://app.example"), std::string::npos) << policy;
    EXPECT_EQ(header_of(page, "X-Frame-Options"), "DENY");
    EXPECT_EQ(header_of(page, "Cache-Control"), "no-store");

    const auto consent_shown = browser_.sign_in();
    EXPECT_EQ(consent_shown.status, 200);
    EXPECT_NE(consent_shown.body.find("See your e-mail address"), std::string::npos);
    const auto done = browser_.allow();
    EXPECT_EQ(done.status, 303);
    EXPECT_TRUE(header_of(done, "Location").starts_with(return_uri));
    EXPECT_EQ(parameter_of(done, "state"), "s1");
    EXPECT_EQ(parameter_of(done, "iss"), "https://id.example/v1/oidc/acme");
    EXPECT_FALSE(parameter_of(done, "code").empty());
}

TEST_P(Authorize, AsksNothingOfSomebodyWhoSignedInAndAllowedBefore) {
    code_for(asking());
    for (const auto& more :
         std::vector<std::vector<http::Parameter>>{{},
                                                   {{"prompt", "none"}},
                                                   {{"max_age", "10000"}},
                                                   {{"extra", "foobar"}, {"acr_values", "1 2"}}}) {
        EXPECT_FALSE(parameter_of(browser_.authorize(asking(more)), "code").empty());
    }
}

TEST_P(Authorize, AsksForThePasswordAgainWhereTheClientWantsIt) {
    code_for(asking());
    db_.clock.advance(std::chrono::seconds(2));
    for (const auto& more : std::vector<std::vector<http::Parameter>>{
             {{"prompt", "login"}}, {{"max_age", "1"}}, {{"max_age", "0"}}}) {
        const auto page = browser_.authorize(asking(more));
        EXPECT_NE(page.body.find("name=\"password\""), std::string::npos);
        EXPECT_FALSE(parameter_of(browser_.sign_in(), "code").empty());
        db_.clock.advance(std::chrono::seconds(2));
    }
    const auto page = browser_.authorize(asking({{"prompt", "consent"}}));
    EXPECT_NE(page.body.find("value=\"allow\""), std::string::npos);
}

TEST_P(Authorize, TellsTheClientWhatIsWrong) {
    struct Case {
        std::vector<http::Parameter> parameters;
        const char* error;
    };
    const auto without_type = std::vector<http::Parameter>{
        {"client_id", "shop"}, {"redirect_uri", return_uri}, {"scope", "openid"}};
    const auto of_page = std::vector<http::Parameter>{
        {"client_id", "page"}, {"redirect_uri", return_uri}, {"response_type", "code"}, {"scope", "openid"}};
    auto of_token = without_type;
    of_token.push_back({"response_type", "id_token"});
    for (const auto& [parameters, error] : std::vector<Case>{
             {without_type, "invalid_request"},
             {of_token, "unsupported_response_type"},
             {of_page, "invalid_request"},  // a public client without PKCE
             {asking({{"request", "eyJ"}}), "request_not_supported"},
             {asking({{"request_uri", "https://app.example/r"}}), "request_uri_not_supported"},
             {asking({{"prompt", "none"}}), "login_required"},
             {asking({{"prompt", "none login"}}), "invalid_request"},
             {asking({{"prompt", "dance"}}), "invalid_request"},
             {asking({{"max_age", "-1"}}), "invalid_request"},
             {asking({{"state", "again"}}), "invalid_request"},
             {asking({{"claims", "{"}}), "invalid_request"},
             {asking({{"code_challenge", challenge()}}), "invalid_request"},
             {asking({{"code_challenge", challenge()}, {"code_challenge_method", "plain"}}),
              "invalid_request"},
             {asking({{"id_token_hint", "a.b.c"}}), "invalid_request"},
             {asking({{"response_mode", "fragment"}}), "invalid_request"},
             {asking({}, "everything"), "invalid_scope"},
         }) {
        const auto answer = browser_.authorize(parameters);
        EXPECT_EQ(answer.status, 303) << form_encoded(parameters);
        EXPECT_EQ(parameter_of(answer, "error"), error) << form_encoded(parameters);
    }
}

TEST_P(Authorize, NeverSendsAnybodyToAnAddressThatIsNotRegistered) {
    using Parameters = std::vector<http::Parameter>;
    for (const auto& parameters : std::vector<Parameters>{
             {{"client_id", "shop"},
              {"redirect_uri", "https://app.example/done/"},
              {"response_type", "code"}},
             {{"client_id", "shop"}, {"redirect_uri", "https://evil.example"}, {"response_type", "code"}},
             {{"client_id", "shop"}, {"response_type", "code"}},
             {{"client_id", "nobody"}, {"redirect_uri", return_uri}, {"response_type", "code"}},
             {{"client_id", "shop"}, {"redirect_uri", return_uri}, {"redirect_uri", "https://evil.example"}},
         }) {
        const auto answer = browser_.authorize(parameters);
        EXPECT_EQ(answer.status, 400) << form_encoded(parameters);
        EXPECT_EQ(header_of(answer, "Location"), "");
        EXPECT_TRUE(answer.content_type.starts_with("text/html"));
    }
}

TEST_P(Authorize, TakesAFormFromAnotherSiteToAPageWithCookies) {
    code_for(asking());
    Browser stranger(provider_);
    const auto answer = stranger.post_authorize(asking());
    EXPECT_EQ(answer.status, 303);
    EXPECT_TRUE(header_of(answer, "Location").starts_with("/v1/oidc/acme/authorize?client_id=shop"));
    EXPECT_FALSE(parameter_of(browser_.post_authorize(asking()), "code").empty());
}

TEST_P(Authorize, RefusesAFormThatWasMadeForAnotherBrowser) {
    browser_.authorize(asking());
    browser_.forget_cookies();
    EXPECT_EQ(browser_.sign_in().status, 400);
    browser_.authorize(asking());
    db_.clock.advance(std::chrono::minutes(31));
    EXPECT_EQ(browser_.sign_in().status, 400);
}

TEST_P(Authorize, ShowsThePageAgainAfterAWrongPassword) {
    browser_.authorize(asking());
    const auto again = browser_.sign_in("ann@example.com", "wrong");
    EXPECT_EQ(again.status, 401);
    EXPECT_NE(again.body.find("Invalid email or password."), std::string::npos);
    for (int i = 0; i < 9; ++i) browser_.sign_in("ann@example.com", "wrong");
    const auto locked = browser_.sign_in();
    EXPECT_EQ(locked.status, 429);
    EXPECT_FALSE(header_of(locked, "Retry-After").empty());
}

TEST_P(Authorize, AsksForTheCodeOfASecondStepOnAPageOfItsOwn) {
    const auto session = db_->write(
        tenant, [&](Tx& tx) { return identity::start_session(tx, ann_, {}, std::chrono::hours(1)); });
    const auto setup = db_->write(
        tenant, [&](Tx& tx) { return mfa_.set_up(tx, ann_, identity::MfaType::totp, session.id, "Acme"); });
    const auto secret = *crypto::from_base32(setup.secret);
    const auto code = [&] { return crypto::totp_code(secret, crypto::totp_step(db_.clock.now())); };
    const auto factor = mfa_.check_setup(*db_, tenant, ann_, session.id, identity::MfaType::totp, code());
    db_->write(tenant, [&](Tx& tx) { mfa_.confirm_setup(tx, ann_, identity::MfaType::totp, factor); });
    db_.clock.advance(std::chrono::seconds(30));

    browser_.authorize(asking());
    const auto page = browser_.sign_in();
    EXPECT_NE(page.body.find("name=\"mfa_code\""), std::string::npos);
    EXPECT_EQ(page.body.find("name=\"password\""), std::string::npos);
    const auto wrong = browser_.submit({{"mfa_code", "000000"}, {"answer", "sign_in"}});
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(parameter_of(browser_.authorize(asking({{"prompt", "none"}})), "error"), "login_required");
    browser_.authorize(asking());
    browser_.sign_in();
    const auto asked = browser_.submit({{"mfa_code", code()}, {"answer", "sign_in"}});
    EXPECT_NE(asked.body.find("value=\"allow\""), std::string::npos) << asked.body;
    const auto tokens = exchange(parameter_of(browser_.allow(), "code"));
    const auto payload = text(tokens, "id_token");
    const auto claims = *crypto::from_base64url(between(payload, ".", "."));
    EXPECT_NE(claims.find("\"acr\":\"urn:pamoja:two-factors\",\"amr\":[\"pwd\",\"otp\",\"mfa\"]"),
              std::string::npos)
        << claims;
}

TEST_P(Authorize, TellsTheClientThatThePersonSaidNo) {
    browser_.authorize(asking());
    EXPECT_EQ(parameter_of(browser_.submit({{"answer", "cancel"}}), "error"), "access_denied");
    browser_.authorize(asking());
    browser_.sign_in();
    EXPECT_EQ(parameter_of(browser_.submit({{"answer", "deny"}}), "error"), "access_denied");
    EXPECT_EQ(parameter_of(browser_.authorize(asking({{"prompt", "none"}})), "error"), "consent_required");
}

TEST_P(Authorize, HoldsAHintAgainstWhoSignsIn) {
    const auto tokens = exchange(code_for(asking()));
    const auto hint = text(tokens, "id_token");
    const http::Parameter hinted{"id_token_hint", hint};
    EXPECT_FALSE(parameter_of(browser_.authorize(asking({hinted, {"prompt", "none"}})), "code").empty());

    const auto prepared = identity::prepare_password("another good one", {}, db_.random);
    db_->write(tenant, [&](Tx& tx) {
        const auto ben = identity::register_person(tx, {.email = "ben@example.com"});
        identity::set_password(tx, ben.id, prepared);
    });
    Browser other(provider_);
    other.authorize(asking({hinted}));
    const auto answer = other.sign_in("ben@example.com", "another good one");
    EXPECT_EQ(parameter_of(answer, "error"), "login_required");
}

TEST_P(Authorize, DoesNotTakeOnePersonsConsentForAnothers) {
    browser_.authorize(asking());
    browser_.sign_in();
    const auto before = browser_;
    Browser other = before;
    db_->write(tenant, [&](Tx& tx) { identity::end_all_sessions(tx, ann_); });
    EXPECT_NE(other.allow().body.find("name=\"password\""), std::string::npos);
}

ON_EVERY_ENGINE(Authorize);

TEST(RedirectUri, IsHttpsOrLocalOrAnApplicationsOwn) {
    for (const char* uri : {"https://app.example/done?x=1", "http://localhost:3000/cb", "http://127.0.0.1/cb",
                            "http://[::1]:9/cb", "com.example.app:/done"}) {
        EXPECT_TRUE(is_redirect_uri(uri)) << uri;
    }
    for (const char* uri : {"", "/done", "http://app.example/done", "https://app.example/done#x", "https://",
                            "javascript:alert(1)", "data:text/html,x", "https://app.example/a b",
                            "https://a;script-src *", "https://user@app.example/",
                            "http://localhost.evil.example/", "https://app.example/\"", "//app.example"}) {
        EXPECT_FALSE(is_redirect_uri(uri)) << uri;
    }
    EXPECT_EQ(policy_source_of("https://app.example:8443/done?x=1"), "https://app.example:8443");
    EXPECT_EQ(policy_source_of("com.example.app:/done"), "com.example.app:");
    EXPECT_EQ(with_parameters("https://a.example/?x=1", {{"code", "a b&c"}}),
              "https://a.example/?x=1&code=a%20b%26c");
}

}  // namespace
}  // namespace pamoja::openid::testing
