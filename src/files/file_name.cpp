#include "files/file_name.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace pamoja::files {
namespace {

constexpr std::size_t characters_max = 120;

std::span<const std::string_view> extensions_of(ContentType type) {
    static constexpr std::array<std::string_view, 2> jpeg{".jpg", ".jpeg"};
    static constexpr std::array<std::string_view, 1> png{".png"};
    static constexpr std::array<std::string_view, 1> webp{".webp"};
    static constexpr std::array<std::string_view, 1> pdf{".pdf"};
    switch (type) {
        case ContentType::jpeg:
            return jpeg;
        case ContentType::png:
            return png;
        case ContentType::webp:
            return webp;
        case ContentType::pdf:
            return pdf;
    }
    return {};
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

// The length of the well-formed UTF-8 sequence at the start; 0 when there is none.
std::size_t sequence_length(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = at(0);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xc2 ? 0
                               : lead < 0xe0 ? 2
                               : lead < 0xf0 ? 3
                               : lead < 0xf5 ? 4
                                             : 0;
    if (length == 0 || length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xc0) != 0x80) return 0;
    }
    const bool is_overlong = (lead == 0xe0 && at(1) < 0xa0) || (lead == 0xf0 && at(1) < 0x90);
    const bool is_surrogate = lead == 0xed && at(1) >= 0xa0;
    const bool is_beyond = lead == 0xf4 && at(1) >= 0x90;
    return is_overlong || is_surrogate || is_beyond ? 0 : length;
}

bool is_refused_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// Invisible characters that end lines or turn the direction of text: "gpj.exe" must not read "exe.jpg".
bool is_deceptive(std::string_view sequence) {
    if (sequence.size() == 2) return sequence >= "\xc2\x80" && sequence < "\xc2\xa0";
    return (sequence >= "\xe2\x80\x8b" && sequence <= "\xe2\x80\x8f") ||
           (sequence >= "\xe2\x80\xa8" && sequence <= "\xe2\x80\xae") ||
           (sequence >= "\xe2\x81\xa0" && sequence <= "\xe2\x81\xaf") || sequence == "\xef\xbb\xbf";
}

std::string without_traps(std::string_view text, std::size_t count_max) {
    std::string result;
    for (std::size_t count = 0; !text.empty() && count < count_max;) {
        const std::size_t length = sequence_length(text);
        const auto sequence = text.substr(0, std::max<std::size_t>(length, 1));
        text.remove_prefix(sequence.size());
        if (length == 0 || is_refused_ascii(sequence[0]) || is_deceptive(sequence)) continue;
        result += std::string_view("<>:\"|?*%").find(sequence) != std::string_view::npos ? "_" : sequence;
        ++count;
    }
    return result;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" .");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" .") - first + 1);
}

// Names that Windows keeps for devices, whatever follows the first dot.
bool is_device(std::string_view name) {
    const std::string stem = lower(trimmed(name.substr(0, name.find('.'))));
    if (stem == "con" || stem == "prn" || stem == "aux" || stem == "nul") return true;
    return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' &&
           stem[3] <= '9';
}

bool is_attribute_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$&+-.^_`|~").find(c) != std::string_view::npos;
}

}  // namespace

std::string display_name(std::string_view declared, ContentType type) {
    const auto separator = declared.find_last_of("/\\");
    if (separator != std::string_view::npos) declared.remove_prefix(separator + 1);
    const auto extensions = extensions_of(type);
    std::string name(trimmed(without_traps(declared, characters_max)));
    if (name.empty()) name = "file";
    if (is_device(name)) name.insert(0, "_");
    const bool fits = std::ranges::any_of(extensions, [&](auto each) { return lower(name).ends_with(each); });
    if (fits) return name;
    return std::string(trimmed(without_traps(name, characters_max - extensions[0].size()))) +
           std::string(extensions[0]);
}

std::string content_disposition(std::string_view name) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string plain;
    std::string encoded;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\' && c != '%';
        if (is_plain || byte >= 0xc0 || byte < 0x80) plain += is_plain ? c : '_';
        if (is_attribute_character(c)) {
            encoded += c;
        } else {
            encoded += {'%', digits[byte >> 4], digits[byte & 15]};
        }
    }
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
}

}  // namespace pamoja::files
