#include "crypto/base64.hpp"

#include <array>
#include <cstdint>

namespace pamoja::crypto {
namespace {

constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view base32_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

constexpr std::uint8_t no_digit = 0xff;
using DigitTable = std::array<std::uint8_t, 256>;

constexpr DigitTable digits_of(std::string_view alphabet) {
    DigitTable table{};
    for (auto& entry : table) entry = no_digit;
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return table;
}

constexpr DigitTable standard_digits = digits_of(standard_alphabet);
constexpr DigitTable url_digits = digits_of(url_alphabet);
constexpr DigitTable base32_digits = digits_of(base32_alphabet);

// Writes the bits of the bytes in groups of `width`, the last one filled up with zero bits.
std::string write_digits(std::string_view bytes, std::string_view alphabet, unsigned width) {
    std::string text;
    text.reserve((bytes.size() * 8 + width - 1) / width);
    std::uint32_t bits = 0;
    unsigned bits_count = 0;
    const std::uint32_t mask = (1u << width) - 1;
    for (char byte : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(byte);
        bits_count += 8;
        while (bits_count >= width) {
            bits_count -= width;
            text += alphabet[(bits >> bits_count) & mask];
        }
    }
    if (bits_count > 0) text += alphabet[(bits << (width - bits_count)) & mask];
    return text;
}

// Empty for a character outside the alphabet, for a digit that no byte needs, and for filling bits that are
// not zero.
std::optional<std::string> read_digits(std::string_view text, const DigitTable& digits, unsigned width) {
    std::string bytes;
    bytes.reserve(text.size() * width / 8);
    std::uint32_t bits = 0;
    unsigned bits_count = 0;
    for (char c : text) {
        const std::uint8_t digit = digits[static_cast<unsigned char>(c)];
        if (digit == no_digit) return std::nullopt;
        bits = (bits << width) | digit;
        bits_count += width;
        if (bits_count >= 8) {
            bits_count -= 8;
            bytes += static_cast<char>((bits >> bits_count) & 0xff);
        }
    }
    const bool has_idle_digit = bits_count >= width;
    const bool has_stray_bits = (bits & ((1u << bits_count) - 1)) != 0;
    if (has_idle_digit || has_stray_bits) return std::nullopt;
    return bytes;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string text = write_digits(bytes, standard_alphabet, 6);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    return read_digits(text, standard_digits, 6);
}

std::string to_base64url(std::string_view bytes) {
    return write_digits(bytes, url_alphabet, 6);
}

std::optional<std::string> from_base64url(std::string_view text) {
    return read_digits(text, url_digits, 6);
}

std::string to_base32(std::string_view bytes) {
    return write_digits(bytes, base32_alphabet, 5);
}

std::optional<std::string> from_base32(std::string_view text) {
    std::string digits;
    for (char c : text) {
        if (c == ' ' || c == '-') continue;
        digits += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    while (digits.ends_with('=')) digits.pop_back();
    return read_digits(digits, base32_digits, 5);
}

}  // namespace pamoja::crypto
