#include "http/multipart.hpp"

#include <gtest/gtest.h>

#include "base/failure.hpp"

namespace pamoja::http {
namespace {

constexpr std::string_view form = "multipart/form-data; boundary=XX";

std::string listed(std::string_view content_type, std::string_view body) {
    std::string text;
    for (const Part& part : parse_multipart(content_type, body))
        text += "[" + part.name + "|" + part.filename.value_or("-") + "|" + part.content_type + "|" +
                std::string(part.data) + "]";
    return text;
}

std::string part_with(std::string_view header) {
    return "--XX\r\n" + std::string(header) + "\r\n\r\nd\r\n--XX--\r\n";
}

TEST(Multipart, ReadsFieldsAndFiles) {
    std::string body =
        "--XX\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nMy file\r\n"
        "--XX\r\ncontent-disposition: form-data; name=file; filename=\"a \\\"b\\\".png\"\r\n"
        "Content-Type: image/png\r\n\r\n\x89PNG\r\n--X\r\n\r\n"
        "--XX\r\nContent-Disposition: form-data; name=\"empty\"; filename=\"\"\r\n\r\n\r\n--XX--\r\n";
    std::string expected =
        "[title|-|text/plain|My file][file|a \"b\".png|image/png|\x89PNG\r\n--X\r\n][empty||text/plain|]";
    EXPECT_EQ(listed(form, body), expected);
    EXPECT_EQ(listed("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"XX\"", body), expected);
}

TEST(Multipart, KeepsABackslashThatEscapesNothing) {
    EXPECT_EQ(
        listed(form, part_with("Content-Disposition: form-data; name=\"f\"; filename=\"C:\\dir\\a.txt\"")),
        "[f|C:\\dir\\a.txt|text/plain|d]");
}

TEST(Multipart, RefusesABoundaryThatIsMissingOrInvalid) {
    std::string body = part_with("Content-Disposition: form-data; name=a");
    for (std::string type :
         {std::string("multipart/form-data"), std::string("multipart/form-data; boundary="),
          std::string("multipart/form-data; boundary=\"\""), std::string("multipart/mixed; boundary=XX"),
          std::string("multipart/form-data; boundary=XX; boundary=YY"),
          std::string("multipart/form-data; boundary=\"XX"), std::string("application/json"),
          "multipart/form-data; boundary=" + std::string(71, 'X'),
          std::string("multipart/form-data; boundary=\"X\x01X\""), std::string(),
          std::string("multipart/form-data; boundary=YY")})
        EXPECT_THROW(parse_multipart(type, body), Failure) << type;
}

TEST(Multipart, RefusesABodyThatIsNotWholeAndPlain) {
    std::string disposition = "Content-Disposition: form-data; name=a";
    const std::string bodies[] = {
        std::string(),
        std::string("--XX"),
        std::string("--XX\r\n"),
        "--XX\r\n" + disposition + "\r\n\r\nd",
        "--XX\r\n" + disposition + "\r\n\r\nd\r\n--XX",
        "--XX\r\n" + disposition + "\r\n\r\nd\r\n--XX-",
        "--XX\r\n" + disposition + "\r\n\r\nd\r\n--XXY--",
        "--XX\r\n" + disposition + "\r\n\r\nd\r\n--XX--trailing",
        "--XX\n" + disposition + "\n\nd\n--XX--\n",
        "preamble\r\n" + part_with(disposition),
        "--XX\r\n" + disposition + "\r\nd\r\n--XX--",
        "--XX\r\n\r\nd\r\n--XX--",
        part_with("Content-Type: text/plain"),
        part_with("Content-Disposition: form-data"),
        part_with("Content-Disposition: form-data; name=\"\""),
        part_with("Content-Disposition: attachment; name=a"),
        part_with("Content-Disposition: form-data; name=a; name=b"),
        part_with("Content-Disposition: form-data; name=\"a"),
        part_with("Content-Disposition: form-data; name=\"a\nb\""),
        part_with("Content-Disposition: form-data; name=\"\xff\""),
        part_with(std::string("Content-Disposition: form-data; name=a; filename=\"a\0b\"", 51)),
        part_with("Content-Disposition: form-data; name=a; filename*=utf-8''b"),
        part_with("Content-Disposition: form-data name=a"),
        part_with(disposition + "\r\n" + disposition),
        part_with(disposition + "\r\n folded"),
        part_with(disposition + "\r\nno colon"),
        part_with(disposition + "\r\nContent-Type: multipart/mixed; boundary=YY"),
        part_with(disposition + "\r\nContent-Transfer-Encoding: base64"),
    };
    for (const std::string& body : bodies) EXPECT_THROW(parse_multipart(form, body), Failure) << body;
}

TEST(Multipart, LimitsPartsAndTheirHeaders) {
    auto with_parts = [](int count) {
        std::string body;
        for (int i = 0; i < count; ++i) body += "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nd\r\n";
        return body + "--XX--\r\n";
    };
    EXPECT_EQ(parse_multipart(form, with_parts(32)).size(), 32U);
    EXPECT_THROW(parse_multipart(form, with_parts(33)), Failure);
    EXPECT_THROW(parse_multipart(form, with_parts(100'000)), Failure);
    std::string disposition = "Content-Disposition: form-data; name=a\r\nX: ";
    EXPECT_EQ(parse_multipart(form, part_with(disposition + std::string(8000, 'a'))).size(), 1U);
    EXPECT_THROW(parse_multipart(form, part_with(disposition + std::string(9000, 'a'))), Failure);
    EXPECT_THROW(parse_multipart(form, part_with(disposition + std::string(1 << 20, 'a'))), Failure);
}

TEST(Multipart, TakesTimeInProportionToTheBody) {
    // Nearly a delimiter, two million times: a search that starts over would not end.
    std::string data;
    for (int i = 0; i < 2'000'000; ++i) data += "\r\n--X";
    std::string body = "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n" + data + "\r\n--XX--\r\n";
    auto started = std::chrono::steady_clock::now();
    auto parts = parse_multipart(form, body);
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(2));
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_EQ(parts[0].data.size(), data.size());
}

TEST(Multipart, IsToldByItsType) {
    EXPECT_TRUE(is_multipart("multipart/form-data; boundary=a"));
    EXPECT_TRUE(is_multipart("Multipart/Form-Data ;boundary=a"));
    EXPECT_FALSE(is_multipart("multipart/form-data2"));
    EXPECT_FALSE(is_multipart("application/json"));
}

}  // namespace
}  // namespace pamoja::http
