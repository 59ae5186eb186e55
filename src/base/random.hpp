#pragma once
#include <cstdint>
#include <mutex>
#include <random>
#include <span>
#include <string>

namespace pamoja {

// Where randomness comes from. Thread-safe. Secrets use SystemRandom; simulations use SeededRandom.
class Random {
  public:
    virtual ~Random() = default;
    virtual void fill(std::span<unsigned char>) = 0;

    std::uint64_t next();
    // Uniform in [0, bound).
    std::uint64_t below(std::uint64_t bound);
    std::string bytes(std::size_t count);
    std::string hex(std::size_t bytes_count);
    // Decimal digits, leading zeros kept: codes that a person types.
    std::string digits(std::size_t count);
};

// The operating system's generator (getrandom), fit for keys and tokens.
class SystemRandom : public Random {
  public:
    void fill(std::span<unsigned char>) override;
};

// The same numbers for the same seed. Never for secrets.
class SeededRandom : public Random {
  public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
    void fill(std::span<unsigned char>) override;

  private:
    std::mutex mutex_;
    std::mt19937_64 engine_;
};

}  // namespace pamoja
