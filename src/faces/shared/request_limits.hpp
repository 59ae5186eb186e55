#pragma once
#include <optional>
#include <string>

#include "faces/shared/face.hpp"
#include "limits/rate_limiter.hpp"

namespace pamoja::faces {

class Api;
class Route;

// A caller whose requests keep failing is somebody who guesses: after so many refused requests from an
// address within the window, each further one counts as several.
struct Tightening {
    std::int64_t failures;
    std::int64_t window_seconds;
    std::int64_t cost;
};

// Who asks, as far as counting goes. What is not known is empty.
struct Asker {
    std::string address;
    std::string user;
    std::string tenant;
};

// Counts the requests of all faces. Thread-safe.
class RequestLimits {
  public:
    RequestLimits(const Clock& clock, bool is_on) : limiter_(clock), is_on_(is_on) {}

    struct Verdict {
        bool is_allowed = true;
        std::optional<LimitState> state = {};  // of the limit that is nearest to its end
    };
    Verdict admit(const Api&, const Route&, const Asker&, Timestamp received_at);
    // What the request came to, for callers who keep failing.
    void note_answer(const Api&, const Asker&, int status);

  private:
    Verdict take(const Api&, const LimitClass&, const Asker&, std::int64_t cost, Timestamp received_at);
    std::int64_t cost_of(const Api&, const Asker&);

    limits::RateLimiter limiter_;
    bool is_on_;
};

}  // namespace pamoja::faces
