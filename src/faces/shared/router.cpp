#include "faces/shared/router.hpp"

#include <stdexcept>

namespace pamoja::faces {
namespace {

// The segments of a path; a trailing slash makes none, a doubled slash makes an empty one that matches
// nothing.
std::vector<std::string_view> segments_of(std::string_view path) {
    std::vector<std::string_view> segments;
    if (path.ends_with('/')) path.remove_suffix(1);
    while (!path.empty()) {
        path.remove_prefix(1);
        segments.push_back(path.substr(0, path.find('/')));
        path.remove_prefix(segments.back().size());
    }
    return segments;
}

}  // namespace

void Router::add(const Api& api) {
    apis_.push_back(&api);
    for (const Route& route : api.routes()) {
        const std::string path = std::string(api.face().base_path()) + route.path;
        Node* node = &root_;
        for (const auto segment : segments_of(path)) {
            auto& next = segment.starts_with('{') ? node->parameter : node->literals[std::string(segment)];
            if (!next) next = std::make_unique<Node>();
            node = next.get();
        }
        if (!node->methods.emplace(route.method, Target{&api, &route}).second) {
            throw std::logic_error("two routes answer " + route.method + " " + path);
        }
    }
}

Match Router::find(const http::Request& head) const {
    const std::string path = path_of(head);
    Match match;
    const Node* node = walk(root_, segments_of(path), 0, match.path_values);
    match.api = api_of(path);
    if (node == nullptr) return match;
    auto found = node->methods.find(head.method);
    if (found == node->methods.end() && head.method == "HEAD") found = node->methods.find("GET");
    if (found != node->methods.end()) {
        match.route = found->second.route;
        match.api = found->second.api;
        return match;
    }
    for (const auto& [method, target] : node->methods) {
        match.methods += (match.methods.empty() ? "" : ", ") + method;
        match.api = target.api;
    }
    return match;
}

// The face whose paths begin like this one, the longest beginning first.
const Api* Router::api_of(std::string_view path) const {
    const Api* best = nullptr;
    for (const Api* api : apis_) {
        const auto base = api->face().base_path();
        const bool is_below =
            path.starts_with(base) && (path.size() == base.size() || path[base.size()] == '/');
        if (is_below && (best == nullptr || base.size() > best->face().base_path().size())) best = api;
    }
    return best;
}

std::string Router::path_of(const http::Request& head) const {
    for (const HostAlias& alias : aliases_) {
        if (head.host != alias.host || !head.path.starts_with(alias.from)) continue;
        const auto rest = head.path.substr(alias.from.size());
        if (rest.empty() || rest[0] == '/') return alias.to + rest;
    }
    return head.path;
}

const Router::Node* Router::walk(const Node& node, const std::vector<std::string_view>& segments,
                                 std::size_t at, std::vector<std::string>& values) {
    if (at == segments.size()) return node.methods.empty() ? nullptr : &node;
    const auto literal = node.literals.find(segments[at]);
    if (literal != node.literals.end()) {
        if (const Node* found = walk(*literal->second, segments, at + 1, values)) return found;
    }
    if (!node.parameter || segments[at].empty()) return nullptr;
    values.emplace_back(segments[at]);
    if (const Node* found = walk(*node.parameter, segments, at + 1, values)) return found;
    values.pop_back();
    return nullptr;
}

}  // namespace pamoja::faces
