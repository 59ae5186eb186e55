#include "crypto/keyring.hpp"

#include <sstream>
#include <stdexcept>

#include "base/hex.hpp"
#include "crypto/digest.hpp"
#include "crypto/internal/key_file.hpp"

namespace pamoja::crypto {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t id_length_max = 32;

bool is_key_id(std::string_view id) {
    return !id.empty() && id.size() <= id_length_max &&
           id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

std::string key_from_hex(const std::string& hex) {
    auto key = from_hex(hex);
    if (!key || key->size() != key_bytes)
        throw std::runtime_error("keyring: a key is not 64 hexadecimal digits");
    return *key;
}

}  // namespace

Keyring Keyring::load_or_create(const std::filesystem::path& path, Random& random) {
    return parse(load_or_create_key_file(path, [&] { return generate(random).text(); }));
}

Keyring Keyring::parse(std::string_view text) {
    Keyring keyring;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string kind, id, hex, rest;
        words >> kind;
        if (kind.empty() || kind.starts_with('#')) continue;
        if (kind == "key") words >> id;
        words >> hex;
        if (words >> rest) throw std::runtime_error("keyring: a line holds too many words");
        if (kind == "root" && keyring.root_.empty()) {
            keyring.root_ = key_from_hex(hex);
        } else if (kind == "key") {
            keyring.add(id, key_from_hex(hex));
        } else {
            throw std::runtime_error("keyring: a line is neither a key nor the one root");
        }
    }
    if (keyring.root_.empty() || keyring.keys_.empty())
        throw std::runtime_error("keyring: root or key is missing");
    return keyring;
}

Keyring Keyring::generate(Random& random) {
    constexpr std::size_t id_bytes = 4;
    Keyring keyring;
    keyring.root_ = random.bytes(key_bytes);
    keyring.add(random.hex(id_bytes), random.bytes(key_bytes));
    return keyring;
}

void Keyring::add(const std::string& id, std::string key) {
    if (!is_key_id(id)) throw std::runtime_error("keyring: a key's id is malformed");
    if (!keys_.emplace(id, std::move(key)).second) throw std::runtime_error("keyring: two keys have one id");
    order_.push_back(id);
    current_id_ = id;
}

std::string Keyring::text() const {
    std::string text = "root " + to_hex(root_) + "\n";
    for (const std::string& id : order_) text += "key " + id + " " + to_hex(keys_.at(id)) + "\n";
    return text;
}

std::string Keyring::derive(std::string_view label) const {
    return hkdf_sha256(root_, label, key_bytes);
}

const std::string* Keyring::find(const std::string& id) const {
    const auto found = keys_.find(id);
    return found == keys_.end() ? nullptr : &found->second;
}

}  // namespace pamoja::crypto
