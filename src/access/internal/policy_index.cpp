#include "access/internal/policy_index.hpp"

#include <algorithm>
#include <bit>

#include "access/internal/role_rest.hpp"

namespace pamoja::access {
namespace {

std::size_t mixed(std::size_t hash, std::string_view text) {
    return (std::rotl(hash, 23) ^ std::hash<std::string_view>()(text)) * 0x9e3779b97f4a7c15U;
}

std::size_t hash_of(std::string_view resource, std::string_view action) {
    return mixed(mixed(0, resource), action);
}

bool reads_user(const Condition& condition) {
    return std::ranges::any_of(condition.attributes(), [](const std::string& path) {
        return (path == "user" || path.starts_with("user.")) && path != "user.role" && path != "user.roles";
    });
}

}  // namespace

std::size_t PolicyIndex::KeyHash::operator()(const Key& key) const {
    return mixed(hash_of(key.resource, key.action), key.role);
}

PolicyIndex::PolicyIndex(const std::vector<Rule>& rules, const std::vector<RolePermission>& permissions) {
    Drafts drafts;
    for (const auto& permission : permissions) {
        // An empty name would be taken for no role.
        if (permission.role.empty()) continue;
        drafts[{permission.resource, permission.action, permission.role}].is_permitted = true;
    }
    for (std::uint32_t i = 0; i < rules.size(); ++i) add_rule(drafts, rules[i], i);
    for (const auto& [key, draft] : drafts) note_wildcards(key);
    lay_out(drafts);
}

void PolicyIndex::add_rule(Drafts& drafts, const Rule& rule, std::uint32_t at) {
    const Program& program = rule.condition.program();
    const auto add = [&](const std::string& role, const Program* rest) {
        Draft& draft = drafts[{rule.resource, rule.action, role}];
        draft.entries.push_back({rest, at, rule.effect});
        draft.reads_user |= reads_user(rule.condition);
    };
    if (!rule.condition.roles()) return add("", program.steps.empty() ? nullptr : &program);
    for (const auto& role : *rule.condition.roles()) {
        if (!role.empty()) add(role, kept(rest_for_role(program, role)));
    }
}

const Program* PolicyIndex::kept(Program program) {
    if (program.steps.empty()) return nullptr;
    auto& place = programs_[key_of(program)];
    if (place == nullptr) place = std::make_shared<const Program>(std::move(program));
    return place.get();
}

void PolicyIndex::note_wildcards(const Key& key) {
    const bool is_every_resource = key.resource == everything, is_every_action = key.action == everything;
    has_everything_ |= is_every_resource && is_every_action;
    has_every_action_ |= is_every_action && !is_every_resource;
    has_every_resource_ |= is_every_resource && !is_every_action;
    has_general_ |= key.role.empty();
}

void PolicyIndex::lay_out(const Drafts& drafts) {
    slots_.resize(std::bit_ceil(drafts.size() * 2 + 1));
    places_.reserve(drafts.size());
    for (const auto& [key, draft] : drafts) {
        places_.push_back(
            {static_cast<std::uint32_t>(keys_.size()), static_cast<std::uint32_t>(key.resource.size()),
             static_cast<std::uint32_t>(key.action.size()), static_cast<std::uint32_t>(key.role.size()),
             static_cast<std::uint32_t>(entries_.size()), static_cast<std::uint32_t>(draft.entries.size()),
             draft.is_permitted, draft.reads_user});
        keys_ += key.resource + key.action + key.role;
        entries_.insert(entries_.end(), draft.entries.begin(), draft.entries.end());
        const auto hash = KeyHash()(key);
        auto at = hash & (slots_.size() - 1);
        while (slots_[at].place != 0) at = (at + 1) & (slots_.size() - 1);
        slots_[at] = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(places_.size())};
    }
}

PolicyIndex::Targets PolicyIndex::targets_of(std::string_view resource, std::string_view action) const {
    Targets targets{};
    const auto add = [&](std::string_view r, std::string_view a) {
        targets.list[targets.count++] = {r, a, hash_of(r, a)};
    };
    const bool is_every_resource = resource == everything, is_every_action = action == everything;
    if (!is_every_resource || !is_every_action) add(resource, action);
    if (has_every_action_ && !is_every_action) add(resource, everything);
    if (has_every_resource_ && !is_every_resource) add(everything, action);
    if (has_everything_) add(everything, everything);
    return targets;
}

bool PolicyIndex::is_key(const Place& place, const Target& target, std::string_view role) const {
    if (place.resource_size != target.resource.size() || place.action_size != target.action.size() ||
        place.role_size != role.size()) {
        return false;
    }
    const char* key = keys_.data() + place.key;
    return target.resource == std::string_view(key, place.resource_size) &&
           target.action == std::string_view(key + place.resource_size, place.action_size) &&
           role == std::string_view(key + place.resource_size + place.action_size, place.role_size);
}

PolicyIndex::Found PolicyIndex::find(const Target& target, std::string_view role) const {
    if (role.empty() && !has_general_) return {};
    const auto hash = mixed(target.hash, role);
    const auto high = static_cast<std::uint32_t>(hash >> 32);
    for (auto at = hash & (slots_.size() - 1); slots_[at].place != 0; at = (at + 1) & (slots_.size() - 1)) {
        if (slots_[at].hash != high) continue;
        const Place& place = places_[slots_[at].place - 1];
        if (!is_key(place, target, role)) continue;
        return {{entries_.data() + place.first, place.count}, place.is_permitted, place.reads_user};
    }
    return {};
}

std::size_t PolicyIndex::bytes() const {
    return slots_.size() * sizeof(Slot) + places_.size() * sizeof(Place) + entries_.size() * sizeof(Entry) +
           keys_.size() + programs_.size() * 1000;
}

}  // namespace pamoja::access
