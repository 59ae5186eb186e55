#include "openid/logout.hpp"

#include "identity/tenants.hpp"
#include "openid/answers.hpp"
#include "openid/logout_notices.hpp"
#include "openid/pages.hpp"
#include "openid/redirect_uris.hpp"
#include "openid/refusals.hpp"
#include "openid/scopes.hpp"
#include "openid/tokens.hpp"
#include "openid/visit.hpp"

namespace pamoja::openid {
namespace {

std::string text_of(const http::Query& query, std::string_view name) {
    const auto found = query.find(name);
    return found ? std::string(*found) : std::string();
}

// What a request to sign out comes to, read in one transaction.
struct LogoutRequest {
    std::string tenant_name;
    std::optional<BrowserSession> session;
    std::optional<IdTokenHint> hint;
    std::string return_to;  // empty: a page of ours
    Timestamp now;

    // Whether the application that asks has an ID token of the very person that this browser belongs to.
    bool is_vouched_for() const {
        return session && hint &&
               (hint->session_id == session->id || hint->subject == session->user_id.text());
    }
};

std::string return_address(Tx& tx, const http::Query& query, const ClientId& client_id) {
    const auto address = text_of(query, "post_logout_redirect_uri");
    if (address.empty()) return {};
    const auto client = active_client(tx, client_id);
    require(client && client->has_post_logout_redirect_uri(address), unusable_request,
            "The application wants to send you back to an address that it has not registered.");
    const auto state = query.find("state");
    return state ? with_parameters(address, {{"state", std::string(*state)}}) : address;
}

LogoutRequest read_logout(Tx& tx, const Provider& provider, const Visit& visit, const http::Query& query) {
    const auto tenant = identity::tenant_named(tx, tx.tenant());
    require(tenant.has_value(), not_found, "There is nothing at this address.");
    LogoutRequest request{.tenant_name = tenant->name,
                          .session = browser_session_of(tx, visit.session_secret),
                          .hint = std::nullopt,
                          .return_to = {},
                          .now = tx.now()};
    auto client_id = text_of(query, "client_id");
    if (const auto text = text_of(query, "id_token_hint"); !text.empty()) {
        request.hint = read_id_token_hint(provider, *provider.keys.keys(tx), tx.tenant(), text);
        require(request.hint.has_value(), unusable_request,
                "The application sent a token that is not from here.");
        require(client_id.empty() || client_id == request.hint->client_id.text(), unusable_request,
                "The application sent another one's token.");
        client_id = request.hint->client_id.text();
    }
    request.return_to = return_address(tx, query, ClientId(client_id));
    return request;
}

http::Response signed_out(const Provider& provider, const Visit& visit, const LogoutRequest& request) {
    auto response = request.return_to.empty()
                        ? note_page("Signed out", "You are signed out of " + request.tenant_name + ".")
                        : redirect_to(request.return_to);
    clear_session_cookie(provider, visit.tenant, response);
    return response;
}

http::Response sign_out_now(const Provider& provider, const Visit& visit, const LogoutRequest& request) {
    provider.database.write(visit.tenant, [&](Tx& tx) {
        if (const auto session = browser_session_of(tx, visit.session_secret)) sign_out(tx, *session);
    });
    return signed_out(provider, visit, request);
}

http::Response ask(const Provider& provider, const Visit& visit, const LogoutRequest& request,
                   std::string query) {
    const Interaction interaction{.query = std::move(query), .session_id = request.session->id.text()};
    const PageForm form{.action = provider.path_of(visit.tenant) + "/sign-out",
                        .interaction = seal_interaction(provider, visit, interaction, request.now),
                        .leads_to = request.return_to.empty() ? "" : policy_source_of(request.return_to)};
    auto response = sign_out_page(form, request.tenant_name);
    set_form_cookie(provider, visit, response);
    return response;
}

LogoutRequest look(const Provider& provider, const Visit& visit, const http::Query& query) {
    return provider.database.read(visit.tenant,
                                  [&](Tx& tx) { return read_logout(tx, provider, visit, query); });
}

}  // namespace

void sign_out(Tx& tx, const BrowserSession& session) {
    for (const Grant& grant : grants_of(tx, session.id)) {
        enqueue_logout_notice(tx, grant);
        if (contains(grant.scopes, scope_offline)) continue;
        if (const auto live = live_grant(tx, grant.id)) end_grant(tx, *live);
    }
    end_browser_session(tx, session);
}

http::Response end_session(const Provider& provider, const TenantId& tenant, const http::Request& request) {
    return answer_person([&] {
        const Visit visit = visit_of(provider, tenant, request);
        const auto query = parameters_of(request);
        auto text = form_encoded(query.all());
        require(text.size() <= interaction_query_max, unusable_request,
                "The application asked for too much.");
        if (request.method == "POST" && visit.session_secret.empty() && text.size() <= redirected_query_max) {
            return redirect_to(provider.path_of(tenant) + "/end-session?" + text);
        }
        const auto asked = look(provider, visit, query);
        if (!asked.session) return signed_out(provider, visit, asked);
        if (asked.is_vouched_for()) return sign_out_now(provider, visit, asked);
        return ask(provider, visit, asked, std::move(text));
    });
}

http::Response confirm_end_session(const Provider& provider, const TenantId& tenant,
                                   const http::Request& request) {
    return answer_person([&] {
        const Visit visit = visit_of(provider, tenant, request);
        const auto form = parameters_of(request);
        const auto now = provider.database.read(tenant, [](Tx& tx) { return tx.now(); });
        const auto interaction = open_interaction(provider, visit, text_of(form, "interaction"), now);
        const auto asked = look(provider, visit, http::Query::parse(interaction.query));
        if (text_of(form, "answer") != "sign_out") {
            return note_page("Still signed in", "You are still signed in to " + asked.tenant_name + ".");
        }
        const bool is_same = asked.session && asked.session->id.text() == interaction.session_id;
        require(is_same || !asked.session, unusable_request, "Somebody else has signed in since. Try again.");
        return sign_out_now(provider, visit, asked);
    });
}

}  // namespace pamoja::openid
