#pragma once
#include <string>
#include <string_view>

#include "files/stored_file.hpp"

namespace pamoja::files {

// The image written anew: decoded, upright, in sRGB, without metadata, at most 3840 pixels wide or high, of
// the same type. The header is checked before anything is decoded. Throws Failure(validation_failed) on the
// field "file" for what is no image, has too many pixels, or takes unreasonably long.
std::string normalized_image(std::string_view bytes, ContentType, std::int64_t pixels_max);

}  // namespace pamoja::files
