#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/internal/program.hpp"
#include "access/policy_set.hpp"

namespace pamoja::access {

// Finds what decides about a resource, an action and a role. Everything lies in a few flat arrays: with many
// rules a decision costs what it misses in the processor's caches, and this way it misses seldom.
class PolicyIndex {
  public:
    // One rule, and what is left of its condition to evaluate: null when nothing is.
    struct Entry {
        const Program* rest = nullptr;
        std::uint32_t rule = 0;
        Effect effect = Effect::allow;
    };
    // What there is for one role and target.
    struct Found {
        std::span<const Entry> entries{};
        bool is_permitted = false;  // by a permission of the role
        bool reads_user = false;    // more of the user than the roles
    };
    // The start of a search: one resource and action.
    struct Target {
        std::string_view resource;
        std::string_view action;
        std::size_t hash = 0;
    };

    // The rules must outlive the index.
    PolicyIndex(const std::vector<Rule>& rules, const std::vector<RolePermission>& permissions);

    // The targets that a question falls under: (r, a), (r, *), (*, a), (*, *), as far as anything names them.
    struct Targets {
        Target list[4];
        std::size_t count = 0;
        const Target* begin() const { return list; }
        const Target* end() const { return list + count; }
    };
    Targets targets_of(std::string_view resource, std::string_view action) const;

    // Null when there is nothing. An empty role asks for the rules that do not depend on one.
    Found find(const Target&, std::string_view role) const;
    std::size_t bytes() const;

  private:
    struct Place {
        std::uint32_t key = 0;  // where the key begins in keys_
        std::uint32_t resource_size = 0;
        std::uint32_t action_size = 0;
        std::uint32_t role_size = 0;
        std::uint32_t first = 0;  // of the entries
        std::uint32_t count = 0;
        bool is_permitted = false;
        bool reads_user = false;
    };
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t place = 0;  // from 1; 0 for none
    };
    struct Draft {
        std::vector<Entry> entries;
        bool is_permitted = false;
        bool reads_user = false;
    };
    struct Key {
        std::string resource;
        std::string action;
        std::string role;
        auto operator<=>(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key&) const;
    };
    using Drafts = std::unordered_map<Key, Draft, KeyHash>;

    void add_rule(Drafts&, const Rule&, std::uint32_t at);
    const Program* kept(Program);
    void note_wildcards(const Key&);
    void lay_out(const Drafts&);
    bool is_key(const Place&, const Target&, std::string_view role) const;

    std::vector<Slot> slots_;
    std::vector<Place> places_;
    std::vector<Entry> entries_;
    std::string keys_;
    // What is left of conditions, each held once by its key.
    std::unordered_map<std::string, std::shared_ptr<const Program>> programs_;
    bool has_general_ = false;         // rules that do not depend on a role
    bool has_every_action_ = false;    // targets (r, *)
    bool has_every_resource_ = false;  // targets (*, a)
    bool has_everything_ = false;      // the target (*, *)
};

}  // namespace pamoja::access
