#include "base/phone.hpp"

#include <gtest/gtest.h>

namespace pamoja {
namespace {

struct PhoneCase {
    std::string_view text;
    std::string_view country;
    std::string_view expected;  // empty: refused
};

TEST(NormalizePhone, TakesTheFormsThatPeopleWriteAndNoOthers) {
    const PhoneCase cases[] = {
        {"0700123456", "KE", "+254700123456"},
        {"0111234567", "KE", "+254111234567"},
        {"700123456", "KE", "+254700123456"},
        {"254700123456", "KE", "+254700123456"},
        {"+254700123456", "KE", "+254700123456"},
        {"00254700123456", "KE", "+254700123456"},
        {" +254 (700) 123-456 ", "KE", "+254700123456"},
        {"0700.123.456", "KE", "+254700123456"},
        {"08012345678", "NG", "+2348012345678"},
        {"8012345678", "NG", "+2348012345678"},
        {"2348012345678", "NG", "+2348012345678"},
        {"+2349112345678", "KE", "+2349112345678"},
        {"+254700123456", "NG", "+254700123456"},
        {"+919876543210", "KE", "+919876543210"},
        {"+12025550123", "KE", "+12025550123"},
        {"", "KE", ""},
        {"+", "KE", ""},
        {"0", "KE", ""},
        {"070012345", "KE", ""},
        {"07001234567", "KE", ""},
        {"0200123456", "KE", ""},
        {"+254200123456", "KE", ""},
        {"+2540700123456", "KE", ""},
        {"++254700123456", "KE", ""},
        {"254+700123456", "KE", ""},
        {"25470****149", "KE", ""},
        {"0700 12a 456", "KE", ""},
        {"0700123456\n", "KE", ""},
        {"٠٧٠٠١٢٣٤٥٦", "KE", ""},
        {"+0700123456", "KE", ""},
        {"+1234567", "KE", ""},
        {"+1234567890123456", "KE", ""},
        {"0700123456", "FR", ""},
        {"08012345678", "KE", ""},
        {"0700123456", "NG", ""},
        {"0000000000000000000000000000000000000000", "KE", ""},
    };
    for (const auto& each : cases) {
        EXPECT_EQ(normalize_phone(each.text, each.country).value_or(""), each.expected) << each.text;
    }
}

TEST(NormalizePhone, LeavesACanonicalNumberAsItIs) {
    for (std::string_view phone : {"+254700123456", "+2348012345678", "+4915112345678"}) {
        EXPECT_EQ(normalize_phone(phone), phone);
    }
}

TEST(MaskPhone, ShowsNoMoreThanTheFirstFiveAndTheLastThreeCharacters) {
    EXPECT_EQ(mask_phone("+254700123456"), "+2547•••••456");
    EXPECT_EQ(mask_phone("+2547"), "•••");
}

}  // namespace
}  // namespace pamoja
