#include "sandbox/daraja/outcome.hpp"

#include <algorithm>
#include <cstdlib>

#include "describe/fields.hpp"

namespace pamoja::sandbox::daraja {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds usual_delay{200};
constexpr milliseconds late_delay{3'000};
constexpr int delay_ms_max = 600'000;
constexpr int count_max = 1'000'000;

}  // namespace

const Verdict& success_verdict() {
    static const Verdict verdict{"0", "The service request is processed successfully."};
    return verdict;
}

const Verdict& timeout_verdict() {
    static const Verdict verdict{"1037", "DS timeout user cannot be reached"};
    return verdict;
}

const Verdict& insufficient_funds_verdict() {
    static const Verdict verdict{"1", "The balance is insufficient for the transaction."};
    return verdict;
}

Verdict verdict_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::success:
        case Outcome::no_callback:
        case Outcome::duplicate_callback:
        case Outcome::late_callback:
            return success_verdict();
        case Outcome::cancelled:
            return {"1032", "Request cancelled by user"};
        case Outcome::insufficient_funds:
            return insufficient_funds_verdict();
        case Outcome::wrong_pin:
            return {"2001", "The initiator information is invalid."};
        case Outcome::timeout:
            return timeout_verdict();
        case Outcome::http_500:
            break;
    }
    std::abort();
}

milliseconds Plan::timeout_delay() const {
    return std::min(usual_delay, delay / 2);
}

void Instruction::describe(Fields& f) {
    f("phone", phone).length(1, 40);
    f("outcome", outcome);
    f.optional("delay_ms", delay_ms).between(0, delay_ms_max);
    f.optional("count", count).between(1, count_max);
}

void Script::set(const std::string& phone, const Instruction& instruction) {
    const std::lock_guard lock(mutex_);
    instructions_[phone] = instruction;
}

Plan Script::take(const std::string& phone) {
    const std::lock_guard lock(mutex_);
    const auto found = instructions_.find(phone);
    if (found == instructions_.end()) return {};
    Instruction& instruction = found->second;
    const milliseconds delay = instruction.outcome == Outcome::late_callback ? late_delay : usual_delay;
    const Plan plan{.outcome = instruction.outcome,
                    .delay = instruction.delay_ms ? milliseconds(*instruction.delay_ms) : delay};
    if (--instruction.count == 0) instructions_.erase(found);
    return plan;
}

void Script::clear() {
    const std::lock_guard lock(mutex_);
    instructions_.clear();
}

}  // namespace pamoja::sandbox::daraja
