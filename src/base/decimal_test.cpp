#include <gtest/gtest.h>

#include "base/failure.hpp"
#include "base/money.hpp"

namespace pamoja {
namespace {

TEST(Divide, RoundsAsItIsTold) {
    struct Case {
        int numerator;
        int denominator;
        int down, up, half_up, half_even;
    };
    const Case cases[] = {{7, 2, 3, 4, 4, 4}, {5, 2, 2, 3, 3, 2},  {-5, 2, -2, -3, -3, -2},
                          {6, 2, 3, 3, 3, 3}, {10, 3, 3, 4, 3, 3}, {-10, 3, -3, -4, -3, -3},
                          {0, 9, 0, 0, 0, 0}, {1, 3, 0, 1, 0, 0},  {-7, 2, -3, -4, -4, -4}};
    for (const Case& c : cases) {
        EXPECT_EQ(static_cast<int>(divide(c.numerator, c.denominator, Rounding::down)), c.down)
            << c.numerator;
        EXPECT_EQ(static_cast<int>(divide(c.numerator, c.denominator, Rounding::up)), c.up) << c.numerator;
        EXPECT_EQ(static_cast<int>(divide(c.numerator, c.denominator, Rounding::half_up)), c.half_up)
            << c.numerator;
        EXPECT_EQ(static_cast<int>(divide(c.numerator, c.denominator, Rounding::half_even)), c.half_even)
            << c.numerator;
    }
}

TEST(ParseScaled, ReadsDecimalsExactly) {
    struct Case {
        const char* text;
        std::optional<std::int64_t> cents;
    };
    const Case cases[] = {{"1250.5", 125050},
                          {"-0.01", -1},
                          {"1e3", 100000},
                          {"1.25E1", 1250},
                          {"10375.0", 1037500},
                          {"0.10000", 10},
                          {"0.001", std::nullopt},
                          {"1.", std::nullopt},
                          {".5", std::nullopt},
                          {"", std::nullopt},
                          {"12a", std::nullopt},
                          {"1e", std::nullopt},
                          {"1e999", std::nullopt},
                          {"0e300", 0},
                          {"92233720368547758.07", INT64_MAX},
                          {"92233720368547758.08", std::nullopt},
                          {"-92233720368547758.08", INT64_MIN},
                          {"00012.50", 1250},
                          {"+3", 300}};
    for (const Case& c : cases) EXPECT_EQ(parse_scaled(c.text, 2), c.cents) << c.text;
}

TEST(FormatScaled, KeepsWhatItMustAndDropsTheRest) {
    EXPECT_EQ(format_scaled(125050, 2, 2), "1250.50");
    EXPECT_EQ(format_scaled(125050, 2, 0), "1250.5");
    EXPECT_EQ(format_scaled(125000, 2, 0), "1250");
    EXPECT_EQ(format_scaled(-5, 2, 2), "-0.05");
    EXPECT_EQ(format_scaled(INT64_MIN, 2, 2), "-92233720368547758.08");
    EXPECT_EQ(format_scaled(7, 0, 0), "7");
    EXPECT_EQ(Rate::percent(15).text(), "15.0");
}

TEST(Money, NeverMixesCurrenciesOrOverflows) {
    const Money shillings(100, Currency("KES"));
    EXPECT_THROW(shillings + Money(1, Currency("NGN")), std::logic_error);
    EXPECT_THROW(Money(INT64_MAX, Currency("KES")) + shillings, Failure);
    EXPECT_THROW(shillings * INT64_MAX, Failure);
    EXPECT_THROW(Currency("XXX"), Failure);
    EXPECT_EQ(Money(1'000'000, Currency("KES")).share(Rate::percent(5), Rounding::half_even).minor(), 50'000);
    EXPECT_EQ(Money(149, Currency("KES")).to_multiple(100, Rounding::half_up).minor(), 100);
    EXPECT_EQ(Money::parse_major("5", Currency("UGX"))->minor(), 5);
}

}  // namespace
}  // namespace pamoja
