#include "sandbox/push/outcome.hpp"

#include "describe/fields.hpp"

namespace pamoja::sandbox::fcm {

void Instruction::describe(Fields& f) {
    f("token", token).length(1, 4096);
    f("outcome", outcome);
    f.optional("retry_after_seconds", retry_after_seconds).between(0, 86'400);
    f.optional("count", count).between(1, 1'000'000);
}

void Script::set(const Instruction& instruction) {
    const std::lock_guard lock(mutex_);
    instructions_[instruction.token] = instruction;
}

Instruction Script::take(const std::string& token) {
    const std::lock_guard lock(mutex_);
    const auto found = instructions_.find(token);
    if (found == instructions_.end()) return {};
    const Instruction taken = found->second;
    if (--found->second.count == 0) instructions_.erase(found);
    return taken;
}

void Script::clear() {
    const std::lock_guard lock(mutex_);
    instructions_.clear();
}

}  // namespace pamoja::sandbox::fcm
