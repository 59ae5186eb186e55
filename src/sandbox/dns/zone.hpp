#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pamoja::sandbox {

// The TXT records of all names that the simulated DNS knows. Thread-safe.
class Zone {
  public:
    // No values: the name is not there any more. Throws validation_failed for a name that is none, and for
    // values that do not fit one answer.
    void set(std::string_view name, std::vector<std::string> values);
    std::optional<std::vector<std::string>> find(std::string_view name) const;
    void clear();

  private:
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<std::string>, std::less<>>
        names_;  // in lower case, without a dot at the end
};

// What a DNS server answers to one packet (RFC 1035): TXT records with authority, nothing for what is no
// query. Total: any bytes are taken.
std::string answer_to_dns(std::string_view packet, const Zone&);

}  // namespace pamoja::sandbox
