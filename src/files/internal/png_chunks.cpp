#include "files/internal/png_chunks.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace pamoja::files {
namespace {

constexpr std::size_t signature_size = 8;
constexpr std::size_t interlace_at = 28;  // in the file, as IHDR comes first
constexpr std::size_t frame_size = 12;    // length, type and checksum of a chunk
constexpr std::array<std::string_view, 5> essential_types{"IHDR", "PLTE", "tRNS", "IDAT", "IEND"};

std::size_t big_endian_32(std::string_view bytes) {
    std::size_t value = 0;
    for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

}  // namespace

std::string essential_png(std::string_view bytes) {
    std::string result(bytes.substr(0, signature_size));
    bytes.remove_prefix(std::min(bytes.size(), signature_size));
    bool is_first = true;
    while (bytes.size() >= frame_size) {
        const std::size_t length = big_endian_32(bytes);
        if (length > bytes.size() - frame_size) return {};
        const auto chunk = bytes.substr(0, frame_size + length);
        const auto type = chunk.substr(4, 4);
        if (is_first && (type != "IHDR" || length != 13)) return {};
        is_first = false;
        if (std::ranges::find(essential_types, type) != essential_types.end()) result += chunk;
        if (type == "IEND") return result;
        bytes.remove_prefix(chunk.size());
    }
    return {};
}

bool is_interlaced_png(std::string_view essential) {
    return essential.size() > interlace_at && essential[interlace_at] != 0;
}

}  // namespace pamoja::files
