#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "crypto/token.hpp"

namespace pamoja::identity {

// Claims of tokens whose signature was verified lately, by digest of the whole text. Bounded: when the newer
// half is full it becomes the older one, and what nobody asked for since is forgotten. Thread-safe.
class VerifiedTokens {
  public:
    explicit VerifiedTokens(std::size_t tokens_max) : half_(tokens_max / 2) {}

    std::optional<crypto::Claims> find(const std::string& digest) {
        const std::lock_guard lock(mutex_);
        if (const auto found = newer_.find(digest); found != newer_.end()) return found->second;
        const auto found = older_.find(digest);
        if (found == older_.end()) return std::nullopt;
        crypto::Claims claims = found->second;
        put(digest, claims);
        return claims;
    }

    void remember(const std::string& digest, const crypto::Claims& claims) {
        const std::lock_guard lock(mutex_);
        put(digest, claims);
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return newer_.size() + older_.size();
    }

  private:
    void put(const std::string& digest, const crypto::Claims& claims) {
        if (newer_.size() >= half_) {
            older_ = std::move(newer_);
            newer_.clear();
        }
        newer_.insert_or_assign(digest, claims);
    }

    const std::size_t half_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, crypto::Claims> newer_;
    std::unordered_map<std::string, crypto::Claims> older_;
};

}  // namespace pamoja::identity
