#pragma once
#include <string>
#include <string_view>

namespace pamoja::crypto {

// RSA with PKCS#1 v1.5 padding under the public key of an X.509 certificate, which only parties of the past
// ask for: Daraja's SecurityCredential. Raw bytes. Throws std::runtime_error when the certificate holds no
// RSA key or the text is too long for it.
std::string encrypt_for_certificate(std::string_view plain, std::string_view certificate_pem);

}  // namespace pamoja::crypto
