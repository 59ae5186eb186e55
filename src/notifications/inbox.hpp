#pragma once
#include "db/tx.hpp"
#include "json/value.hpp"
#include "notifications/channel.hpp"

namespace pamoja::notifications {

// One line of a user's inbox.
struct Notification {
    NotificationId id;
    UserId user_id;
    Channel channel = Channel::in_app;
    std::string category;
    std::string template_name;
    std::string title;
    std::string message;
    json::Value data;
    bool is_read = false;
    Timestamp created_at;
    std::optional<Timestamp> read_at;

    void describe(Fields&);
};

struct InboxFilter {
    std::optional<bool> is_read = {};
    std::optional<Channel> channel = {};
    std::optional<std::string> category = {};
};

Page<Notification> inbox_of(Tx&, const UserId&, const InboxFilter&, const PageRequest&);  // newest first
Notification notification_of(Tx&, const UserId&, const NotificationId&);                  // throws not_found
std::int64_t unread_count(Tx&, const UserId&);

// Reading twice changes nothing: read_at stays the first. Throws not_found.
Notification mark_read(Tx&, const UserId&, const NotificationId&);
std::int64_t mark_all_read(Tx&, const UserId&);  // how many were unread

}  // namespace pamoja::notifications
