#include "bookings/calendar_file.hpp"

#include <gtest/gtest.h>

namespace pamoja::bookings {
namespace {

Booking some_booking() {
    Booking booking;
    booking.id = BookingId("0193-booking");
    booking.booking_reference = "BK-20251125-001";
    booking.service_name = "Wedding; the \"big\" one, all day";
    booking.status = BookingStatus::confirmed;
    booking.scheduled_at = *Timestamp::parse("2025-11-25T10:00:00Z");
    booking.ends_at = *Timestamp::parse("2025-11-25T11:30:00Z");
    booking.created_at = booking.updated_at = *Timestamp::parse("2025-11-20T10:00:00Z");
    booking.revision = 2;
    return booking;
}

providers::Provider some_provider() {
    providers::Provider provider;
    provider.id = ProviderId("raj");
    provider.first_name = "Raj \"R\"";
    provider.last_name = "Sharma";
    provider.email = "raj@example.com";
    return provider;
}

TEST(CalendarFile, HoldsWhatACalendarNeeds) {
    const auto file = calendar_file(some_booking(), some_provider());
    EXPECT_TRUE(file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
    EXPECT_TRUE(file.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
    for (const char* line :
         {"METHOD:PUBLISH\r\n", "UID:0193-booking@bookings.pamoja\r\n", "SEQUENCE:2\r\n",
          "DTSTAMP:20251120T100000Z\r\n", "DTSTART:20251125T100000Z\r\n", "DTEND:20251125T113000Z\r\n",
          "STATUS:CONFIRMED\r\n", "ORGANIZER;CN=\"Raj ^'R^' Sharma\":mailto:raj@example.com\r\n",
          "SUMMARY:Wedding\\; the \"big\" one\\, all day with Raj \"R\" Sharma\r\n"}) {
        EXPECT_NE(file.find(line), std::string::npos) << line << file;
    }
}

TEST(CalendarFile, TakesBackWhatWillNotTakePlace) {
    auto booking = some_booking();
    for (const auto status : {BookingStatus::cancelled, BookingStatus::declined, BookingStatus::expired}) {
        booking.status = status;
        const auto file = calendar_file(booking, some_provider());
        EXPECT_NE(file.find("METHOD:CANCEL\r\n"), std::string::npos);
        EXPECT_NE(file.find("STATUS:CANCELLED\r\n"), std::string::npos);
    }
    booking.status = BookingStatus::processing;
    EXPECT_NE(calendar_file(booking, some_provider()).find("STATUS:TENTATIVE\r\n"), std::string::npos);
}

TEST(CalendarFile, FoldsLinesWithoutSplittingCharacters) {
    std::string value;
    for (int i = 0; i < 60; ++i) value += "पू";
    const auto line = content_line("SUMMARY", value);
    std::string unfolded;
    std::size_t begin = 0;
    for (auto end = line.find("\r\n"); end != std::string::npos; end = line.find("\r\n", begin)) {
        const auto part = line.substr(begin, end - begin);
        EXPECT_LE(part.size(), 75U);
        // A part that began within a character would begin with a continuation byte.
        const auto first = static_cast<unsigned char>(part[begin == 0 ? 0 : 1]);
        EXPECT_NE(first & 0xC0U, 0x80U);
        unfolded += begin == 0 ? part : part.substr(1);
        begin = end + 2;
    }
    EXPECT_EQ(unfolded, "SUMMARY:" + value);
}

TEST(CalendarFile, NothingInATextBreaksOutOfItsLine) {
    EXPECT_EQ(escaped_text("a\r\nATTENDEE:mailto:x\nb\rc"), "a\\nATTENDEE:mailto:x\\nb\\nc");
    EXPECT_EQ(escaped_text("a\\b;c,d"), "a\\\\b\\;c\\,d");
    EXPECT_EQ(escaped_text(std::string("a\0b\x7f", 4)), "ab");
    auto provider = some_provider();
    provider.first_name = "Raj\r\nX-EVIL:1";
    provider.email = "raj@example.com\r\nX-EVIL:1";
    EXPECT_EQ(calendar_file(some_booking(), provider).find("\r\nX-EVIL"), std::string::npos);
}

}  // namespace
}  // namespace pamoja::bookings
