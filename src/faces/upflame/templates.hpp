#pragma once
#include <span>

#include "notifications/template.hpp"

namespace pamoja::faces::upflame {

// What the platform itself says to its users, in every tenant.
std::span<const notifications::Template> templates();

}  // namespace pamoja::faces::upflame
