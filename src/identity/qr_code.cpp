#include "identity/qr_code.hpp"

#include <fmt/format.h>
#include <png.h>
#include <qrencode.h>

#include <memory>
#include <new>
#include <stdexcept>
#include <vector>

#include "base/failure.hpp"

namespace pamoja::identity {
namespace {

constexpr std::size_t text_bytes_max = 2000;
constexpr std::size_t quiet_modules = 4;
constexpr std::size_t pixels_per_module = 8;

class Modules {
  public:
    explicit Modules(std::string_view text) {
        require_field(text.size() <= text_bytes_max, "text", "too_long", "The text does not fit a QR code.");
        code_.reset(QRcode_encodeData(static_cast<int>(text.size()),
                                      reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
        if (!code_) throw std::runtime_error("a QR code could not be made");
    }

    std::size_t width() const { return static_cast<std::size_t>(code_->width); }
    bool is_dark(std::size_t x, std::size_t y) const { return (code_->data[y * width() + x] & 1) != 0; }

  private:
    struct Free {
        void operator()(QRcode* code) const { QRcode_free(code); }
    };
    std::unique_ptr<QRcode, Free> code_;
};

std::vector<unsigned char> pixels_of(const Modules& modules, std::size_t side) {
    std::vector<unsigned char> pixels(side * side, 0xff);
    for (std::size_t y = 0; y < side; ++y) {
        for (std::size_t x = 0; x < side; ++x) {
            const std::size_t column = x / pixels_per_module;
            const std::size_t row = y / pixels_per_module;
            const bool is_inside = column >= quiet_modules && row >= quiet_modules &&
                                   column < quiet_modules + modules.width() &&
                                   row < quiet_modules + modules.width();
            if (is_inside && modules.is_dark(column - quiet_modules, row - quiet_modules))
                pixels[y * side + x] = 0;
        }
    }
    return pixels;
}

}  // namespace

std::string qr_svg(std::string_view text) {
    const Modules modules(text);
    const std::size_t side = modules.width() + 2 * quiet_modules;
    // One path of unit squares: no gaps between them at any size.
    std::string path;
    for (std::size_t y = 0; y < modules.width(); ++y) {
        for (std::size_t x = 0; x < modules.width(); ++x) {
            if (modules.is_dark(x, y))
                path += fmt::format("M{} {}h1v1h-1z", x + quiet_modules, y + quiet_modules);
        }
    }
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" shape-rendering=\"crispEdges\">"
        "<rect width=\"{0}\" height=\"{0}\" fill=\"#fff\"/><path d=\"{1}\" fill=\"#000\"/></svg>",
        side, path);
}

std::string qr_png(std::string_view text) {
    const Modules modules(text);
    const std::size_t side = (modules.width() + 2 * quiet_modules) * pixels_per_module;
    const auto pixels = pixels_of(modules, side);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(side);
    image.height = static_cast<png_uint_32>(side);
    image.format = PNG_FORMAT_GRAY;
    png_alloc_size_t bytes_count = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::string bytes(bytes_count, '\0');
    if (png_image_write_to_memory(&image, bytes.data(), &bytes_count, 0, pixels.data(), 0, nullptr) == 0) {
        throw std::runtime_error(std::string("a QR code could not be written: ") + image.message);
    }
    bytes.resize(bytes_count);
    return bytes;
}

}  // namespace pamoja::identity
