#include "identity/internal/refresh_format.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "base/hex.hpp"
#include "crypto/base64.hpp"
#include "crypto/digest.hpp"

namespace pamoja::identity {
namespace {

constexpr char version = 1;
constexpr std::size_t text_length_max = 512;
constexpr std::size_t tenant_length_max = 127;
constexpr std::size_t session_bytes = 16;
constexpr std::size_t checksum_bytes = 4;

std::string session_bytes_of(const std::string& uuid) {
    std::string hex = uuid;
    std::erase(hex, '-');
    auto bytes = from_hex(hex);
    if (!bytes || bytes->size() != session_bytes) {
        throw std::logic_error("a session id that is no UUID: " + uuid);
    }
    return std::move(*bytes);
}

std::string uuid_of(std::string_view bytes) {
    std::string text = to_hex(bytes);
    for (const std::size_t at : {20u, 16u, 12u, 8u}) text.insert(at, "-");
    return text;
}

std::string checksum_of(std::string_view bytes) {
    return crypto::sha256(bytes).substr(0, checksum_bytes);
}

void append_counter(std::string& bytes, std::int64_t counter) {
    auto rest = static_cast<std::uint64_t>(counter);
    for (; rest >= 0x80; rest >>= 7) bytes += static_cast<char>(0x80 | (rest & 0x7f));
    bytes += static_cast<char>(rest);
}

// Takes bytes off the front and remembers when there were too few.
class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    std::string_view take(std::size_t count) {
        if (rest_.size() < count) {
            is_complete_ = false;
            return {};
        }
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    std::size_t take_length() {
        const auto byte = take(1);
        return byte.empty() ? 0 : static_cast<unsigned char>(byte[0]);
    }

    std::int64_t take_counter() {
        std::uint64_t counter = 0;
        for (unsigned shift = 0; shift < 63; shift += 7) {
            const auto byte = take_length();
            counter |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) {
                // A last group of nothing would be a second text for the same counter.
                if (byte == 0 && shift > 0) is_complete_ = false;
                return static_cast<std::int64_t>(counter);
            }
        }
        is_complete_ = false;
        return 0;
    }

    bool has_ended_well() const { return is_complete_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool is_complete_ = true;
};

}  // namespace

std::string refresh_body(const RefreshParts& parts) {
    if (parts.tenant.size() > tenant_length_max) throw std::logic_error("a tenant id that is too long");
    std::string body(1, version);
    body += static_cast<char>(parts.tenant.size());
    body += parts.tenant;
    body += session_bytes_of(parts.session);
    append_counter(body, parts.counter);
    return body;
}

std::string write_refresh(const RefreshParts& parts) {
    std::string bytes = refresh_body(parts) + parts.mac;
    bytes += checksum_of(bytes);
    return crypto::to_base64url(bytes);
}

std::optional<RefreshParts> parse_refresh(std::string_view text) {
    if (text.size() > text_length_max) return std::nullopt;
    const auto bytes = crypto::from_base64url(text);
    if (!bytes || bytes->size() <= checksum_bytes || bytes->front() != version) return std::nullopt;
    const std::string_view signed_bytes = std::string_view(*bytes).substr(0, bytes->size() - checksum_bytes);
    if (checksum_of(signed_bytes) != bytes->substr(signed_bytes.size())) return std::nullopt;

    ByteReader reader(signed_bytes.substr(1));
    const auto tenant = reader.take(reader.take_length());
    const auto session = reader.take(session_bytes);
    const auto counter = reader.take_counter();
    const auto mac = reader.take(refresh_mac_bytes);
    if (!reader.has_ended_well() || tenant.size() > tenant_length_max) return std::nullopt;
    return RefreshParts{std::string(tenant), uuid_of(session), counter, std::string(mac)};
}

}  // namespace pamoja::identity
