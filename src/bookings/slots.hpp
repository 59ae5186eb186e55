#pragma once
#include <optional>
#include <string>
#include <vector>

#include "bookings/held_times.hpp"
#include "providers/plan.hpp"

namespace pamoja::bookings {

// A time at which a service could begin. It can be booked when nothing stands in its way.
struct Slot {
    std::optional<Interval> time;  // none for a reading that the day's clocks leave out
    std::string local_start;       // with offset where there is a time: "2025-11-25T15:30:00+05:30"
    std::string local_end;
    int seats_free = 0;
    std::vector<std::string> obstacles;  // whole reasons, for people

    bool is_free() const { return obstacles.empty(); }
};

// Whether reasons name the bookings that are in the way; only the provider's side may see that.
enum class Naming { anonymous, by_reference };

// All that decides which slots there are. Pure, so that it can be tried out on any calendar.
struct Diary {
    providers::Plan plan;
    Date last;  // the last day whose slots are wanted; the plan goes on so that a slot may end on the next
    providers::Service service;
    std::vector<Occupation> occupations;
    Timestamp now;
    Naming naming = Naming::anonymous;
};

inline constexpr int slot_days_max = 31;

// The slots of the plan's days in order of time, the missing ones with their reasons.
std::vector<Slot> slots_in(const Diary&);

// Reads what slots_in() needs for the local days from `first` to `last`. Throws validation_failed when they
// are in the wrong order or more than slot_days_max.
Diary diary_of(Tx&, const providers::Provider&, const providers::Service&, Date first, Date last, Naming);

// Up to `count` free slots near an instant, in order of time: what to offer to whom it was refused.
std::vector<Slot> alternatives_to(Tx&, const providers::Provider&, const providers::Service&,
                                  Timestamp wanted, std::size_t count);

// Why a service cannot be booked for that time whoever asks: too short a notice, too far ahead. Empty when it
// can. A time that is over is not refused by itself; it is when the service asks for notice.
std::optional<std::string> refusal_of_terms(const providers::ServiceTerms&, Timestamp starts_at,
                                            Timestamp now);

}  // namespace pamoja::bookings
