#include "bookings/calendar_file.hpp"

namespace pamoja::bookings {
namespace {

constexpr std::size_t line_bytes_max = 75;

bool is_continuation_byte(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20U || c == 0x7F;
}

// "20251125T100000Z"
std::string instant_text(Timestamp at) {
    std::string text = at.text();
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

// A quoted parameter value, in which RFC 6868 writes quotes as ^' and carets as ^^.
std::string quoted_parameter(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '^') {
            result += "^^";
        } else if (c == '"') {
            result += "^'";
        } else if (!is_control(c)) {
            result += c;
        }
    }
    return result + "\"";
}

bool will_take_place(BookingStatus status) {
    return holds_time(status) && status != BookingStatus::no_show;
}

const char* calendar_status(BookingStatus status) {
    if (!will_take_place(status)) return "CANCELLED";
    return status == BookingStatus::processing ? "TENTATIVE" : "CONFIRMED";
}

// An address with characters that a URI may not hold is left out rather than made up.
std::string organizer_line(const providers::Provider& provider) {
    const bool is_plain =
        !provider.email.empty() && provider.email.find_first_of(" \t\r\n\"<>") == std::string::npos;
    const std::string address = is_plain ? "mailto:" + provider.email : "urn:uuid:" + provider.id.text();
    return content_line("ORGANIZER;CN=" + quoted_parameter(provider.name()), address);
}

}  // namespace

std::string content_line(std::string_view name, std::string_view value) {
    const std::string whole = std::string(name) + ":" + std::string(value);
    std::string result;
    std::size_t length = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::size_t next = i + 1;
        while (next < whole.size() && is_continuation_byte(whole[next])) ++next;
        // The space that begins a folded line counts.
        if (length + (next - i) > line_bytes_max) {
            result += "\r\n ";
            length = 1;
        }
        result.append(whole, i, next - i);
        length += next - i;
        i = next - 1;
    }
    return result + "\r\n";
}

std::string escaped_text(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        if (c == '\n' || c == '\r') {
            result += "\\n";
        } else if (c == '\\' || c == ';' || c == ',') {
            result += '\\';
            result += c;
        } else if (!is_control(c) || c == '\t') {
            result += c;
        }
    }
    return result;
}

std::string calendar_file(const Booking& booking, const providers::Provider& provider) {
    const bool is_on = will_take_place(booking.status);
    std::string description = "Booking " + booking.booking_reference + " with " + provider.name();
    if (!booking.reason.empty()) description += "\n" + booking.reason;
    return content_line("BEGIN", "VCALENDAR") + content_line("VERSION", "2.0") +
           content_line("PRODID", "-//Pamoja//Bookings//EN") + content_line("CALSCALE", "GREGORIAN") +
           content_line("METHOD", is_on ? "PUBLISH" : "CANCEL") + content_line("BEGIN", "VEVENT") +
           content_line("UID", booking.id.text() + "@bookings.pamoja") +
           content_line("SEQUENCE", std::to_string(booking.revision)) +
           content_line("DTSTAMP", instant_text(booking.updated_at)) +
           content_line("CREATED", instant_text(booking.created_at)) +
           content_line("LAST-MODIFIED", instant_text(booking.updated_at)) +
           content_line("DTSTART", instant_text(booking.scheduled_at)) +
           content_line("DTEND", instant_text(booking.ends_at)) +
           content_line("SUMMARY", escaped_text(booking.service_name + " with " + provider.name())) +
           content_line("DESCRIPTION", escaped_text(description)) + organizer_line(provider) +
           content_line("STATUS", calendar_status(booking.status)) +
           content_line("TRANSP", is_on ? "OPAQUE" : "TRANSPARENT") + content_line("END", "VEVENT") +
           content_line("END", "VCALENDAR");
}

}  // namespace pamoja::bookings
