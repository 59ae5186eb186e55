#pragma once
#include "db/tx.hpp"
#include "notifications/channel.hpp"

namespace pamoja::notifications {

// Whether a user wants a category of notices on a channel. What was never said counts as yes; critical
// templates go out whatever is said.
struct Preference {
    std::string category;
    Channel channel = Channel::email;
    bool is_wanted = true;

    void describe(Fields&);
};

std::vector<Preference> preferences_of(Tx&, const UserId&);
void prefer(Tx&, const UserId&, const Preference&);
bool is_wanted(Tx&, const UserId&, std::string_view category, Channel);

}  // namespace pamoja::notifications
