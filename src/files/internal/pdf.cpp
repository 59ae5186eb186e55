#include "files/internal/pdf.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/failure.hpp"
#include "base/hex.hpp"

namespace pamoja::files {
namespace {

constexpr std::array<std::string_view, 7> refused_names{
    "JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "XFA"};
constexpr std::size_t name_length_max = 127;
constexpr std::size_t tail_size = 1'024;

bool ends_name(char c) {
    return static_cast<unsigned char>(c) <= ' ' ||
           std::string_view("()<>[]{}/%").find(c) != std::string_view::npos;
}

// The name at the start of the text, with #xx written out: /J#61vaScript is /JavaScript.
std::string name_at(std::string_view text) {
    std::string name;
    for (std::size_t i = 0; i < text.size() && name.size() <= name_length_max && !ends_name(text[i]); ++i) {
        const auto escaped = text[i] == '#' ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
        if (escaped && escaped->size() == 1) {
            name += *escaped;
            i += 2;
        } else {
            name += text[i];
        }
    }
    return name;
}

}  // namespace

void check_pdf(std::string_view bytes) {
    const auto tail = bytes.substr(bytes.size() - std::min(bytes.size(), tail_size));
    require_field(tail.find("%%EOF") != std::string_view::npos, "file", "invalid", "The PDF is incomplete.");
    for (auto at = bytes.find('/'); at != std::string_view::npos; at = bytes.find('/', at + 1)) {
        const bool is_refused =
            std::ranges::find(refused_names, name_at(bytes.substr(at + 1))) != refused_names.end();
        require_field(!is_refused, "file", "active_content",
                      "The PDF holds scripts or other files. Please print it to a new PDF and retry.");
    }
}

}  // namespace pamoja::files
