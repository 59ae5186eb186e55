#include "jobs/internal/verdict.hpp"

#include <cxxabi.h>

#include <cstdlib>

namespace pamoja::jobs {
namespace {

// An unforeseen exception is named by its type alone: its text may quote what it stumbled over.
std::string type_name(const std::exception& error) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(
        abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status), &std::free);
    return name ? name.get() : typeid(error).name();
}

Verdict after_failure(const Job& job, std::string error, Random& random) {
    return {job.is_last_attempt(), back_off(job.attempt, random), std::move(error)};
}

}  // namespace

std::chrono::microseconds back_off(std::int64_t attempt, Random& random) {
    constexpr std::int64_t second = 1'000'000;
    constexpr std::int64_t longest = 3'600 * second;
    const std::int64_t doubled = attempt > 12 ? longest : std::min(longest, second << (attempt - 1));
    const auto jitter = random.below(static_cast<std::uint64_t>(doubled / 4));
    return std::chrono::microseconds(doubled + static_cast<std::int64_t>(jitter));
}

Verdict judge(const Job& job, const std::exception_ptr& error, Random& random) {
    try {
        std::rethrow_exception(error);
    } catch (const Retry& retry) {
        Verdict verdict = after_failure(job, retry.what(), random);
        if (retry.after) verdict.delay = *retry.after;
        return verdict;
    } catch (const GiveUp& given_up) {
        return {true, {}, given_up.what()};
    } catch (const Failure& failure) {
        return after_failure(job, std::string(failure.reason().code) + ": " + failure.message(), random);
    } catch (const std::exception& unforeseen) {
        return after_failure(job, type_name(unforeseen), random);
    } catch (...) {
        return after_failure(job, "It threw what is no exception.", random);
    }
}

void record(Tx& tx, const Claim& claim, const Verdict& verdict) {
    if (verdict.is_dead) {
        bury(tx, claim, verdict.error);
    } else {
        retry_at(tx, claim, tx.now().plus(verdict.delay), verdict.error);
    }
}

}  // namespace pamoja::jobs
