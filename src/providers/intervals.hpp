#pragma once
#include <vector>

#include "base/wall_clock.hpp"

namespace pamoja::providers {

// The same time in as few intervals as possible, in order and disjoint.
std::vector<Interval> united(std::vector<Interval>);

// What is left of `whole` without `removed`; both may come in any order. In order and disjoint.
std::vector<Interval> without(std::vector<Interval> whole, std::vector<Interval> removed);

// Whether one of `disjoint` (as united() makes it) holds all of the stretch.
bool holds(const std::vector<Interval>& disjoint, const Interval& stretch);

}  // namespace pamoja::providers
