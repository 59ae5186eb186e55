#include "notifications/inbox.hpp"

namespace pamoja::notifications {

void Notification::describe(Fields& f) {
    f("id", id);
    f("user_id", user_id);
    f("channel", channel);
    f("category", category);
    f("template_name", template_name);
    f("title", title);
    f("message", message);
    f("data", data);
    f("is_read", is_read);
    f("created_at", created_at);
    f("read_at", read_at);
}

Page<Notification> inbox_of(Tx& tx, const UserId& user, const InboxFilter& filter, const PageRequest& page) {
    return tx.page<Notification>(page,
                                 "FROM notifications WHERE tenant_id = :tenant AND user_id = $1 AND is_read "
                                 "= COALESCE($2, is_read) AND "
                                 "channel = COALESCE($3, channel) AND category = COALESCE($4, category)",
                                 "created_at DESC, id DESC", user, filter.is_read, filter.channel,
                                 filter.category);
}

Notification notification_of(Tx& tx, const UserId& user, const NotificationId& id) {
    auto found = tx.maybe<Notification>(
        "FROM notifications WHERE tenant_id = :tenant AND id = $1 AND user_id = $2", id, user);
    require(found.has_value(), not_found, "There is no such notification.");
    return std::move(*found);
}

std::int64_t unread_count(Tx& tx, const UserId& user) {
    return *tx.value<std::int64_t>(
        "SELECT COUNT(*) FROM notifications WHERE tenant_id = :tenant AND user_id = $1 AND read_at IS NULL",
        user);
}

Notification mark_read(Tx& tx, const UserId& user, const NotificationId& id) {
    tx.run(
        "UPDATE notifications SET is_read = $3, read_at = $4 WHERE tenant_id = :tenant AND id = $1 AND "
        "user_id = $2 AND read_at IS NULL",
        id, user, true, tx.now());
    return notification_of(tx, user, id);
}

std::int64_t mark_all_read(Tx& tx, const UserId& user) {
    return tx.run(
        "UPDATE notifications SET is_read = $2, read_at = $3 WHERE tenant_id = :tenant AND user_id = $1 "
        "AND read_at IS NULL",
        user, true, tx.now());
}

}  // namespace pamoja::notifications
