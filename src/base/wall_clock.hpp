#pragma once
#include <vector>

#include "base/time.hpp"

namespace pamoja {

// A stretch of time: its begin belongs to it, its end does not.
struct Interval {
    Timestamp begin;
    Timestamp end;

    bool is_empty() const { return begin >= end; }
    bool overlaps(const Interval& other) const { return begin < other.end && other.begin < end; }
    bool contains(const Interval& other) const { return begin <= other.begin && other.end <= end; }
    auto operator<=>(const Interval&) const = default;
};

// Whether the IANA time zone database knows the name ("Africa/Nairobi").
bool is_time_zone(std::string_view name);

// One calendar day in an IANA zone, for questions about what its clocks show. Days on which clocks are moved
// have readings that never occur and readings that occur twice.
class LocalDay {
  public:
    // Throws std::runtime_error for an unknown zone.
    LocalDay(Date, std::string_view zone);

    Date date() const { return date_; }
    // The instants at which clocks show that time since midnight of this day, in order: usually one, none in
    // the gap that moving clocks forward leaves, two in the hour that moving them back repeats. 24 h is the
    // midnight that ends the day.
    std::vector<Timestamp> instants_of(std::chrono::seconds time_of_day) const;
    // The time during which clocks show a reading in [from, until) of this day, in order and disjoint.
    std::vector<Interval> intervals_of(std::chrono::seconds from, std::chrono::seconds until) const;

  private:
    // A stretch of time in which the zone's clocks are at one distance from UTC.
    struct Period {
        Interval span;
        std::chrono::seconds offset;
    };
    Timestamp instant(std::chrono::seconds time_of_day, std::chrono::seconds offset) const;

    Date date_;
    std::vector<Period> periods_;  // those that touch the day, in order
};

// What clocks in a zone show, with their distance from UTC (RFC 3339): "2025-11-25T15:30:00+05:30".
std::string local_text(Timestamp, std::string_view zone);
// The distance from UTC at an instant.
std::chrono::seconds utc_offset(Timestamp, std::string_view zone);

}  // namespace pamoja
