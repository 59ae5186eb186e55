#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace pamoja::dns {

struct ResolverConfig {
    std::string
        address{};  // numeric, of the only server to ask; empty: those that the machine is set up with
    std::uint16_t port = 53;
    std::chrono::milliseconds timeout{3'000};  // of the whole lookup, whatever is tried within
};

enum class LookupKind {
    answered,   // there are records
    absent,     // the name is not there, or has no TXT records
    timed_out,  // nobody answered in time
    failed,     // the server cannot or will not say, or what it said is no answer
};

struct TxtAnswer {
    LookupKind kind = LookupKind::failed;
    std::vector<std::string> values{};  // the strings of a record joined, as its owner wrote them
    std::string detail{};               // for the log, never for a user
};

// Asks for the TXT records of names. Blocks, so it runs on worker threads; safe to share between them. Gives
// at most 64 values and 16 KiB of them; more counts as failed.
class TxtLookup {
  public:
    // Throws std::invalid_argument for an address that is not numeric.
    explicit TxtLookup(ResolverConfig);

    TxtAnswer find(const std::string& name) const;

  private:
    ResolverConfig config_;
};

}  // namespace pamoja::dns
