#pragma once
#include "bookings/booking.hpp"

namespace pamoja::bookings {

// The booking as an iCalendar file (RFC 5545) for a calendar to take in. A calendar that has an older
// revision of it replaces that one; METHOD is CANCEL for a booking that will not take place.
std::string calendar_file(const Booking&, const providers::Provider&);

// One content line: folded at 75 bytes without splitting a character, ended by CRLF.
std::string content_line(std::string_view name, std::string_view value);
// A TEXT value: backslash, semicolon, comma and line ends escaped, other control characters left out.
std::string escaped_text(std::string_view);

}  // namespace pamoja::bookings
