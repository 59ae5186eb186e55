#include "notifications/preferences.hpp"

namespace pamoja::notifications {

void Preference::describe(Fields& f) {
    f("category", category).length(1, 50);
    f("channel", channel);
    f("is_wanted", is_wanted);
}

std::vector<Preference> preferences_of(Tx& tx, const UserId& user) {
    return tx.all<Preference>(
        "FROM notification_preferences WHERE tenant_id = :tenant AND user_id = $1 ORDER BY category, channel",
        user);
}

void prefer(Tx& tx, const UserId& user, const Preference& preference) {
    tx.run(
        "INSERT INTO notification_preferences (tenant_id, user_id, category, channel, is_wanted) VALUES "
        "(:tenant, $1, $2, $3, $4) ON CONFLICT (tenant_id, user_id, category, channel) DO UPDATE SET "
        "is_wanted = excluded.is_wanted",
        user, preference.category, preference.channel, preference.is_wanted);
}

bool is_wanted(Tx& tx, const UserId& user, std::string_view category, Channel channel) {
    return tx
        .value<bool>(
            "SELECT is_wanted FROM notification_preferences WHERE tenant_id = :tenant AND user_id = $1 "
            "AND category = $2 AND channel = $3",
            user, category, channel)
        .value_or(true);
}

}  // namespace pamoja::notifications
