#pragma once
#include <exception>

#include "base/random.hpp"
#include "jobs/internal/claims.hpp"

namespace pamoja::jobs {

// What becomes of a job whose attempt failed.
struct Verdict {
    bool is_dead = false;
    std::chrono::microseconds delay{};
    std::string error;  // for operators; holds no values
};

// Doubling from one second to an hour, and up to a quarter more by chance, so that what failed together does
// not come back together.
std::chrono::microseconds back_off(std::int64_t attempt, Random&);

Verdict judge(const Job&, const std::exception_ptr&, Random&);
void record(Tx&, const Claim&, const Verdict&);

}  // namespace pamoja::jobs
