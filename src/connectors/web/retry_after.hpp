#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "connectors/web/web_client.hpp"

namespace pamoja::web {

// How long an answer asks to be left alone (RFC 9110 10.2.3): seconds, or a date that is compared with
// `now_seconds` since the epoch. Empty when it asks for nothing, or for what cannot be read.
std::optional<std::chrono::seconds> retry_after(const WebResponse&, std::int64_t now_seconds);

}  // namespace pamoja::web
