#include "providers/intervals.hpp"

#include <algorithm>

namespace pamoja::providers {

std::vector<Interval> united(std::vector<Interval> parts) {
    std::ranges::sort(parts);
    std::vector<Interval> result;
    for (const auto& part : parts) {
        if (part.is_empty()) continue;
        if (!result.empty() && part.begin <= result.back().end) {
            result.back().end = std::max(result.back().end, part.end);
        } else {
            result.push_back(part);
        }
    }
    return result;
}

std::vector<Interval> without(std::vector<Interval> whole, std::vector<Interval> removed) {
    const auto holes = united(std::move(removed));
    std::vector<Interval> result;
    for (auto rest : united(std::move(whole))) {
        for (const auto& hole : holes) {
            if (!hole.overlaps(rest)) continue;
            if (rest.begin < hole.begin) result.push_back({rest.begin, hole.begin});
            rest.begin = std::min(rest.end, hole.end);
        }
        if (!rest.is_empty()) result.push_back(rest);
    }
    return result;
}

bool holds(const std::vector<Interval>& disjoint, const Interval& stretch) {
    return std::ranges::any_of(disjoint, [&](const Interval& each) { return each.contains(stretch); });
}

}  // namespace pamoja::providers
