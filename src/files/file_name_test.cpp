#include "files/file_name.hpp"

#include <gtest/gtest.h>

namespace pamoja::files {
namespace {

TEST(DisplayName, KeepsAGoodNameAndDisarmsTheOthers) {
    struct Case {
        std::string declared;
        ContentType type;
        std::string shown;
    };
    const Case table[] = {
        {"bank_statement.pdf", ContentType::pdf, "bank_statement.pdf"},
        {"Photo 1.JPEG", ContentType::jpeg, "Photo 1.JPEG"},
        {"Kontoauszug März.pdf", ContentType::pdf, "Kontoauszug März.pdf"},
        {"../../etc/passwd", ContentType::pdf, "passwd.pdf"},
        {"C:\\Users\\ann\\id.png", ContentType::png, "id.png"},
        {"page.html", ContentType::jpeg, "page.html.jpg"},
        {"a\r\nSet-Cookie: x.png", ContentType::png, "aSet-Cookie_ x.png"},
        {std::string("a\0b.webp", 8), ContentType::webp, "ab.webp"},
        {"evil\xe2\x80\xaegpj.png", ContentType::png, "evilgpj.png"},
        {"line\xe2\x80\xa8"
         "end.pdf",
         ContentType::pdf, "lineend.pdf"},
        {"\x1b[31mred.pdf", ContentType::pdf, "[31mred.pdf"},
        {"broken\xff\xfe.pdf", ContentType::pdf, "broken.pdf"},
        {"..%2f..%2fx.pdf", ContentType::pdf, "_2f.._2fx.pdf"},
        {"CON.pdf", ContentType::pdf, "_CON.pdf"},
        {"lpt1", ContentType::pdf, "_lpt1.pdf"},
        {"....", ContentType::pdf, "file.pdf"},
        {"", ContentType::jpeg, "file.jpg"},
        {"folder/", ContentType::jpeg, "file.jpg"},
    };
    for (const Case& each : table)
        EXPECT_EQ(display_name(each.declared, each.type), each.shown) << each.declared;
    EXPECT_EQ(display_name(std::string(8'000, 'a'), ContentType::pdf), std::string(116, 'a') + ".pdf");
}

TEST(ContentDisposition, HoldsBothFormsAndNoWayOut) {
    EXPECT_EQ(content_disposition("id card.png"),
              "attachment; filename=\"id card.png\"; filename*=UTF-8''id%20card.png");
    EXPECT_EQ(content_disposition("März.pdf"),
              "attachment; filename=\"M_rz.pdf\"; filename*=UTF-8''M%C3%A4rz.pdf");
    EXPECT_EQ(content_disposition("a\"; x=\"\r\n.pdf"),
              "attachment; filename=\"a_; x=___.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%22%0D%0A.pdf");
}

}  // namespace
}  // namespace pamoja::files
