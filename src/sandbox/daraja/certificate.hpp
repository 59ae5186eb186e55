#pragma once
#include <memory>
#include <optional>
#include <string>

namespace pamoja::sandbox::daraja {

// A key pair of the simulated Safaricom, and the certificate under which initiators encrypt their passwords.
class Certificate {
  public:
    Certificate();  // makes a fresh pair; throws std::runtime_error when OpenSSL cannot
    ~Certificate();

    const std::string& pem() const { return pem_; }
    // The password in a SecurityCredential, or empty when it was encrypted under another certificate.
    std::optional<std::string> password_in(const std::string& credential) const;

  private:
    class Key;
    std::unique_ptr<Key> key_;
    std::string pem_;
};

// True for base64 of as many bytes as an RSA key gives: clients of others bring Safaricom's own certificate.
bool is_plausible_credential(const std::string& credential);

}  // namespace pamoja::sandbox::daraja
