#pragma once
#include <span>
#include <vector>

#include "lending/internal/interest.hpp"
#include "lending/schedule.hpp"

namespace pamoja::lending {

// Each takes checked terms and one period for every instalment.
std::vector<Instalment> amortise_declining(const ScheduleTerms&, std::span<const Period>);
std::vector<Instalment> amortise_flat(const ScheduleTerms&, std::span<const Period>);

// Flat interest with instalments in whole major units (or in the instalment multiple) and the rest in the
// last.
std::vector<Instalment> amortise_in_whole_units(const ScheduleTerms&, std::span<const Period>);

}  // namespace pamoja::lending
