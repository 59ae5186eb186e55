#include "sandbox/daraja/access.hpp"

#include "crypto/base64.hpp"
#include "json/writer.hpp"
#include "sandbox/daraja/wire.hpp"
#include "sandbox/routes.hpp"

namespace pamoja::sandbox::daraja {
namespace {

constexpr std::chrono::seconds lifetime{3'599};
constexpr std::size_t tokens_max = 10'000;
constexpr std::size_t token_bytes = 21;  // 28 characters, as Safaricom's

// What follows the scheme in an Authorization header; empty when it is of another scheme.
std::string_view credentials_of(const http::Request& request, std::string_view scheme) {
    std::string_view value = request.header("Authorization");
    if (value.size() <= scheme.size() || value[scheme.size()] != ' ') return {};
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        const char c = value[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != scheme[i]) return {};
    }
    return value.substr(scheme.size() + 1);
}

bool is_key_and_secret(std::string_view credentials) {
    const auto plain = crypto::from_base64(credentials);
    if (!plain) return false;
    const auto colon = plain->find(':');
    return colon != std::string::npos && colon > 0 && colon + 1 < plain->size();
}

}  // namespace

http::Response Access::generate(const http::Request& request) {
    if (!is_key_and_secret(credentials_of(request, "basic"))) {
        throw Refusal(400, "400.008.01", "Invalid Authentication passed");
    }
    if (parameter_of(request, "grant_type") != "client_credentials") {
        throw Refusal(400, "400.008.02", "Invalid grant type passed");
    }
    const std::string token = crypto::to_base64url(random_.bytes(token_bytes));
    {
        const std::lock_guard lock(mutex_);
        expiries_[token] = clock_.now().plus(lifetime);
        order_.push_back(token);
        if (order_.size() > tokens_max) {
            expiries_.erase(order_.front());
            order_.pop_front();
        }
    }
    json::Writer body;
    body.begin_object();
    body.member("access_token", token);
    body.member("expires_in", std::to_string(lifetime.count()));  // a text, as Safaricom sends it
    body.end_object();
    return json_response(200, body.take());
}

void Access::require_token(const http::Request& request) {
    const std::string token(credentials_of(request, "bearer"));
    const std::lock_guard lock(mutex_);
    const auto found = expiries_.find(token);
    if (found == expiries_.end() || found->second <= clock_.now()) {
        throw Refusal(401, "404.001.03", "Invalid Access Token");
    }
}

}  // namespace pamoja::sandbox::daraja
