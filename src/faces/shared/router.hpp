#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "faces/shared/api.hpp"

namespace pamoja::faces {

// A production host whose paths are those of a face under another prefix: api.flexifinance.com serves /v1/…
// as the development paths under /api/v1/….
struct HostAlias {
    std::string host;
    std::string from;
    std::string to;
};

struct Match {
    const Api* api = nullptr;      // whose form errors have; null when no face begins like the path
    const Route* route = nullptr;  // null with methods: the path is there, but not for this method
    std::vector<std::string> path_values;
    std::string methods;  // for the header Allow
};

// Finds the route of a path: a literal segment beats a parameter; a trailing slash is optional.
class Router {
  public:
    explicit Router(std::vector<HostAlias> aliases = {}) : aliases_(std::move(aliases)) {}
    // The routes must outlive the router. Throws std::logic_error when two have the same method and path.
    void add(const Api&);
    Match find(const http::Request& head) const;

  private:
    struct Target {
        const Api* api;
        const Route* route;
    };
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
        std::unique_ptr<Node> parameter;
        std::map<std::string, Target, std::less<>> methods;
    };

    std::string path_of(const http::Request& head) const;
    static const Node* walk(const Node&, const std::vector<std::string_view>& segments, std::size_t at,
                            std::vector<std::string>& values);

    const Api* api_of(std::string_view path) const;

    std::vector<HostAlias> aliases_;
    std::vector<const Api*> apis_;
    Node root_;
};

}  // namespace pamoja::faces
