#pragma once
#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace pamoja {

// Names one row of one kind of thing: ids of different kinds do not mix. The text is a UUIDv7 for what we
// make, and whatever a caller sent for what we are asked for.
template <class Tag>
class Id {
  public:
    Id() = default;
    explicit Id(std::string text) : text_(std::move(text)) {}

    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }
    auto operator<=>(const Id&) const = default;

  private:
    std::string text_;
};

// A UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits; sorts by time of making.
std::string make_uuid(Timestamp now, Random&);

using TenantId = Id<struct TenantTag>;
using UserId = Id<struct UserTag>;  // a person; identity/ owns the row

}  // namespace pamoja

template <class Tag>
struct std::hash<pamoja::Id<Tag>> {
    std::size_t operator()(const pamoja::Id<Tag>& id) const { return std::hash<std::string>()(id.text()); }
};
