#include <algorithm>

#include "access/condition.hpp"
#include "workflows/internal/faults.hpp"
#include "workflows/internal/flow.hpp"

namespace pamoja::workflows {
namespace {

using Edges = std::vector<std::vector<std::size_t>>;  // of each step; the number of steps stands for the end

class Flow {
  public:
    Flow(const Definition& definition, Faults& faults)
        : definition_(definition),
          faults_(faults),
          end_(definition.steps.size()),
          onward_(end_),
          back_(end_) {}

    void check() {
        for (std::size_t i = 0; i < end_; ++i) read_step(i);
        if (!has_unknown_) check_reachable();
    }

  private:
    std::string place_of(std::size_t step) const { return item_place("steps", step); }

    void read_step(std::size_t i) {
        const Step& step = definition_.steps[i];
        const bool falls_through = read_list(i, onward_of(step), onward_list(step), onward_[i], false);
        if (falls_through) onward_[i].push_back(i + 1);
        read_list(i, step.on_reject, "on_reject", back_[i], true);
        const char* other = step.needs_approval ? "on_submit" : "on_approve";
        if (!(step.needs_approval ? step.on_submit : step.on_approve).empty())
            faults_.add(place_of(i) + "." + other, "not_applicable", not_applicable(step));
        if (!step.needs_approval && !step.on_reject.empty())
            faults_.add(place_of(i) + ".on_reject", "not_applicable", not_applicable(step));
    }

    static const char* onward_list(const Step& step) {
        return step.needs_approval ? "on_approve" : "on_submit";
    }
    static const char* not_applicable(const Step& step) {
        return step.needs_approval ? "A step with needs_approval goes on by on_approve."
                                   : "A step without needs_approval goes on by on_submit alone.";
    }

    // Collects where a list leads. Returns whether its end can be reached.
    bool read_list(std::size_t step, const std::vector<Transition>& list, const char* name,
                   std::vector<std::size_t>& targets, bool must_go_back) {
        bool falls_through = true;
        for (std::size_t k = 0; k < list.size(); ++k) {
            const std::string place = item_place(place_of(step) + "." + name, k);
            if (!falls_through)
                faults_.add(place, "unreachable",
                            "An earlier transition has no condition, so this is never taken.");
            if (list[k].when) {
                find_condition_faults(definition_, &definition_.steps[step], *list[k].when, place + ".when",
                                      faults_);
            }
            read_target(step, list[k], place + ".next_step_key", targets, must_go_back);
            falls_through = falls_through && !is_unconditional(list[k]);
        }
        return falls_through;
    }

    void read_target(std::size_t step, const Transition& transition, const std::string& place,
                     std::vector<std::size_t>& targets, bool must_go_back) {
        if (!transition.next_step_key) return targets.push_back(end_);
        const auto target = definition_.find_step(*transition.next_step_key);
        if (!target) {
            has_unknown_ = true;
            faults_.add(place, "unknown_step", "There is no step of this key.");
        } else if (must_go_back && *target > step) {
            faults_.add(place, "invalid", "A rejection leads back, to this step or an earlier one.");
        } else {
            targets.push_back(*target);
        }
    }

    void check_reachable() {
        std::vector<bool> is_reached(end_ + 1, false);
        std::vector<std::size_t> pending{0};
        while (!pending.empty()) {
            const std::size_t at = pending.back();
            pending.pop_back();
            if (is_reached[at]) continue;
            is_reached[at] = true;
            if (at == end_) continue;
            pending.insert(pending.end(), onward_[at].begin(), onward_[at].end());
            pending.insert(pending.end(), back_[at].begin(), back_[at].end());
        }
        const auto has_way_out = steps_with_way_out();
        for (std::size_t i = 0; i < end_; ++i) {
            if (!is_reached[i]) {
                faults_.add(place_of(i) + ".step_key", "unreachable", "No transition leads to this step.");
            } else if (!has_way_out[i]) {
                faults_.add(place_of(i) + "." + onward_list(definition_.steps[i]), "no_way_out",
                            "From this step the workflow goes in a circle for ever.");
            }
        }
    }

    std::vector<bool> steps_with_way_out() const {
        std::vector<bool> result(end_ + 1, false);
        result[end_] = true;
        for (bool has_changed = true; has_changed;) {
            has_changed = false;
            for (std::size_t i = 0; i < end_; ++i) {
                if (result[i]) continue;
                result[i] =
                    std::ranges::any_of(onward_[i], [&](std::size_t target) { return result[target]; });
                has_changed = has_changed || result[i];
            }
        }
        return result;
    }

    const Definition& definition_;
    Faults& faults_;
    std::size_t end_;
    Edges onward_;
    Edges back_;
    bool has_unknown_ = false;
};

}  // namespace

bool is_unconditional(const Transition& transition) {
    if (!transition.when) return true;
    try {
        return access::Condition::compile(*transition.when, "when").is_unconditional();
    } catch (const Failure&) {
        return false;  // its own fault is told where its condition is checked
    }
}

void find_flow_faults(const Definition& definition, Faults& faults) {
    Flow(definition, faults).check();
}

}  // namespace pamoja::workflows
