#include "jobs/handlers.hpp"

#include <algorithm>

namespace pamoja::jobs {

void Handlers::add(const Kind& kind, InsideHandler handler) {
    require_new(kind);
    if (kind.lane != Lane::inside) throw std::logic_error(std::string(kind.name) + " is no job of a Tx");
    inside_.emplace(kind.name, std::move(handler));
}

void Handlers::add(const Kind& kind, OutsideHandler handler) {
    require_new(kind);
    if (kind.lane == Lane::inside) throw std::logic_error(std::string(kind.name) + " is a job of a Tx");
    outside_.emplace(kind.name, std::move(handler));
}

void Handlers::subscribe(std::string_view event, const Kind& kind) {
    subscribers_.emplace(event, kind);
}

void Handlers::schedule(const Schedule& schedule) {
    if (find_schedule(schedule.name) != nullptr)
        throw std::logic_error("two schedules are called " + std::string(schedule.name));
    schedules_.push_back(schedule);
}

const InsideHandler* Handlers::inside(std::string_view kind) const {
    const auto found = inside_.find(kind);
    return found != inside_.end() ? &found->second : nullptr;
}

const OutsideHandler* Handlers::outside(std::string_view kind) const {
    const auto found = outside_.find(kind);
    return found != outside_.end() ? &found->second : nullptr;
}

std::vector<Kind> Handlers::subscribers_of(std::string_view event) const {
    std::vector<Kind> kinds;
    for (const std::string_view name : {event, std::string_view("*")}) {
        const auto [first, last] = subscribers_.equal_range(name);
        for (auto each = first; each != last; ++each) kinds.push_back(each->second);
    }
    return kinds;
}

const Schedule* Handlers::find_schedule(std::string_view name) const {
    const auto found = std::ranges::find_if(schedules_, [&](const auto& each) { return name == each.name; });
    return found != schedules_.end() ? &*found : nullptr;
}

void Handlers::require_new(const Kind& kind) const {
    if (inside_.contains(kind.name) || outside_.contains(kind.name))
        throw std::logic_error(std::string(kind.name) + " has two handlers");
}

}  // namespace pamoja::jobs
