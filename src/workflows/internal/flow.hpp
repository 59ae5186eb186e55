#pragma once
#include "workflows/definition.hpp"

namespace pamoja::workflows {

// Where a step leads when it is done: its transitions on submit or, with approval, on approve.
inline const std::vector<Transition>& onward_of(const Step& step) {
    return step.needs_approval ? step.on_approve : step.on_submit;
}

// Whether a transition is taken whatever the facts are.
bool is_unconditional(const Transition&);

}  // namespace pamoja::workflows
