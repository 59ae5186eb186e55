#pragma once
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "crypto/keyring.hpp"
#include "crypto/signing_key.hpp"
#include "db/database.hpp"

namespace pamoja::openid {

// How the keys of ID tokens follow each other.
struct KeyRotation {
    std::chrono::hours signs_for{24 * 90};
    std::chrono::hours published_before{24};  // longer than anybody remembers a key set
    std::chrono::hours kept_after{24 * 30};   // longer than an ID token is worth anything as a hint
};

// The installation's RS256 keys, which all processes share through the database. Thread-safe; remembers them
// for a minute.
class SigningKeyStore {
  public:
    explicit SigningKeyStore(const crypto::Keyring&, KeyRotation = {});

    // The first key signs now, all verify and are in the key set. In a transaction of any tenant. Throws
    // unavailable before maintain() has ever run.
    std::shared_ptr<const crypto::SigningKeys> keys(Tx&);

    // Makes the first key, the next one when the time has come, and removes what is no longer needed. SLOW
    // when it makes one. For the start and a daily job; any number of processes may run it at the same time.
    void maintain(Database&, Random&);

  private:
    struct StoredKey;
    std::shared_ptr<const crypto::SigningKeys> load(Tx&) const;

    const crypto::Keyring& keyring_;
    KeyRotation rotation_;
    std::mutex mutex_;
    std::shared_ptr<const crypto::SigningKeys> keys_;
    Timestamp loaded_at_;
};

}  // namespace pamoja::openid
