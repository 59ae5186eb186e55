#pragma once
#include <mutex>

#include "connectors/push/push_gateway.hpp"
#include "crypto/signing_key.hpp"

namespace pamoja::push {

// The access token of a service account, fetched when there is none that lasts.
class PushGateway::Access {
  public:
    Access(const PushConfig&, web::WebClient&, const Clock&);

    // The token, or why there is none.
    struct Answer {
        std::string token{};
        std::string problem{};
    };
    Answer token();
    // Forgets it, unless another thread has fetched a new one meanwhile.
    void drop(const std::string& token);

  private:
    std::string assertion(Timestamp now) const;
    Answer fetch(Timestamp now);

    const PushConfig& config_;
    web::WebClient& web_;
    const Clock& clock_;
    const crypto::SigningKeys key_;
    std::mutex mutex_;  // held while fetching, so that one thread fetches for all
    std::string token_;
    Timestamp good_until_;
};

}  // namespace pamoja::push
