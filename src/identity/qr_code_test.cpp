#include "identity/qr_code.hpp"

#include <gtest/gtest.h>
#include <png.h>

#include <vector>

#include "base/failure.hpp"

namespace pamoja::identity {
namespace {

struct Picture {
    std::size_t side = 0;
    std::vector<unsigned char> pixels;
};

Picture read_png(const std::string& bytes) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    EXPECT_EQ(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()), 1) << image.message;
    image.format = PNG_FORMAT_GRAY;
    Picture picture{image.width, std::vector<unsigned char>(PNG_IMAGE_SIZE(image))};
    EXPECT_EQ(image.width, image.height);
    EXPECT_EQ(png_image_finish_read(&image, nullptr, picture.pixels.data(), 0, nullptr), 1) << image.message;
    return picture;
}

// The picture with a character a module.
std::vector<std::string> modules_of(const Picture& picture) {
    std::vector<std::string> rows;
    for (std::size_t y = 4; y < picture.side; y += 8) {
        std::string row;
        for (std::size_t x = 4; x < picture.side; x += 8)
            row += picture.pixels[y * picture.side + x] == 0 ? '#' : '.';
        rows.push_back(std::move(row));
    }
    return rows;
}

TEST(QrCode, HasFindersAndAQuietZone) {
    const auto rows =
        modules_of(read_png(qr_png("otpauth://totp/Acme:ann@example.com?secret=ABC&issuer=Acme")));
    ASSERT_EQ((rows.size() - 8 - 21) % 4, 0u);  // widths of QR codes are 21, 25, 29, …
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(rows[i].find('#'), std::string::npos);
        EXPECT_EQ(rows[rows.size() - 1 - i].find('#'), std::string::npos);
    }
    const std::vector<std::string> finder{"#######", "#.....#", "#.###.#", "#.###.#",
                                          "#.###.#", "#.....#", "#######"};
    const std::size_t far = rows.size() - 4 - 7;
    for (std::size_t i = 0; i < finder.size(); ++i) {
        EXPECT_EQ(rows[4 + i].substr(4, 7), finder[i]);
        EXPECT_EQ(rows[4 + i].substr(far, 7), finder[i]);
        EXPECT_EQ(rows[far + i].substr(4, 7), finder[i]);
    }
}

TEST(QrCode, IsTheSameInBothForms) {
    const std::string text = "otpauth://totp/Acme:ann@example.com?secret=ABC&issuer=Acme";
    const auto rows = modules_of(read_png(qr_png(text)));
    const std::string svg = qr_svg(text);
    for (std::size_t y = 0; y < rows.size(); ++y) {
        for (std::size_t x = 0; x < rows.size(); ++x) {
            const std::string square = "M" + std::to_string(x) + " " + std::to_string(y) + "h1v1h-1z";
            EXPECT_EQ(svg.find(square) != std::string::npos, rows[y][x] == '#') << square;
        }
    }
    EXPECT_NE(svg.find("viewBox=\"0 0 " + std::to_string(rows.size())), std::string::npos);
}

TEST(QrCode, RefusesWhatDoesNotFit) {
    EXPECT_FALSE(qr_png(std::string(2000, 'x')).empty());
    EXPECT_THROW(qr_svg(std::string(2001, 'x')), Failure);
}

}  // namespace
}  // namespace pamoja::identity
