#include "openid/signing_key_store.hpp"

#include <vector>

#include "crypto/sealed_box.hpp"

namespace pamoja::openid {
namespace {

constexpr std::chrono::minutes remembered_for{1};

std::string context_of(const std::string& id) {
    return "openid_signing_keys.sealed_key:" + id;
}

}  // namespace

struct SigningKeyStore::StoredKey {
    std::string id;
    std::string sealed_key;
    Timestamp created_at;
    Timestamp signs_from;

    // Newest first.
    static std::vector<StoredKey> all(Tx& tx) {
        return tx.all<StoredKey>("FROM openid_signing_keys ORDER BY signs_from DESC, id DESC");
    }
    void describe(Fields& f) {
        f("id", id);
        f("sealed_key", sealed_key);
        f("created_at", created_at);
        f("signs_from", signs_from);
    }
};

SigningKeyStore::SigningKeyStore(const crypto::Keyring& keyring, KeyRotation rotation)
    : keyring_(keyring), rotation_(rotation) {}

std::shared_ptr<const crypto::SigningKeys> SigningKeyStore::keys(Tx& tx) {
    {
        const std::lock_guard lock(mutex_);
        const bool is_fresh = tx.now() >= loaded_at_ && tx.now() < loaded_at_.plus(remembered_for);
        if (keys_ && is_fresh) return keys_;
    }
    auto loaded = load(tx);
    const std::lock_guard lock(mutex_);
    keys_ = loaded;
    loaded_at_ = tx.now();
    return loaded;
}

// The newest key whose time has come goes first, since the first one signs.
std::shared_ptr<const crypto::SigningKeys> SigningKeyStore::load(Tx& tx) const {
    const auto stored = StoredKey::all(tx);
    std::string current;
    std::string others;
    for (const StoredKey& key : stored) {
        const auto pem = crypto::open(keyring_, key.sealed_key, context_of(key.id));
        require(pem.has_value(), unavailable, "The signing keys cannot be read.");
        const bool is_current = current.empty() && key.signs_from <= tx.now();
        (is_current ? current : others) += *pem;
    }
    require(!current.empty(), unavailable, "There is no signing key yet.");
    return std::make_shared<const crypto::SigningKeys>(crypto::SigningKeys::parse(current + others));
}

void SigningKeyStore::maintain(Database& database, Random& random) {
    // When the key after `newest` is to be published.
    const auto next_is_due_at = [this](const StoredKey& newest) {
        return newest.signs_from.plus(rotation_.signs_for - rotation_.published_before);
    };
    const bool is_due = database.read(every_tenant(), [&](Tx& tx) {
        const auto stored = StoredKey::all(tx);
        return stored.empty() || tx.now() >= next_is_due_at(stored.front());
    });
    if (is_due) {
        const auto fresh = crypto::SigningKeys::generate(crypto::SigningAlgorithm::rs256, random);
        const auto sealed = crypto::seal(keyring_, fresh.pem(), context_of(fresh.current_id()), random);
        database.write(every_tenant(), [&](Tx& tx) {
            const auto stored = StoredKey::all(tx);
            if (!stored.empty() && tx.now() < next_is_due_at(stored.front())) return;
            const auto signs_from = stored.empty() ? tx.now() : tx.now().plus(rotation_.published_before);
            tx.run(
                "INSERT INTO openid_signing_keys (id, sealed_key, created_at, signs_from) "
                "VALUES ($1, $2, $3, $4)",
                fresh.current_id(), sealed, tx.now(), signs_from);
        });
    }
    database.write(every_tenant(), [&](Tx& tx) {
        // A key signs until the next newer one does, and is needed for a while after that.
        const auto stored = StoredKey::all(tx);
        for (std::size_t i = 1; i < stored.size(); ++i) {
            if (tx.now() < stored[i - 1].signs_from.plus(rotation_.kept_after)) continue;
            tx.run("DELETE FROM openid_signing_keys WHERE id = $1", stored[i].id);
        }
    });
}

}  // namespace pamoja::openid
