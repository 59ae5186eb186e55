#pragma once
#include <optional>
#include <span>

#include "crypto/keyring.hpp"
#include "db/tx.hpp"
#include "notifications/template.hpp"

namespace pamoja::notifications {

// Something that a user is to know.
struct Notice {
    UserId user_id;
    std::string_view template_name;
    std::vector<Channel> channels;  // the first is the type that the inbox shows
    std::vector<Variable> variables = {};
    // Codes and secret links. They reach only the channels outside, are sealed on the way and gone
    // afterwards; a template of the inbox that names one is refused.
    std::vector<Variable> secrets = {};
    json::Value data = json::Value(json::Object());  // shown to the client beside the text
    // Where the outside channels go. A channel whose address is empty is left out.
    std::string email = {};
    std::string phone = {};
    std::string push_token = {};
};

// What one face says to its users: its templates, and the keys that seal letters while they are on the way.
class Notifier {
  public:
    // Both must outlive it. Throws std::logic_error when two templates share name and channel.
    Notifier(std::span<const Template>, const crypto::Keyring&);

    // Writes the inbox row, when there is an in_app template of that name; and for each outside channel of
    // the notice a delivery with its job. Channels that the user has switched off are left out. Throws
    // std::logic_error for an unknown template and a missing variable. Returns the inbox row's id.
    std::optional<NotificationId> notify(Tx&, const Notice&) const;

  private:
    const Template* find(std::string_view name, Channel) const;
    NotificationId put_into_inbox(Tx&, const Template&, const Notice&) const;
    void deliver_later(Tx&, const Template&, const Notice&, const std::optional<NotificationId>&) const;

    std::span<const Template> templates_;
    const crypto::Keyring& keyring_;
};

}  // namespace pamoja::notifications
