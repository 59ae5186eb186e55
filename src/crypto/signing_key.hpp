#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"

namespace pamoja::crypto {

enum class SigningAlgorithm { ed25519, rs256 };

// The name that a JWS header carries: "EdDSA", "RS256".
std::string_view jws_name(SigningAlgorithm);

// The server's asymmetric keys. The first signs, all verify; a key's id is its RFC 7638 thumbprint.
class SigningKeys {
  public:
    // Reads a file of concatenated PKCS#8 PEM keys, or makes it with one fresh key when it is absent (mode
    // 0600; two processes that start together agree on one). Throws std::runtime_error for a file that cannot
    // be read, that other users may read, or that holds another kind of key (RSA below 2048 bits included).
    static SigningKeys load_or_create(const std::filesystem::path&, SigningAlgorithm, Random&);
    static SigningKeys parse(std::string_view pem);  // throws std::runtime_error
    static SigningKeys generate(SigningAlgorithm, Random&);

    SigningKeys(SigningKeys&&) noexcept;
    SigningKeys& operator=(SigningKeys&&) noexcept;
    ~SigningKeys();

    std::string pem() const;   // the private keys
    std::string jwks() const;  // the public keys as a JSON Web Key Set

    const std::string& current_id() const;
    SigningAlgorithm current_algorithm() const;
    std::string sign(std::string_view message) const;  // with the current key

    // False as well when there is no such key, or it is of another algorithm than the JWS header says.
    bool verify(std::string_view id, std::string_view algorithm, std::string_view message,
                std::string_view signature) const;

  private:
    struct Key;
    SigningKeys();
    std::vector<Key> keys_;
};

}  // namespace pamoja::crypto
