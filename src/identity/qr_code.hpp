#pragma once
#include <string>
#include <string_view>

namespace pamoja::identity {

// A QR code of a text (medium error correction, a quiet zone of four modules) as a picture. Throws
// validation_failed on "text" for one of more than 2,000 bytes.
std::string qr_svg(std::string_view text);
std::string qr_png(std::string_view text);  // eight pixels a module, grey

}  // namespace pamoja::identity
