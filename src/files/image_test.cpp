#include "files/internal/image.hpp"

#include <gtest/gtest.h>
#include <vips/vips.h>

#include "base/failure.hpp"
#include "files/internal/png_chunks.hpp"
#include "files/internal/sniff.hpp"

namespace pamoja::files {
namespace {

constexpr std::int64_t pixels_max = 40'000'000;
constexpr const char* canary = "canary-gps-1.29S";

void append_big_endian(std::string& text, std::uint32_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
}

constexpr std::size_t png_header_size = 33;  // the signature and the chunk IHDR

// A text with a wrong checksum, which nobody may get to see.
std::string text_chunk() {
    std::string chunk;
    append_big_endian(chunk, static_cast<std::uint32_t>(std::string_view(canary).size()), 4);
    return chunk + "tEXt" + canary + "....";
}

struct Picture {
    int width = 40;
    int height = 20;
    int orientation = 1;
    bool is_progressive = false;
};

// A picture with a canary in its metadata.
std::string make(ContentType type, const Picture& picture = {}) {
    EXPECT_EQ(VIPS_INIT("test"), 0);
    VipsImage* made = nullptr;
    EXPECT_EQ(vips_gaussnoise(&made, picture.width, picture.height, "mean", 128.0, "sigma", 30.0, nullptr),
              0);
    VipsImage* image = nullptr;
    EXPECT_EQ(vips_cast_uchar(made, &image, nullptr), 0);
    g_object_unref(made);
    vips_image_set_string(image, "exif-ifd0-ImageDescription", canary);
    vips_image_set_string(image, "exif-ifd0-Orientation", std::to_string(picture.orientation).c_str());
    vips_image_set_int(image, "orientation", picture.orientation);
    void* data = nullptr;
    std::size_t size = 0;
    if (type == ContentType::jpeg) {
        EXPECT_EQ(
            vips_jpegsave_buffer(image, &data, &size, "interlace", picture.is_progressive ? 1 : 0, nullptr),
            0);
    } else if (type == ContentType::png) {
        EXPECT_EQ(
            vips_pngsave_buffer(image, &data, &size, "interlace", picture.is_progressive ? 1 : 0, nullptr),
            0);
    } else {
        EXPECT_EQ(vips_webpsave_buffer(image, &data, &size, "effort", 0, nullptr), 0);
    }
    std::string result(static_cast<const char*>(data), size);
    g_free(data);
    g_object_unref(image);
    if (type == ContentType::png) result.insert(png_header_size, text_chunk());
    return result;
}

std::pair<int, int> size_of(const std::string& bytes) {
    VipsImage* image = vips_image_new_from_buffer(bytes.data(), bytes.size(), "", nullptr);
    if (image == nullptr) return {0, 0};
    const std::pair<int, int> size{vips_image_get_width(image), vips_image_get_height(image)};
    g_object_unref(image);
    return size;
}

// The code of the refusal; "accepted" when there was none.
std::string refusal(const std::string& bytes, ContentType type) {
    try {
        (void)normalized_image(bytes, type, pixels_max);
        return "accepted";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.reason(), validation_failed);
        return failure.errors().at(0).code;
    }
}

TEST(Sniff, KnowsFourTypesByTheirBytes) {
    EXPECT_EQ(sniff(make(ContentType::jpeg)), ContentType::jpeg);
    EXPECT_EQ(sniff(make(ContentType::png)), ContentType::png);
    EXPECT_EQ(sniff(make(ContentType::webp)), ContentType::webp);
    EXPECT_EQ(sniff("%PDF-1.7\n%%EOF"), ContentType::pdf);
    const std::string refused[] = {"",
                                   "\xff\xd8",
                                   "<html>",
                                   "<svg xmlns='http://www.w3.org/2000/svg'/>",
                                   "GIF89a",
                                   "PK\x03\x04",
                                   "RIFF\x10\x00\x00\x00WAVE",
                                   "\x89PNG\r\n",
                                   " %PDF-1.7",
                                   "%!PS"};
    for (const auto& each : refused) EXPECT_EQ(sniff(each), std::nullopt) << each;
}

TEST(NormalizedImage, HasNoMetadataLeft) {
    for (const auto type : {ContentType::jpeg, ContentType::png, ContentType::webp}) {
        const std::string original = make(type) + "<script>alert(1)</script>";
        ASSERT_NE(original.find(canary), std::string::npos) << media_type(type);
        const std::string written = normalized_image(original, type, pixels_max);
        EXPECT_EQ(written.find(canary), std::string::npos) << media_type(type);
        EXPECT_EQ(written.find("<script>"), std::string::npos) << media_type(type);
        EXPECT_EQ(sniff(written), type);
        EXPECT_EQ(size_of(written), std::pair(40, 20));
    }
}

TEST(NormalizedImage, StandsUpright) {
    const auto written =
        normalized_image(make(ContentType::jpeg, {.orientation = 6}), ContentType::jpeg, pixels_max);
    EXPECT_EQ(size_of(written), std::pair(20, 40));
}

TEST(NormalizedImage, ShrinksWhatIsVeryLarge) {
    const auto original = make(ContentType::jpeg, {.width = 7'680, .height = 100});
    EXPECT_EQ(size_of(normalized_image(original, ContentType::jpeg, pixels_max)), std::pair(3'840, 50));
}

TEST(NormalizedImage, RefusesAFloodOfPixelsByItsHeader) {
    std::string jpeg = make(ContentType::jpeg);
    const auto frame = jpeg.find("\xff\xc0");
    ASSERT_NE(frame, std::string::npos);
    jpeg.replace(frame + 5, 4, "\xfd\xe8\xfd\xe8");
    EXPECT_EQ(refusal(jpeg, ContentType::jpeg), "too_large");

    std::string webp = make(ContentType::webp);
    const auto start = webp.find("\x9d\x01\x2a");
    ASSERT_NE(start, std::string::npos);
    webp.replace(start + 3, 4, "\xff\x3f\xff\x3f");
    EXPECT_NE(refusal(webp, ContentType::webp), "accepted");

    // The checksum of the changed header is wrong too; either is reason enough.
    std::string png = make(ContentType::png);
    png.replace(16, 8, std::string("\x00\x01\x86\xa0\x00\x01\x86\xa0", 8));
    EXPECT_NE(refusal(png, ContentType::png), "accepted");
}

TEST(NormalizedImage, HasALowerLimitWhereADecoderHoldsItWhole) {
    const auto refusal_of = [](ContentType type, const Picture& picture) {
        return refusal(make(type, picture), type);
    };
    constexpr Picture jpeg{.width = 4'100, .height = 3'000, .is_progressive = true};
    EXPECT_EQ(refusal_of(ContentType::jpeg, jpeg), "too_large");
    EXPECT_EQ(refusal_of(ContentType::png, {.width = 2'900, .height = 2'800, .is_progressive = true}),
              "too_large");
    EXPECT_EQ(refusal_of(ContentType::webp, {.width = 2'100, .height = 2'000}), "too_large");
    EXPECT_EQ(refusal_of(ContentType::jpeg, {.is_progressive = true}), "accepted");
    EXPECT_EQ(refusal_of(ContentType::png, {.is_progressive = true}), "accepted");
}

TEST(NormalizedImage, RefusesEndlessScans) {
    std::string jpeg = make(ContentType::jpeg);
    for (int i = 0; i < 100; ++i) jpeg.insert(jpeg.size() - 2, std::string("\xff\xda\x00\x02", 4));
    EXPECT_EQ(refusal(jpeg, ContentType::jpeg), "invalid");
}

TEST(NormalizedImage, RefusesWhatIsCutOff) {
    for (const auto type : {ContentType::jpeg, ContentType::png, ContentType::webp}) {
        const auto whole = make(type, {.width = 400, .height = 300});
        EXPECT_EQ(refusal(whole.substr(0, whole.size() / 2), type), "invalid") << media_type(type);
        EXPECT_EQ(refusal(whole.substr(0, 20), type), "invalid") << media_type(type);
    }
}

TEST(EssentialPng, DropsWhatIsNotThePicture) {
    const std::string original = make(ContentType::png);
    ASSERT_NE(original.find(canary), std::string::npos);
    const std::string essential = essential_png(original + "behind its end");
    EXPECT_EQ(essential.find(canary), std::string::npos);
    EXPECT_TRUE(essential.starts_with(original.substr(0, png_header_size)));
    EXPECT_EQ(essential.find("tEXt"), std::string::npos);
    EXPECT_EQ(essential.find("behind"), std::string::npos);
    EXPECT_EQ(essential_png(essential), essential);
    EXPECT_FALSE(is_interlaced_png(essential));
    EXPECT_TRUE(is_interlaced_png(essential_png(make(ContentType::png, {.is_progressive = true}))));

    std::string lying = original.substr(0, png_header_size);
    append_big_endian(lying, 0xffff'ffff, 4);
    EXPECT_EQ(essential_png(lying + "IDAT" + original.substr(png_header_size)), "");
    EXPECT_EQ(essential_png(original.substr(0, 8)), "");
}

}  // namespace
}  // namespace pamoja::files
