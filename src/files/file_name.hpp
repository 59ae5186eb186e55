#pragma once
#include <string>
#include <string_view>

#include "files/stored_file.hpp"

namespace pamoja::files {

// An uploader's name made harmless: its last part, without control characters, separators and what Windows
// reserves, with an extension of its type, at most 120 characters.
std::string display_name(std::string_view declared, ContentType);

// The header Content-Disposition of a download: attachment with both forms of the name (RFC 6266).
std::string content_disposition(std::string_view name);

}  // namespace pamoja::files
