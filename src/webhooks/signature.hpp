#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/time.hpp"

namespace pamoja::webhooks {

// "whsec_" and 32 random bytes in base64.
std::string make_secret(Random&);

// What is signed: the message's id, the second of the attempt and the body, with dots between.
std::string signed_content(std::string_view message_id, std::int64_t timestamp_seconds,
                           std::string_view body);

// The header webhook-signature: one "v1,…" for each secret, newest first. Throws std::invalid_argument for a
// secret that is none of ours.
std::string signature_header(const std::vector<std::string>& secrets, std::string_view content);

// What a receiver got.
struct Received {
    std::string id;
    std::string timestamp;
    std::string signature;
    std::string body;
};

// What a receiver does: whether one of the signatures was made under the secret, and the timestamp is within
// the tolerance of now. Compares in constant time.
bool is_genuine(const Received&, std::string_view secret, Timestamp now,
                std::chrono::seconds tolerance = std::chrono::minutes(5));

}  // namespace pamoja::webhooks
