#pragma once
#include <array>
#include <optional>
#include <string>

#include "db/tx.hpp"

namespace pamoja::providers {

using ProviderId = Id<struct ProviderTag>;

inline constexpr Reason provider_status_conflict{FailureKind::conflict, "provider_status_conflict"};

enum class ProviderType { pandit, vendor, partner, astrologer, tutor };
constexpr std::array<const char*, 5> names(ProviderType) {
    return {"pandit", "vendor", "partner", "astrologer", "tutor"};
}

// Only an active provider can be booked.
enum class ProviderStatus { pending, active, suspended, rejected };
constexpr std::array<const char*, 4> names(ProviderStatus) {
    return {"pending", "active", "suspended", "rejected"};
}

// Somebody who offers services for booking. May be a user of the platform, too.
struct Provider {
    ProviderId id;
    ProviderType provider_type = ProviderType::pandit;
    std::string first_name;
    std::string last_name;
    std::string email;
    std::string phone;
    ProviderStatus status = ProviderStatus::pending;
    std::string status_reason;  // why it was last changed
    std::optional<UserId> user_id = {};
    std::string time_zone;  // IANA; the plan's wall times are those of this zone
    Timestamp created_at;
    Timestamp updated_at;

    std::string name() const { return first_name + " " + last_name; }
    void describe(Fields&);
};

struct NewProvider {
    ProviderType provider_type = ProviderType::pandit;
    std::string first_name;
    std::string last_name;
    std::string email = {};
    std::string phone = {};
    std::string time_zone = "UTC";
    std::optional<UserId> user_id = {};
};

// A provider begins as pending. Publishes provider.created. Throws validation_failed for an unknown time zone
// and for a user who is a provider already.
Provider create_provider(Tx&, const NewProvider&);

// What is absent stays as it is.
struct ProviderChange {
    std::optional<std::string> first_name = {};
    std::optional<std::string> last_name = {};
    std::optional<std::string> email = {};
    std::optional<std::string> phone = {};
    std::optional<std::string> time_zone = {};
    std::optional<UserId> user_id = {};
};
Provider change_provider(Tx&, const ProviderId&, const ProviderChange&);

Provider provider_with(Tx&, const ProviderId&);  // throws not_found
std::optional<Provider> provider_of_user(Tx&, const UserId&);

struct ProviderFilter {
    std::optional<ProviderType> provider_type = {};
    std::optional<ProviderStatus> status = {};
};
Page<Provider> providers_matching(Tx&, const ProviderFilter&, const PageRequest&);  // newest first

// Lets a provider in, turns one away, suspends one or lets one come back. Publishes provider.status_changed;
// nothing happens when the provider has the status already. Throws not_found, provider_status_conflict for a
// step that makes no sense (suspending one who was never active).
Provider set_provider_status(Tx&, const ProviderId&, ProviderStatus, const std::string& reason);

}  // namespace pamoja::providers
