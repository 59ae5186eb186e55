#pragma once
#include <span>

#include "identity/people.hpp"
#include "notifications/notifier.hpp"

namespace pamoja::faces::flexifinance {

// Everything that FlexiFinance says to people outside of its answers.
std::span<const notifications::Template> templates();

// A notice with the person's addresses filled in.
notifications::Notice notice_to(const identity::Person&, std::string_view template_name,
                                std::vector<notifications::Channel> channels);

}  // namespace pamoja::faces::flexifinance
