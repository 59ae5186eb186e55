#pragma once
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace pamoja::http::internal {

// What the request decides about the form of its answer.
struct Delivery {
    bool is_persistent = true;
    bool is_http_1_0 = false;
    bool has_body = true;  // false for HEAD
};

// Appends the response as it goes over the wire. Framing, Date and Content-Type are the server's: such fields
// among the headers are dropped, so are names that are no token, and control characters in values become
// spaces, so that no value can start a line of its own.
void append_response(std::string& out, const Response&, const Delivery&, std::string_view date);

// The date as the Date field writes it (RFC 9110, 5.6.7).
std::string http_date(std::int64_t seconds_since_epoch);

}  // namespace pamoja::http::internal
