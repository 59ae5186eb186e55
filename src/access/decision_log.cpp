#include "access/decision_log.hpp"

#include <deque>
#include <map>
#include <mutex>
#include <set>

#include "access/policy_set.hpp"

namespace pamoja::access {
namespace {

constexpr std::size_t noted_max = 10'000;
constexpr std::size_t noted_of_tenant_max = 1'000;
constexpr std::size_t attributes_bytes_max = 16 << 10;

// What was decided and is not stored yet, of all tenants. Of each the latest are kept.
class Notes {
  public:
    void add(const TenantId& tenant, RecordedDecision decision) {
        const std::lock_guard lock(mutex_);
        auto& noted = by_tenant_[tenant];
        if (count_ >= noted_max && noted.empty()) return;
        if (count_ >= noted_max || noted.size() >= noted_of_tenant_max) {
            noted.pop_front();
            --count_;
        }
        noted.push_back(std::move(decision));
        ++count_;
    }

    std::vector<RecordedDecision> of(const TenantId& tenant) {
        const std::lock_guard lock(mutex_);
        const auto found = by_tenant_.find(tenant);
        if (found == by_tenant_.end()) return {};
        return {found->second.begin(), found->second.end()};
    }

    void remove(const TenantId& tenant, const std::set<DecisionId>& stored) {
        const std::lock_guard lock(mutex_);
        const auto found = by_tenant_.find(tenant);
        if (found == by_tenant_.end()) return;
        count_ -= std::erase_if(
            found->second, [&](const RecordedDecision& decision) { return stored.contains(decision.id); });
        if (found->second.empty()) by_tenant_.erase(found);
    }

    std::vector<TenantId> tenants(const TenantSlice& slice) {
        const std::lock_guard lock(mutex_);
        std::vector<TenantId> found;
        for (auto each = by_tenant_.upper_bound(slice.after);
             each != by_tenant_.end() && std::ssize(found) < slice.count_max; ++each) {
            if (!each->second.empty()) found.push_back(each->first);
        }
        return found;
    }

  private:
    std::mutex mutex_;
    std::map<TenantId, std::deque<RecordedDecision>> by_tenant_;
    std::size_t count_ = 0;
};

Notes& notes() {
    static Notes notes;
    return notes;
}

}  // namespace

void RecordedSubject::describe(Fields& f) {
    f("roles", roles);
    f("permissions", permissions);
    f("attributes", attributes);
}

void RecordedDecision::describe(Fields& f) {
    f("id", id);
    f("resource", resource);
    f("action", action);
    f("user_id", user_id);
    f("subject", subject);
    f("attributes", attributes);
    f("time_zone", time_zone);
    f("is_allowed", is_allowed);
    f("decided_at", decided_at);
}

Subject RecordedDecision::asker() const {
    Subject asker{user_id, subject.roles, subject.permissions, {}};
    if (subject.attributes.object() != nullptr) asker.attributes = *subject.attributes.object();
    return asker;
}

Question RecordedDecision::question() const {
    return {resource, action, attributes, time_zone};
}

void note_decision(Tx& tx, const Subject& subject, const Question& question, const Decision& decision) {
    RecordedDecision record{
        .id = tx.new_id<DecisionId>(),
        .resource = question.resource,
        .action = question.action,
        .user_id = subject.id,
        .subject = {subject.roles, subject.permissions, json::Value(subject.attributes)},
        .attributes = question.attributes,
        .time_zone = question.time_zone,
        .is_allowed = decision.is_allowed,
        .decided_at = tx.now(),
    };
    const auto size =
        json::to_text(record.attributes).size() + json::to_text(record.subject.attributes).size();
    if (size > attributes_bytes_max) return;
    if (!decision.is_allowed) return notes().add(tx.tenant(), std::move(record));
    tx.after_commit([tenant = tx.tenant(), record = std::move(record)] { notes().add(tenant, record); });
}

void store_noted_decisions(Tx& tx) {
    const auto noted = notes().of(tx.tenant());
    if (noted.empty()) return;
    tx.insert_absent("policy_decisions", noted);
    std::set<DecisionId> stored;
    for (const auto& decision : noted) stored.insert(decision.id);
    tx.after_commit([tenant = tx.tenant(), stored = std::move(stored)] { notes().remove(tenant, stored); });
}

std::vector<RecordedDecision> decisions_about(Tx& tx, const std::string& resource, const std::string& action,
                                              std::int64_t count_max) {
    std::optional<std::string> one_resource, one_action;
    if (resource != everything) one_resource = resource;
    if (action != everything) one_action = action;
    return tx.all<RecordedDecision>(
        "FROM policy_decisions WHERE tenant_id = :tenant AND resource = COALESCE($1, resource) "
        "AND action = COALESCE($2, action) ORDER BY decided_at DESC, id DESC LIMIT $3",
        one_resource, one_action, count_max);
}

std::int64_t forget_decisions(Tx& tx, Timestamp before, std::int64_t count_max, std::int64_t rows_max) {
    const auto old = tx.run(
        "DELETE FROM policy_decisions WHERE tenant_id = :tenant AND id IN (SELECT id FROM policy_decisions "
        "WHERE tenant_id = :tenant AND decided_at < $1 ORDER BY decided_at, id LIMIT $2)",
        before, rows_max);
    return old + tx.run(
                     "DELETE FROM policy_decisions WHERE tenant_id = :tenant AND id IN (SELECT id "
                     "FROM policy_decisions WHERE tenant_id = :tenant "
                     "ORDER BY decided_at DESC, id DESC LIMIT $1 OFFSET $2)",
                     rows_max, count_max);
}

std::vector<TenantId> tenants_with_noted_decisions(Tx&, const TenantSlice& slice) {
    return notes().tenants(slice);
}

std::vector<TenantId> tenants_with_old_decisions(Tx& tx, const TenantSlice& slice, Timestamp before) {
    return tenants_with(tx, slice, "policy_decisions", "decided_at < $1", before);
}

}  // namespace pamoja::access
