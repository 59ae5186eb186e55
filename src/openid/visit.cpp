#include "openid/visit.hpp"

#include "base/hex.hpp"
#include "crypto/base64.hpp"
#include "crypto/digest.hpp"
#include "crypto/equal.hpp"
#include "crypto/sealed_box.hpp"
#include "openid/browser_sessions.hpp"
#include "openid/refusals.hpp"

namespace pamoja::openid {
namespace {

constexpr std::string_view session_cookie = "pamoja_session";
constexpr std::string_view form_cookie = "pamoja_form";
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t secret_length_max = 64;
constexpr std::chrono::minutes interaction_lifetime{30};

std::string cookie_of(const http::Request& request, std::string_view name) {
    std::string_view rest = request.header("Cookie");
    while (!rest.empty()) {
        const auto end = std::min(rest.find(';'), rest.size());
        auto pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        while (pair.starts_with(' ')) pair.remove_prefix(1);
        const bool is_it = pair.starts_with(name) && pair.substr(name.size()).starts_with('=');
        if (is_it && pair.size() <= name.size() + 1 + secret_length_max) {
            return std::string(pair.substr(name.size() + 1));
        }
    }
    return {};
}

void set_cookie(const Provider& provider, const TenantId& tenant, std::string_view name,
                std::string_view value, std::chrono::seconds age, http::Response& response) {
    std::string text(name);
    text.append("=").append(value).append("; Path=").append(provider.path_of(tenant));
    text.append("; Max-Age=").append(std::to_string(age.count())).append("; HttpOnly; SameSite=Lax");
    if (provider.is_secure()) text += "; Secure";
    response.headers.push_back({"Set-Cookie", std::move(text)});
}

std::string context_of(const TenantId& tenant) {
    return "openid interaction:" + tenant.text();
}

}  // namespace

http::Query parameters_of(const http::Request& request) {
    return http::Query::parse(request.method == "POST" ? request.body : request.query);
}

Visit visit_of(const Provider& provider, const TenantId& tenant, const http::Request& request) {
    Visit visit{.tenant = tenant,
                .session_secret = cookie_of(request, session_cookie),
                .form_secret = cookie_of(request, form_cookie),
                .is_new = false,
                .device = {.name = "Browser",
                           .type = "web",
                           .ip_address = request.remote_address,
                           .user_agent = std::string(request.header("User-Agent"))}};
    visit.is_new = visit.form_secret.empty();
    if (visit.is_new) visit.form_secret = crypto::to_base64url(provider.random.bytes(secret_bytes));
    return visit;
}

void set_session_cookie(const Provider& provider, const Visit& visit, http::Response& response) {
    set_cookie(provider, visit.tenant, session_cookie, visit.session_secret, browser_session_lifetime,
               response);
}

void clear_session_cookie(const Provider& provider, const TenantId& tenant, http::Response& response) {
    set_cookie(provider, tenant, session_cookie, "", std::chrono::seconds(0), response);
}

void set_form_cookie(const Provider& provider, const Visit& visit, http::Response& response) {
    if (visit.is_new) {
        set_cookie(provider, visit.tenant, form_cookie, visit.form_secret, browser_session_lifetime,
                   response);
    }
}

void ProvedPassword::describe(Fields& f) {
    f("user_id", user_id);
    f("email", email);
    f("version", version);
}

void Interaction::describe(Fields& f) {
    f("query", query).length(0, interaction_query_max);
    f("signed_in_at", signed_in_at);
    f("session_id", session_id);
    f("proved", proved);
    f("made_at", made_at);
    f("browser", browser);
}

std::string seal_interaction(const Provider& provider, const Visit& visit, Interaction interaction,
                             Timestamp now) {
    interaction.made_at = now;
    interaction.browser = to_hex(crypto::sha256(visit.form_secret));
    return crypto::seal(provider.keyring, write_json(interaction, WireStyle::storage()),
                        context_of(visit.tenant), provider.random);
}

Interaction open_interaction(const Provider& provider, const Visit& visit, std::string_view sealed,
                             Timestamp now) {
    constexpr const char* message = "This page is no longer valid. Go back to the application and try again.";
    const auto text = crypto::open(provider.keyring, sealed, context_of(visit.tenant));
    require(text.has_value(), unusable_request, message);
    auto interaction = read_json<Interaction>(json::parse(*text), WireStyle::storage());
    const bool is_this_browser =
        crypto::constant_time_equal(interaction.browser, to_hex(crypto::sha256(visit.form_secret)));
    const auto age = now.since(interaction.made_at);
    require(is_this_browser && age <= interaction_lifetime, unusable_request, message);
    return interaction;
}

}  // namespace pamoja::openid
