#pragma once
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace pamoja {
class Fields;
}

namespace pamoja::sandbox::fcm {

// How a notice to a device ends.
enum class Outcome {
    success,
    unregistered,  // the device is gone
    quota_exceeded,
    unavailable,
    internal,
    invalid_argument,
    sender_id_mismatch,
};
constexpr std::array<const char*, 7> names(Outcome) {
    return {"success",  "unregistered",     "quota_exceeded",    "unavailable",
            "internal", "invalid_argument", "sender_id_mismatch"};
}

// A control call: how the next `count` notices to a device end.
struct Instruction {
    std::string token;
    Outcome outcome = Outcome::success;
    std::optional<int> retry_after_seconds;  // of quota_exceeded and unavailable
    int count = 1;

    void describe(Fields&);
};

// What was said of devices and has not happened yet. A new instruction replaces what is left of an older one.
class Script {
  public:
    void set(const Instruction&);
    Instruction take(const std::string& token);
    void clear();

  private:
    std::mutex mutex_;
    std::map<std::string, Instruction> instructions_;
};

}  // namespace pamoja::sandbox::fcm
