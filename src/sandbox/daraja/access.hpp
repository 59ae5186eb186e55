#pragma once
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "http/message.hpp"

namespace pamoja::sandbox::daraja {

// Access tokens. Any consumer key and secret get one; what was not issued, or has expired, is refused.
class Access {
  public:
    Access(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

    // GET /oauth/v1/generate. Throws a Refusal.
    http::Response generate(const http::Request&);
    // Throws a Refusal unless the request carries a token that holds.
    void require_token(const http::Request&);

  private:
    const Clock& clock_;
    Random& random_;
    std::mutex mutex_;
    std::unordered_map<std::string, Timestamp> expiries_;
    std::deque<std::string> order_;
};

}  // namespace pamoja::sandbox::daraja
