#pragma once
#include <optional>
#include <string_view>

#include "files/stored_file.hpp"

namespace pamoja::files {

// What the bytes are, whatever anybody says: by our own look at their beginning and by libmagic's, which must
// agree. Empty for everything else.
std::optional<ContentType> sniff(std::string_view bytes);

}  // namespace pamoja::files
