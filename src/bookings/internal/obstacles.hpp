#pragma once
#include <string>
#include <vector>

#include "bookings/slots.hpp"

namespace pamoja::bookings {

// What people say for a number of minutes: "45 min", "2 h", "1 h 30 min".
std::string duration_text(int minutes);

// Says what stands in the way of a booking at some time.
class Obstacles {
  public:
    explicit Obstacles(const Diary&);

    std::vector<std::string> of(const Interval& time, const providers::PlannedDay&,
                                const providers::WorkingTime&) const;
    int seats_free(const Interval& time) const;

  private:
    void add_plan(std::vector<std::string>&, const Interval& time, const providers::PlannedDay&,
                  const providers::WorkingTime&) const;
    void add_occupations(std::vector<std::string>&, const Interval& time) const;
    std::string overlap_text(const Occupation&, const Interval& time) const;
    std::string names_of(const Occupation&) const;

    const Diary& diary_;
    std::vector<Interval> open_;
};

}  // namespace pamoja::bookings
