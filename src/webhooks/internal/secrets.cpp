#include "webhooks/internal/secrets.hpp"

#include "crypto/sealed_box.hpp"
#include "webhooks/signature.hpp"

namespace pamoja::webhooks {
namespace {

std::string context_of(const SecretId& id) {
    return "webhook_secrets.sealed_secret:" + id.text();
}

struct SecretRow {
    SealedSecret secret;
    EndpointId endpoint_id;
    Timestamp created_at;

    void describe(Fields& f) {
        f.include(secret);
        f("endpoint_id", endpoint_id);
        f("created_at", created_at);
    }
};

}  // namespace

void SealedSecret::describe(Fields& f) {
    f("id", id);
    f("sealed_secret", sealed_secret);
}

std::string add_secret(Tx& tx, const EndpointId& endpoint, const crypto::Keyring& keyring) {
    std::string secret = make_secret(tx.random());
    const auto id = tx.new_id<SecretId>();
    tx.insert("webhook_secrets",
              SecretRow{.secret = {id, crypto::seal(keyring, secret, context_of(id), tx.random())},
                        .endpoint_id = endpoint,
                        .created_at = tx.now()});
    return secret;
}

std::vector<SealedSecret> live_secrets(Tx& tx, const EndpointId& endpoint) {
    return tx.all<SealedSecret>(
        "FROM webhook_secrets WHERE tenant_id = :tenant AND endpoint_id = $1 AND (expires_at IS NULL OR "
        "expires_at > $2) ORDER BY created_at DESC, id DESC",
        endpoint, tx.now());
}

std::vector<std::string> open_secrets(const std::vector<SealedSecret>& sealed,
                                      const crypto::Keyring& keyring) {
    std::vector<std::string> secrets;
    for (const SealedSecret& each : sealed) {
        // One whose key is lost signs no more; the others do.
        if (auto secret = crypto::open(keyring, each.sealed_secret, context_of(each.id)))
            secrets.push_back(std::move(*secret));
    }
    return secrets;
}

}  // namespace pamoja::webhooks
