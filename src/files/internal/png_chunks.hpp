#pragma once
#include <string>
#include <string_view>

namespace pamoja::files {

// A PNG with nothing but what the picture needs. Text and profiles are dropped before a decoder sees them:
// they are compressed, and a small file can hold gigabytes of them. Empty when the chunks do not add up.
std::string essential_png(std::string_view bytes);
bool is_interlaced_png(std::string_view essential);

}  // namespace pamoja::files
