#include "notifications/internal/sealed_letter.hpp"

#include "crypto/sealed_box.hpp"

namespace pamoja::notifications {
namespace {

std::string context_of(const DeliveryId& id) {
    return "notification_deliveries.sealed_letter:" + id.text();
}

}  // namespace

std::string seal_letter(const Letter& letter, const DeliveryId& id, const crypto::Keyring& keyring,
                        Random& random) {
    return crypto::seal(keyring, write_json(letter, WireStyle::storage()), context_of(id), random);
}

std::optional<Letter> open_letter(std::string_view sealed, const DeliveryId& id,
                                  const crypto::Keyring& keyring) {
    const auto plain = crypto::open(keyring, sealed, context_of(id));
    if (!plain) return std::nullopt;
    return read_json<Letter>(json::parse(*plain), WireStyle::storage());
}

}  // namespace pamoja::notifications
