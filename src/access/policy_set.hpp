#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/decision.hpp"

namespace pamoja::access {

// Stands for every resource or every action, in permissions and in targets of policies.
inline constexpr std::string_view everything = "*";

class PolicyIndex;  // internal

// One enabled policy, compiled.
struct Rule {
    PolicyId id;
    std::string name;
    std::string resource;
    std::string action;
    Effect effect = Effect::allow;
    Condition condition;
};

// What one role may do.
struct RolePermission {
    std::string role;
    std::string permission;  // its name
    std::string resource;
    std::string action;
};

// Everything that decides in one tenant, indexed by (resource, action) and by role. Immutable and
// thread-safe.
class PolicySet {
  public:
    PolicySet(std::vector<Rule> rules, std::vector<RolePermission> permissions);
    ~PolicySet();
    PolicySet(const PolicySet&) = delete;

    // The same permissions with other policies.
    std::shared_ptr<const PolicySet> with_rules(std::vector<Rule>) const;

    Decision decide(const Subject&, const Question&, Timestamp now) const;
    Decision explain(const Subject&, const Question&, Timestamp now) const;
    // `resource` and `action` may be "*": then only a permission for everything covers it.
    bool has_permission(const Subject&, std::string_view resource, std::string_view action) const;

    // The policies that apply to a resource and action for this subject, those of other roles left out.
    std::vector<const Rule*> rules_for(const Subject&, std::string_view resource,
                                       std::string_view action) const;
    // The root "user" of conditions.
    json::Value user_of(const Subject&) const;
    // A rough measure of its size in memory.
    std::size_t bytes() const { return bytes_; }

  private:
    struct NameHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
    };
    struct Outcome;

    Outcome outcome_of(const Subject&, const Question&, Timestamp now) const;
    std::vector<const Rule*> all_rules(std::string_view resource, std::string_view action) const;
    std::vector<std::string> roles_that_permit(const Subject&, const Question&) const;

    std::vector<Rule> rules_;
    std::vector<RolePermission> permissions_;
    // Names, for user.permissions.
    std::unordered_map<std::string, std::vector<std::string>, NameHash, std::equal_to<>> permissions_of_role_;
    std::unique_ptr<const PolicyIndex> index_;
    std::size_t bytes_ = 0;
};

// Whether a permission held by name covers this: "booking.cancel", "booking.*", "*".
bool covers(std::string_view permission, std::string_view resource, std::string_view action);

}  // namespace pamoja::access
