#pragma once
#include <optional>
#include <string>

#include "http/message.hpp"
#include "http/query.hpp"
#include "openid/provider.hpp"

namespace pamoja::openid {

// The parameters of a GET's query or of a POST's form.
http::Query parameters_of(const http::Request&);

// A browser that is at one of a tenant's pages: what its cookies say, and what it came with.
struct Visit {
    TenantId tenant;
    std::string session_secret;  // of the cookie that a sign-in sets; empty when there is none
    std::string form_secret;     // of the cookie that ties forms to this browser
    bool is_new = false;         // it has no such cookie yet
    identity::Device device;
};
Visit visit_of(const Provider&, const TenantId&, const http::Request&);

// Adds what the browser has to remember.
void set_session_cookie(const Provider&, const Visit&, http::Response&);
void clear_session_cookie(const Provider&, const TenantId&, http::Response&);
void set_form_cookie(const Provider&, const Visit&, http::Response&);

// That somebody at this browser knew a password, while their second step is still to come.
struct ProvedPassword {
    UserId user_id;
    std::string email;
    std::int64_t version = 0;

    void describe(Fields&);
};

inline constexpr std::size_t interaction_query_max = 16'000;
// Longer ones do not fit the head of a request, where they would come back in a query.
inline constexpr std::size_t redirected_query_max = 6'000;

// What a page's form carries along, sealed: nobody can make or change it, and it only works in the browser
// that the page was made for, for half an hour.
struct Interaction {
    std::string query;                           // the parameters that the application came with
    std::optional<Timestamp> signed_in_at = {};  // when the person signed in because of this request
    std::string session_id = {};                 // of the browser whose person is being asked
    std::optional<ProvedPassword> proved = {};
    Timestamp made_at = {};    // filled in by seal_interaction
    std::string browser = {};  // the same

    void describe(Fields&);
};
std::string seal_interaction(const Provider&, const Visit&, Interaction, Timestamp now);
// Throws unusable_request for anything else than that.
Interaction open_interaction(const Provider&, const Visit&, std::string_view sealed, Timestamp now);

}  // namespace pamoja::openid
