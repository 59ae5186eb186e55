#include "faces/shared/request_limits.hpp"

#include <algorithm>

#include "faces/shared/api.hpp"

namespace pamoja::faces {
namespace {

// Empty where the class counts something that this request does not tell.
const std::string& subject_of(const LimitClass& limit, const Asker& asker) {
    switch (limit.by) {
        case CountedBy::address:
            return asker.address;
        case CountedBy::user:
            return asker.user;
        case CountedBy::tenant:
            return asker.tenant;
        case CountedBy::caller:
            break;
    }
    return asker.user.empty() ? asker.address : asker.user;
}

std::string failing_key(const Api& api, const Asker& asker) {
    return std::string(api.face().name()) + " failing " + asker.address;
}

// Whether less of the first one's allowance is left.
bool is_nearer_its_end(const LimitState& one, const LimitState& other) {
    return one.remaining * other.limit < other.remaining * one.limit;
}

}  // namespace

RequestLimits::Verdict RequestLimits::admit(const Api& api, const Route& route, const Asker& asker,
                                            Timestamp received_at) {
    if (route.limit == nullptr || !is_on_) return {};
    const auto cost = cost_of(api, asker);
    auto verdict = take(api, *route.limit, asker, cost, received_at);
    for (const LimitClass& limit : api.limits()) {
        if (!verdict.is_allowed) break;
        auto next = take(api, limit, asker, cost, received_at);
        if (!next.is_allowed || (next.state && is_nearer_its_end(*next.state, *verdict.state))) {
            verdict = std::move(next);
        }
    }
    return verdict;
}

RequestLimits::Verdict RequestLimits::take(const Api& api, const LimitClass& limit, const Asker& asker,
                                           std::int64_t cost, Timestamp received_at) {
    const auto& subject = subject_of(limit, asker);
    if (subject.empty()) return {};
    const std::string key = std::string(api.face().name()) + " " + limit.name + " " + subject;
    const auto decision = limiter_.take(key, limit.limit, std::chrono::seconds(limit.window_seconds), cost);
    // The window may have begun a moment after the request was received: never say more than its length.
    const auto until_reset = std::chrono::ceil<std::chrono::seconds>(decision.reset_at.since(received_at));
    const auto reset_seconds = std::clamp<std::int64_t>(until_reset.count(), 0, limit.window_seconds);
    return {decision.allowed,
            LimitState{limit.name, limit.limit, decision.remaining, limit.window_seconds, reset_seconds}};
}

std::int64_t RequestLimits::cost_of(const Api& api, const Asker& asker) {
    if (!api.tightening()) return 1;
    const auto& rule = *api.tightening();
    const auto seen =
        limiter_.take(failing_key(api, asker), rule.failures, std::chrono::seconds(rule.window_seconds), 0);
    return seen.remaining == 0 ? rule.cost : 1;
}

void RequestLimits::note_answer(const Api& api, const Asker& asker, int status) {
    if (!is_on_ || !api.tightening() || status < 400 || status >= 500 || status == 429) return;
    const auto& rule = *api.tightening();
    limiter_.take(failing_key(api, asker), rule.failures, std::chrono::seconds(rule.window_seconds));
}

}  // namespace pamoja::faces
