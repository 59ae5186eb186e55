#pragma once
#include <functional>

#include "identity/mfa.hpp"
#include "identity/passwords.hpp"

namespace pamoja::identity {

// Its details tell a program how to go on: {"mfa_required":true,"methods":["sms"],"mfa_attempt":"…",
// "sent_by":"sms"}.
inline constexpr Reason mfa_required{FailureKind::unauthenticated, "mfa_required"};

// What a client says of the second step of a sign-in.
struct SecondStep {
    std::string code{};               // empty: none yet
    std::string attempt{};            // as the refusal named it that a code was sent with
    std::optional<MfaType> wanted{};  // by which of several methods a code is to come
};

// Puts a code on its way, in the transaction that stored it.
using SendCode = std::function<void(Tx&, const CodeToSend&)>;

// For the ask phase, after check_login(): completes the facts for a person with a second factor, and does
// nothing for others. Throws mfa_required without a code, after sending one where a method sends codes and no
// app is on or that method is wanted; mfa_code_wrong for a wrong one, which was counted durably before;
// rate_limited after ten wrong codes in fifteen minutes. A sent code is good for the attempt that it was sent
// for: the one that is named, or the device (address and agent) that asked.
void check_second_step(Database&, const TenantId&, LoginFacts&, const SecondStep&, const Device&,
                       const MfaBook&, const SendCode&);

}  // namespace pamoja::identity
