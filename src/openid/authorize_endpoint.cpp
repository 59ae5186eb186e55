#include "openid/authorize_endpoint.hpp"

#include "http/status.hpp"
#include "identity/second_step.hpp"
#include "identity/tenants.hpp"
#include "openid/answers.hpp"
#include "openid/consents.hpp"
#include "openid/grants.hpp"
#include "openid/pages.hpp"
#include "openid/redirect_uris.hpp"
#include "openid/refusals.hpp"
#include "openid/tokens.hpp"
#include "openid/visit.hpp"

namespace pamoja::openid {
namespace {

std::string text_of(const http::Query& form, std::string_view name) {
    const auto found = form.find(name);
    return found ? std::string(*found) : std::string();
}

// All that the database knows about a request to authorize.
struct Situation {
    std::string tenant_name;
    Asker asker;
    std::optional<BrowserSession> session;
    std::string email;  // of the session's person
    std::vector<std::string> allowed;
    std::shared_ptr<const crypto::SigningKeys> keys;
    Timestamp now;
};

Situation situation_of(Tx& tx, const Provider& provider, const Visit& visit, const http::Query& query) {
    const auto tenant = identity::tenant_named(tx, tx.tenant());
    require(tenant.has_value(), not_found, "There is nothing at this address.");
    identity::require_tenant_is_active(tx);
    Situation found{.tenant_name = tenant->name,
                    .asker = asker_of(tx, query),
                    .session = browser_session_of(tx, visit.session_secret),
                    .email = {},
                    .allowed = {},
                    .keys = provider.keys.keys(tx),
                    .now = tx.now()};
    if (found.session) {
        found.email = identity::person_of(tx, found.session->user_id).email;
        found.allowed = consent_of(tx, found.session->user_id, found.asker.client.id);
    }
    return found;
}

Situation look(const Provider& provider, const Visit& visit, const http::Query& query) {
    return provider.database.read(visit.tenant,
                                  [&](Tx& tx) { return situation_of(tx, provider, visit, query); });
}

// One request to authorize, as far as it has come.
struct Authorization {
    const Provider& provider;
    const Visit& visit;
    Interaction interaction;
    http::Query query;
    Situation found;
    bool is_allowed_now = false;
};

http::Response to_client(const Authorization& at, std::vector<http::Parameter> parameters) {
    if (const auto state = at.query.find("state")) parameters.push_back({"state", std::string(*state)});
    // RFC 9207: the client can tell that the answer is from the server that it asked.
    parameters.push_back({"iss", at.provider.issuer_of(at.visit.tenant)});
    return redirect_to(with_parameters(at.found.asker.redirect_uri, parameters));
}

http::Response refuse_client(const Authorization& at, const Failure& refusal) {
    return to_client(at,
                     {{"error", error_code_of(refusal.reason())}, {"error_description", refusal.message()}});
}

PageForm form_of(const Authorization& at, std::string_view step) {
    return {.action = at.provider.path_of(at.visit.tenant) + "/" + std::string(step),
            .interaction = seal_interaction(at.provider, at.visit, at.interaction, at.found.now),
            .leads_to = policy_source_of(at.found.asker.redirect_uri)};
}

SignInPage sign_in_form(const Authorization& at, std::string email) {
    return {.form = form_of(at, "sign-in"),
            .tenant_name = at.found.tenant_name,
            .client_name = at.found.asker.client.name,
            .email = std::move(email),
            .problem = {},
            .attempt = {}};
}

http::Response shown(const Authorization& at, http::Response page) {
    set_form_cookie(at.provider, at.visit, page);
    return page;
}

http::Response ask_consent(Authorization& at, const AuthorizationRequest& request) {
    at.interaction.session_id = at.found.session->id.text();
    return shown(at, consent_page({.form = form_of(at, "consent"),
                                   .tenant_name = at.found.tenant_name,
                                   .client_name = at.found.asker.client.name,
                                   .email = at.found.email,
                                   .permissions = request.permissions()}));
}

http::Response give_code(const Authorization& at, const AuthorizationRequest& request) {
    const Client& client = at.found.asker.client;
    const auto code = at.provider.database.write(at.visit.tenant, [&](Tx& tx) {
        // The session may have ended since it was looked at.
        const auto session = browser_session_of(tx, at.visit.session_secret);
        require(session && session->id == at.found.session->id, login_required, "Nobody is signed in.");
        if (at.is_allowed_now) add_consent(tx, session->user_id, client.id, request.permissions());
        return issue_code(tx, client, request, *session);
    });
    return to_client(at, {{"code", code}});
}

Progress progress_of(const Authorization& at, const AuthorizationRequest& request) {
    Progress progress{.session = at.found.session,
                      .signed_in_at = at.interaction.signed_in_at,
                      .allowed = at.found.allowed,
                      .is_allowed_now = at.is_allowed_now,
                      .hinted_subject = std::nullopt,
                      .now = at.found.now};
    if (!request.id_token_hint.empty()) {
        const auto hint =
            read_id_token_hint(at.provider, *at.found.keys, at.visit.tenant, request.id_token_hint);
        require(hint.has_value(), invalid_request, "id_token_hint is no ID token from here.");
        progress.hinted_subject = hint->subject;
    }
    return progress;
}

// Does what comes next: a page, or the way back to the client.
http::Response go_on(Authorization at) {
    try {
        const auto request = read_authorization(at.found.asker.client, at.query);
        switch (next_step(at.found.asker.client, request, progress_of(at, request))) {
            case Step::sign_in:
                return shown(at, sign_in_page(sign_in_form(at, request.login_hint)));
            case Step::ask_consent:
                return ask_consent(at, request);
            case Step::issue_code:
                break;
        }
        return give_code(at, request);
    } catch (const Failure& refusal) {
        return refuse_client(at, refusal);
    }
}

Authorization authorization_at(const Provider& provider, const Visit& visit, Interaction interaction) {
    auto query = http::Query::parse(interaction.query);
    auto found = look(provider, visit, query);
    return {provider, visit, std::move(interaction), std::move(query), std::move(found)};
}

// The authorization that a page's form belongs to.
Authorization reopened(const Provider& provider, const Visit& visit, const http::Query& form) {
    const auto now = provider.database.read(visit.tenant, [](Tx& tx) { return tx.now(); });
    return authorization_at(provider, visit,
                            open_interaction(provider, visit, text_of(form, "interaction"), now));
}

// The page for the second step's code, which remembers that the password was right.
SignInPage code_form(Authorization& at, const identity::LoginFacts& facts, const Failure& refusal,
                     const std::string& attempt) {
    at.interaction.proved = ProvedPassword{facts.user_id, facts.email, facts.password_version};
    auto page = sign_in_form(at, {});
    page.asks_for_code = true;
    page.attempt = attempt;
    page.problem = refusal.message();
    page.status = 401;
    if (refusal.reason() != identity::mfa_required) return page;
    const auto details = json::parse(refusal.details.empty() ? "{}" : refusal.details);
    if (const auto* sent = details.find("mfa_attempt")) page.attempt = sent->text_or_empty();
    page.problem =
        page.attempt.empty() ? "Enter the code of your app." : "Enter the code that we have sent you.";
    page.status = 200;
    return page;
}

// The page again, with what was wrong.
http::Response ask_again(Authorization at, const http::Query& form,
                         const std::optional<identity::LoginFacts>& facts, const Failure& refusal) {
    const bool is_about_code =
        refusal.reason() == identity::mfa_required || refusal.reason() == identity::mfa_code_wrong;
    at.interaction.proved.reset();
    auto page = facts && is_about_code ? code_form(at, *facts, refusal, text_of(form, "attempt"))
                                       : sign_in_form(at, text_of(form, "email"));
    if (!page.asks_for_code) {
        page.problem = refusal.message();
        page.status = http::usual_status(refusal.reason().kind);
    }
    auto response = shown(at, sign_in_page(page));
    if (refusal.retry_after) {
        response.headers.push_back({"Retry-After", std::to_string(refusal.retry_after->count())});
    }
    return response;
}

// What the password says: that of this form, or the one that was right a moment ago.
identity::LoginFacts password_facts(const Authorization& at, const http::Query& form) {
    if (const auto& proved = at.interaction.proved) {
        return {proved->user_id, proved->email, proved->version, std::nullopt};
    }
    return identity::check_login(at.provider.database, at.visit.tenant, text_of(form, "email"),
                                 text_of(form, "password"), at.provider.random, at.visit.device);
}

void check_code(const Authorization& at, const http::Query& form, identity::LoginFacts& facts) {
    const identity::SecondStep step{.code = text_of(form, "mfa_code"), .attempt = text_of(form, "attempt")};
    identity::check_second_step(at.provider.database, at.visit.tenant, facts, step, at.visit.device,
                                at.provider.mfa, at.provider.send_code);
}

NewBrowserSession start_browser_session(const Provider& provider, const Visit& visit,
                                        const identity::LoginFacts& facts) {
    const char* methods = facts.second_factor ? "pwd otp mfa" : "pwd";
    return provider.database.write(visit.tenant, [&](Tx& tx) {
        const auto before = browser_session_of(tx, visit.session_secret);
        const auto session = identity::finish_login(tx, facts, visit.device, browser_session_lifetime);
        return open_browser_session(tx, session, methods, before);
    });
}

http::Response sign_in_with(const Authorization& at, const http::Query& form) {
    std::optional<identity::LoginFacts> facts;
    std::optional<NewBrowserSession> opened;
    try {
        facts = password_facts(at, form);
        check_code(at, form, *facts);
        opened = start_browser_session(at.provider, at.visit, *facts);
    } catch (const Failure& refusal) {
        return ask_again(at, form, facts, refusal);
    }
    Visit visit = at.visit;
    visit.session_secret = opened->secret;
    Interaction interaction = at.interaction;
    interaction.proved.reset();
    interaction.signed_in_at = opened->session.authenticated_at;
    auto response = go_on(authorization_at(at.provider, visit, std::move(interaction)));
    set_session_cookie(at.provider, visit, response);
    return response;
}

}  // namespace

http::Response authorize(const Provider& provider, const TenantId& tenant, const http::Request& request) {
    return answer_person([&] {
        const Visit visit = visit_of(provider, tenant, request);
        const auto query = parameters_of(request);
        auto text = form_encoded(query.all());
        require(text.size() <= interaction_query_max, unusable_request,
                "The application asked for too much.");
        // A form that another site posts comes without our cookies; the browser adds them to a GET that
        // follows.
        if (request.method == "POST" && visit.session_secret.empty() && text.size() <= redirected_query_max) {
            return redirect_to(provider.path_of(tenant) + "/authorize?" + text);
        }
        return go_on(authorization_at(provider, visit, {.query = std::move(text)}));
    });
}

http::Response sign_in(const Provider& provider, const TenantId& tenant, const http::Request& request) {
    return answer_person([&] {
        const Visit visit = visit_of(provider, tenant, request);
        const auto form = parameters_of(request);
        auto at = reopened(provider, visit, form);
        if (text_of(form, "answer") == "cancel") {
            return refuse_client(at, Failure(access_denied, "The person did not sign in."));
        }
        return sign_in_with(at, form);
    });
}

http::Response consent(const Provider& provider, const TenantId& tenant, const http::Request& request) {
    return answer_person([&] {
        const Visit visit = visit_of(provider, tenant, request);
        const auto form = parameters_of(request);
        auto at = reopened(provider, visit, form);
        const auto answer = text_of(form, "answer");
        if (answer == "deny") return refuse_client(at, Failure(access_denied, "The person said no."));
        if (answer == "switch") return shown(at, sign_in_page(sign_in_form(at, {})));
        // Only the person who saw the page can have said yes on it.
        at.is_allowed_now =
            answer == "allow" && at.found.session && at.found.session->id.text() == at.interaction.session_id;
        return go_on(std::move(at));
    });
}

}  // namespace pamoja::openid
