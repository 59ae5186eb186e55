#include "files/internal/sniff.hpp"

#include <magic.h>

#include <memory>

namespace pamoja::files {
namespace {

std::optional<ContentType> by_first_bytes(std::string_view bytes) {
    if (bytes.starts_with("\xff\xd8\xff")) return ContentType::jpeg;
    if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return ContentType::png;
    if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) return ContentType::webp;
    if (bytes.starts_with("%PDF-")) return ContentType::pdf;
    return std::nullopt;
}

struct CloseMagic {
    void operator()(magic_t magic) const { magic_close(magic); }
};
using Magic = std::unique_ptr<std::remove_pointer_t<magic_t>, CloseMagic>;

Magic open_magic() {
    Magic magic(magic_open(MAGIC_MIME_TYPE | MAGIC_ERROR));
    if (!magic || magic_load(magic.get(), nullptr) != 0) throw std::runtime_error("libmagic has no database");
    return magic;
}

std::string by_libmagic(std::string_view bytes) {
    // A libmagic handle serves one thread.
    thread_local const Magic magic = open_magic();
    const char* type = magic_buffer(magic.get(), bytes.data(), std::min<std::size_t>(bytes.size(), 65'536));
    return type != nullptr ? type : "";
}

}  // namespace

std::optional<ContentType> sniff(std::string_view bytes) {
    const auto type = by_first_bytes(bytes);
    if (!type || by_libmagic(bytes) != media_type(*type)) return std::nullopt;
    return type;
}

}  // namespace pamoja::files
