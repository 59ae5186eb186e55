#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"

namespace pamoja::crypto {

// The server's symmetric keys: a root, from which keys for one purpose are derived, and any number of sealing
// keys by id, of which the last seals and all open. Text form, one a line: "root HEX" and "key ID HEX".
class Keyring {
  public:
    // Reads the file, or makes it with fresh keys when it is absent (mode 0600; two processes that start
    // together agree on one). Throws std::runtime_error for a file that cannot be read, or that other users
    // may read.
    static Keyring load_or_create(const std::filesystem::path&, Random&);
    static Keyring parse(std::string_view text);  // throws std::runtime_error
    static Keyring generate(Random&);

    std::string text() const;

    // 32 bytes that depend on the root and the label alone: adding sealing keys changes none of them, so
    // blind indexes and refresh tokens survive a rotation.
    std::string derive(std::string_view label) const;

    const std::string& current_id() const { return current_id_; }
    const std::string* find(const std::string& id) const;  // 32 bytes; nullptr when there is no such key

  private:
    Keyring() = default;
    void add(const std::string& id, std::string key);

    std::string root_;
    std::map<std::string, std::string> keys_;
    std::vector<std::string> order_;
    std::string current_id_;
};

}  // namespace pamoja::crypto
