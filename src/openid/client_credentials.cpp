#include "openid/client_credentials.hpp"

#include "crypto/base64.hpp"
#include "openid/refusals.hpp"

namespace pamoja::openid {
namespace {

constexpr const char* unreadable = "The client's credentials cannot be read.";

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return result;
}

// RFC 6749 2.3.1: id and secret are encoded like a form before they are put together.
std::string decoded(const std::string& text) {
    try {
        const auto pair = http::Query::parse("v=" + text);
        if (pair.all().size() == 1) return pair.all().front().value;
    } catch (const Failure&) {
        require(false, invalid_client, unreadable);
    }
    throw Failure(invalid_client, unreadable);
}

ClientCredentials basic_credentials(std::string_view header) {
    constexpr std::size_t scheme_length = 6;
    const auto pair = crypto::from_base64(header.substr(scheme_length));
    const auto colon = pair ? pair->find(':') : std::string::npos;
    require(colon != std::string::npos, invalid_client, unreadable);
    return {decoded(pair->substr(0, colon)), decoded(pair->substr(colon + 1))};
}

}  // namespace

ClientCredentials credentials_in(const http::Request& request, const http::Query& form) {
    const auto header = request.header("Authorization");
    const auto id = form.find("client_id");
    const auto secret = form.find("client_secret");
    if (lower(header.substr(0, 6)) == "basic ") {
        auto credentials = basic_credentials(header);
        require(!secret && (!id || *id == credentials.client_id), invalid_request,
                "The client says in two ways who it is.");
        return credentials;
    }
    require(id && !id->empty(), invalid_client, "The client does not say who it is.");
    ClientCredentials credentials{std::string(*id), std::nullopt};
    if (secret) credentials.secret = std::string(*secret);
    return credentials;
}

Client require_client(Tx& tx, const crypto::Keyring& keyring, const ClientCredentials& credentials) {
    if (credentials.secret && !credentials.secret->empty()) {
        return authenticate_client(tx, keyring, credentials.client_id, *credentials.secret);
    }
    auto client = active_client(tx, ClientId(credentials.client_id));
    require(client && client->type == ClientType::open, invalid_client, "The client or its secret is wrong.");
    return std::move(*client);
}

}  // namespace pamoja::openid
