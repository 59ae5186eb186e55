#pragma once
#include "db/tx.hpp"

namespace pamoja::notifications {

// When a user is not to be disturbed: what is not critical waits until it is over. Minutes since local
// midnight; a start after the end means over midnight.
struct QuietHours {
    int start_minute = 0;
    int end_minute = 0;
    std::string time_zone = "UTC";  // IANA

    void describe(Fields&);
};

// Reads "22:30"; empty for what is no time of day. And back.
std::optional<int> minute_of_day(std::string_view text);
std::string time_of_day_text(int minute);

// Throws validation_failed for a zone that does not exist, and when start and end are the same.
void keep_quiet(Tx&, const UserId&, const QuietHours&);
void end_quiet(Tx&, const UserId&);  // nothing when there are none
std::optional<QuietHours> quiet_hours_of(Tx&, const UserId&);

// When the quiet hours that an instant lies in are over; empty when it lies in none.
std::optional<Timestamp> quiet_until(const QuietHours&, Timestamp);
std::optional<Timestamp> quiet_until(Tx&, const UserId&, Timestamp);

}  // namespace pamoja::notifications
