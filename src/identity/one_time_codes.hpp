#pragma once
#include <chrono>
#include <string>

#include "crypto/keyring.hpp"
#include "db/tx.hpp"

namespace pamoja::identity {

// Short numbers that a person types from a message. They are guessable, so each takes few guesses.
struct CodeRule {
    const char* purpose;  // "verify_phone"
    std::size_t digits = 6;
    std::int64_t guesses_max = 5;
    std::chrono::seconds lifetime{600};
};

enum class CodeAnswer { right, wrong, expired, too_many_guesses };

// Stored codes are keyed digests, since six digits could be tried out on a stolen database.
class CodeBook {
  public:
    explicit CodeBook(const crypto::Keyring&);

    // A new code for the person; the older one of that purpose dies.
    std::string issue(Tx&, const CodeRule&, const UserId&) const;
    // A right answer uses the code up; a wrong one is counted. Does not throw, so that the count is
    // committed: commit before telling.
    CodeAnswer answer(Tx&, const CodeRule&, const UserId&, std::string_view code) const;

  private:
    std::string digest(const Tx&, const CodeRule&, const UserId&, std::string_view code) const;
    std::string key_;
};

}  // namespace pamoja::identity
