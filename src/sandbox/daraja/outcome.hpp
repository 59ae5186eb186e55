#pragma once
#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace pamoja {
class Fields;
}

namespace pamoja::sandbox::daraja {

// How a push or payout ends.
enum class Outcome {
    success,
    cancelled,
    insufficient_funds,
    wrong_pin,
    timeout,             // a push: nobody reacts. A payout: nothing moves, and the time-out URL is told.
    no_callback,         // the money moves and nobody is told
    duplicate_callback,  // the callback comes several times, also at once
    late_callback,       // first a time-out, then a success after all
    http_500,            // the request fails and nothing happens
};
constexpr std::array<const char*, 9> names(Outcome) {
    return {"success",     "cancelled",          "insufficient_funds", "wrong_pin", "timeout",
            "no_callback", "duplicate_callback", "late_callback",      "http_500"};
}

// The result that Safaricom tells of it.
struct Verdict {
    std::string code;
    std::string text;

    bool is_success() const { return code == "0"; }
};
const Verdict& success_verdict();
const Verdict& timeout_verdict();
const Verdict& insufficient_funds_verdict();
// The final result; a success for those that end as one.
Verdict verdict_of(Outcome);

// What to do with one request.
struct Plan {
    Outcome outcome = Outcome::success;
    std::chrono::milliseconds delay{200};  // until it is decided

    // Until the time-out that comes before a late success.
    std::chrono::milliseconds timeout_delay() const;
};

// A control call: how the next `count` requests of a phone end.
struct Instruction {
    std::string phone;
    Outcome outcome = Outcome::success;
    std::optional<int> delay_ms;
    int count = 1;

    void describe(Fields&);
};

// What was said of phones and has not happened yet. A new instruction replaces what is left of an older one.
class Script {
  public:
    void set(const std::string& phone, const Instruction&);
    Plan take(const std::string& phone);
    void clear();

  private:
    std::mutex mutex_;
    std::map<std::string, Instruction> instructions_;
};

}  // namespace pamoja::sandbox::daraja
