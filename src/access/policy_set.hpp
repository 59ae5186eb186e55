#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/decision.hpp"

namespace pamoja::access {

// Stands for every resource or every action, in permissions and in targets of policies.
inline constexpr std::string_view everything = "*";

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
    PolicySet(const PolicySet&) = delete;  // all_ points into targets_

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
    struct TargetName {
        std::string resource;
        std::string action;
    };
    struct TargetView {
        std::string_view resource;
        std::string_view action;
    };
    struct TargetHash {
        using is_transparent = void;
        std::size_t operator()(const TargetName& name) const { return of(name.resource, name.action); }
        std::size_t operator()(const TargetView& name) const { return of(name.resource, name.action); }
        static std::size_t of(std::string_view resource, std::string_view action) {
            const std::hash<std::string_view> hash;
            return hash(resource) * 31 + hash(action);
        }
    };
    struct TargetEqual {
        using is_transparent = void;
        template <class A, class B>
        bool operator()(const A& a, const B& b) const {
            return a.resource == b.resource && a.action == b.action;
        }
    };
    struct NameHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
    };
    template <class V>
    using ByName = std::unordered_map<std::string, V, NameHash, std::equal_to<>>;

    // What a role has to do with a target.
    struct RoleEntry {
        bool is_permitted = false;
        std::vector<std::uint32_t> rules;
    };
    struct Target {
        ByName<RoleEntry> by_role;
        std::vector<std::uint32_t> general;  // rules that do not depend on a role
        bool reads_user = false;             // more of the user than the roles
    };
    // The targets that a question falls under: at most (r, a), (r, *), (*, a) and (*, *).
    struct Targets {
        const Target* found[4];
        std::size_t count = 0;
    };
    struct Outcome {
        const std::string* role = nullptr;  // whose permission allows it
        bool is_held = false;               // by a permission of the subject itself
        const Rule* allow = nullptr;
        const Rule* deny = nullptr;
        Truth deny_truth = Truth::no;
    };

    void index(std::uint32_t rule);
    const Target* target(std::string_view resource, std::string_view action) const;
    Targets targets_of(std::string_view resource, std::string_view action) const;
    Outcome outcome_of(const Subject&, const Question&, Timestamp now) const;
    bool meets(const std::vector<std::uint32_t>& rules, const Facts&, Outcome&) const;
    static Decision decision_of(const Outcome&);
    std::vector<const Rule*> all_rules(const Targets&) const;

    std::vector<Rule> rules_;
    std::unordered_map<TargetName, Target, TargetHash, TargetEqual> targets_;
    std::vector<RolePermission> permissions_;
    ByName<std::vector<std::string>> permissions_of_role_;  // names, for user.permissions
    const Target* all_ = nullptr;                           // (*, *)
    bool has_every_action_ = false;                         // some target is (r, *)
    bool has_every_resource_ = false;                       // some target is (*, a)
    std::size_t bytes_ = 0;
};

// Whether a permission held by name covers this: "booking.cancel", "booking.*", "*".
bool covers(std::string_view permission, std::string_view resource, std::string_view action);

}  // namespace pamoja::access
