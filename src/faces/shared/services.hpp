#pragma once
#include "crypto/keyring.hpp"
#include "db/database.hpp"
#include "files/cabinet.hpp"
#include "identity/tokens.hpp"

namespace pamoja::faces {

// What handlers of every face may use besides their transaction. Made once by the composition root; all of it
// is thread-safe and outlives the dispatcher. A face derives from it what only its own handlers use.
struct Services {
    Database& database;
    const Clock& clock;
    Random& random;
    const identity::TokenIssuer& tokens;
    const crypto::Keyring& keyring;
    files::Cabinet& files;
};

}  // namespace pamoja::faces
