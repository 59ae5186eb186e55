#pragma once
#include <atomic>
#include <cstdint>
#include <string>

#include "base/random.hpp"
#include "base/time.hpp"

namespace pamoja::sandbox::daraja {

// Receipt numbers as Safaricom makes them: ten characters, of which the first three tell year, month and day
// in Nairobi ("PDL72RWAVZ" is of 21 April 2021).
class Receipts {
  public:
    // Begins at a random place, so that another run of the sandbox repeats none.
    explicit Receipts(Random&);
    std::string next(Timestamp);

  private:
    std::atomic<std::uint64_t> counter_;
};

}  // namespace pamoja::sandbox::daraja
