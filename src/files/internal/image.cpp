#include "files/internal/image.hpp"

#include <vips/vips.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "files/internal/png_chunks.hpp"

namespace pamoja::files {
namespace {

constexpr int side_max = 3'840;
// What a decoder cannot stream it holds in memory: each of these stays below 64 MB.
constexpr std::int64_t progressive_jpeg_pixels_max = 12'000'000;
constexpr std::int64_t interlaced_png_pixels_max = 8'000'000;
constexpr std::int64_t webp_pixels_max = 4'000'000;
// Each scan of a progressive JPEG costs a pass over the whole picture.
constexpr int scans_max = 40;
// Many times what the largest accepted image takes on an idle machine.
constexpr std::chrono::seconds patience{5};

struct Unref {
    void operator()(VipsImage* image) const { g_object_unref(image); }
};
using Image = std::unique_ptr<VipsImage, Unref>;

void ignore_warning(const char*, GLogLevelFlags, const char*, void*) {}

void start_vips() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (VIPS_INIT("pamoja") != 0) throw std::runtime_error("libvips does not start");
        // Formats that few people need and attackers like (SVG, PDF, ImageMagick's) are out of reach.
        vips_block_untrusted_set(TRUE);
        vips_cache_set_max(0);
        // What is wrong with an upload is told to its sender, not to our standard error.
        g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, ignore_warning, nullptr);
        vips_concurrency_set(1);
    });
}

void require_image(bool holds, std::string_view code, std::string_view message) {
    if (!holds) vips_error_clear();
    require_field(holds, "file", code, message);
}

int count_scans(std::string_view jpeg) {
    int count = 0;
    for (auto at = jpeg.find("\xff\xda"); at != std::string_view::npos; at = jpeg.find("\xff\xda", at + 2))
        ++count;
    return count;
}

// A cut-off photo decodes to a grey remainder without an error.
bool has_end(std::string_view jpeg) {
    const auto end = jpeg.rfind("\xff\xd9");
    return end != std::string_view::npos && end > jpeg.rfind("\xff\xda");
}

std::int64_t pixels_allowed(std::string_view bytes, ContentType type, std::int64_t pixels_max) {
    switch (type) {
        case ContentType::jpeg: {
            const bool is_progressive = count_scans(bytes) > 2;  // more than its own and that of a thumbnail
            return is_progressive ? std::min(pixels_max, progressive_jpeg_pixels_max) : pixels_max;
        }
        case ContentType::png:
            return is_interlaced_png(bytes) ? std::min(pixels_max, interlaced_png_pixels_max) : pixels_max;
        case ContentType::webp:
            return std::min(pixels_max, webp_pixels_max);
        case ContentType::pdf:
            break;
    }
    return 0;
}

void check_header(std::string_view bytes, ContentType type, std::int64_t pixels_max) {
    const Image header(vips_image_new_from_buffer(bytes.data(), bytes.size(), "", "access",
                                                  VIPS_ACCESS_SEQUENTIAL, nullptr));
    require_image(header != nullptr, "invalid", "The file is not a readable image.");
    const std::int64_t pixels =
        std::int64_t{vips_image_get_width(header.get())} * vips_image_get_height(header.get());
    require_image(pixels <= pixels_allowed(bytes, type, pixels_max), "too_large",
                  "The image has too many pixels.");
    if (type != ContentType::jpeg) return;
    require_image(has_end(bytes), "invalid", "The image is incomplete.");
    require_image(count_scans(bytes) <= scans_max, "invalid",
                  "The image is stored in an unusual way. Please save it again and retry.");
}

void stop_when_late(VipsImage* image, VipsProgress* progress, void*) {
    if (progress->run >= patience.count()) vips_image_set_kill(image, TRUE);
}

// Whatever came along with the picture: position, camera, comments, profiles, thumbnails. The writers' own
// option to strip is not enough: the one for WebP writes EXIF data in spite of it.
Image without_metadata(const Image& image) {
    VipsImage* copied = nullptr;
    const int result = vips_copy(image.get(), &copied, nullptr);
    Image copy(copied);
    require_image(result == 0, "invalid", "The file is not a readable image.");
    char** names = vips_image_get_fields(copy.get());
    for (char** name = names; *name != nullptr; ++name) vips_image_remove(copy.get(), *name);
    g_strfreev(names);
    return copy;
}

Image decode(std::string_view bytes) {
    VipsImage* decoded = nullptr;
    // Shrinks while it decodes where the format can, so that a large photo never lies whole in memory.
    vips_thumbnail_buffer(const_cast<char*>(bytes.data()), bytes.size(), &decoded, side_max, "height",
                          side_max, "size", VIPS_SIZE_DOWN, "fail_on", VIPS_FAIL_ON_TRUNCATED, nullptr);
    const Image with_metadata(decoded);
    require_image(with_metadata != nullptr, "invalid", "The file is not a readable image.");
    Image image = without_metadata(with_metadata);
    vips_image_set_progress(image.get(), TRUE);
    g_signal_connect(image.get(), "eval", G_CALLBACK(stop_when_late), nullptr);
    return image;
}

std::string encode(const Image& image, ContentType type) {
    void* data = nullptr;
    std::size_t size = 0;
    int result = -1;
    switch (type) {
        case ContentType::jpeg:
            result = vips_jpegsave_buffer(image.get(), &data, &size, "Q", 85, "strip", TRUE, nullptr);
            break;
        case ContentType::png:
            result = vips_pngsave_buffer(image.get(), &data, &size, "compression", 4, "strip", TRUE, nullptr);
            break;
        case ContentType::webp:
            result =
                vips_webpsave_buffer(image.get(), &data, &size, "Q", 80, "effort", 0, "strip", TRUE, nullptr);
            break;
        case ContentType::pdf:
            break;
    }
    const std::unique_ptr<void, decltype(&g_free)> owned(data, &g_free);
    require_image(result == 0, "invalid", "The image could not be read to its end.");
    return {static_cast<const char*>(data), size};
}

}  // namespace

std::string normalized_image(std::string_view bytes, ContentType type, std::int64_t pixels_max) {
    start_vips();
    std::string essential;
    if (type == ContentType::png) {
        essential = essential_png(bytes);
        require_image(!essential.empty(), "invalid", "The file is not a readable image.");
        bytes = essential;
    }
    check_header(bytes, type, pixels_max);
    return encode(decode(bytes), type);
}

}  // namespace pamoja::files
