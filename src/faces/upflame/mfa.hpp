#pragma once
#include "faces/upflame/services.hpp"
#include "identity/mfa.hpp"

namespace pamoja::faces::upflame {

inline identity::MfaBook mfa_book(const faces::Services& services) {
    return identity::MfaBook(services.keyring);
}

// Puts a code on its way to its owner, whatever they have switched off.
void send_mfa_code(Tx&, const UpflameServices&, const identity::CodeToSend&);

}  // namespace pamoja::faces::upflame
