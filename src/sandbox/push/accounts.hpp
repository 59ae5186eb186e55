#pragma once
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "crypto/signing_key.hpp"

namespace pamoja::sandbox::fcm {

inline constexpr const char* project_id = "pamoja-sandbox";
inline constexpr const char* client_email = "push@pamoja-sandbox.iam.gserviceaccount.com";

// The service account of the simulated project, and the access tokens that it was given. Thread-safe.
class Accounts {
  public:
    Accounts(const Clock&, Random&);

    // The text of the account's file, as Google's console gives it.
    std::string file(const std::string& token_url) const;
    // A token for what the account's key signed (RFC 7523), or why there is none.
    struct Grant {
        std::string token{};
        std::string problem{};
    };
    Grant grant(std::string_view assertion);
    bool is_good(std::string_view token) const;
    void clear();

  private:
    std::string problem_of(std::string_view assertion) const;
    const crypto::SigningKeys& key() const { return key_.get(); }

    struct Token {
        std::string text;
        Timestamp expires_at;
    };
    const Clock& clock_;
    Random& random_;
    // Made in the background: an RSA key takes a while, and most of what starts a sandbox needs none.
    std::shared_future<crypto::SigningKeys> key_;
    mutable std::mutex mutex_;
    std::deque<Token> tokens_;
};

}  // namespace pamoja::sandbox::fcm
