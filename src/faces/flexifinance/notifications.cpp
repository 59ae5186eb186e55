#include "faces/flexifinance/mounts.hpp"
#include "faces/flexifinance/views.hpp"
#include "notifications/inbox.hpp"

namespace pamoja::faces::flexifinance {
namespace {

// The channels that this product has.
enum class NotificationType { email, sms, in_app };
constexpr std::array<const char*, 3> names(NotificationType) {
    return {"email", "sms", "in_app"};
}

struct NotificationQuery {
    std::optional<bool> is_read;
    std::optional<NotificationType> type;
    PageQuery page;

    notifications::InboxFilter filter() const {
        return {.is_read = is_read,
                .channel = type ? value_named<notifications::Channel>(name_of(*type)) : std::nullopt};
    }
    void describe(Fields& f) {
        f("is_read", is_read);
        f("notification_type", type);
        f.include(page);
    }
};

struct NotificationView {
    notifications::Notification notification;

    void describe(Fields& f) {
        f("notification_id", notification.id);
        f("notification_type", notification.channel);
        f("title", notification.title);
        f("message", notification.message);
        f("is_read", notification.is_read);
        f("created_at", notification.created_at);
        f("read_at", notification.read_at);
        f("data", notification.data);
    }
};

struct NotificationList {
    std::vector<NotificationView> notifications;
    std::int64_t unread_count = 0;
    Pagination pagination;

    void describe(Fields& f) {
        f("notifications", notifications);
        f("unread_count", unread_count);
        f("pagination", pagination);
    }
};

NotificationList list_notifications(Call& call, const NotificationQuery& query) {
    const UserId& user = call.actor().user_id;
    const auto page = notifications::inbox_of(call.tx, user, query.filter(), query.page.request());
    return {views_of<NotificationView>(page.items), notifications::unread_count(call.tx, user),
            pagination_of(page)};
}

struct ReadView {
    notifications::Notification notification;

    void describe(Fields& f) {
        f("notification_id", notification.id);
        f("is_read", notification.is_read);
        f("read_at", notification.read_at);
    }
};

ReadView read_notification(Call& call) {
    return {
        notifications::mark_read(call.tx, call.actor().user_id, call.path<notifications::NotificationId>())};
}

struct MarkedView {
    std::int64_t marked_count = 0;

    void describe(Fields& f) { f("marked_count", marked_count); }
};

MarkedView read_all_notifications(Call& call) {
    return {notifications::mark_all_read(call.tx, call.actor().user_id)};
}

}  // namespace

void mount_notifications(Api& api) {
    api.section("Notifications");
    api.get("/notifications/", list_notifications)
        .named("notification_list")
        .summary("List your notifications, newest first");
    api.put("/notifications/{notification_id}/read/", read_notification)
        .named("notification_read")
        .summary("Mark one of your notifications as read")
        .says("Notification marked as read");
    api.put("/notifications/mark-all-read/", read_all_notifications)
        .named("notification_read_all")
        .summary("Mark all of your notifications as read")
        .says("All notifications marked as read");
}

}  // namespace pamoja::faces::flexifinance
