#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/message.hpp"

namespace pamoja::http::internal {

inline constexpr std::size_t target_bytes_max = 8 * 1024;
inline constexpr std::size_t fields_max = 100;

// Why the server itself refuses a request. The message is a sentence for the caller's user.
struct Violation {
    int status;
    std::string_view message;
};

enum class BodyKind { none, sized, chunked };

// How the request is delimited on the connection, and what becomes of the connection after it.
struct Framing {
    BodyKind body = BodyKind::none;
    std::uint64_t length = 0;  // of a sized body
    bool is_persistent = true;
    bool is_http_1_0 = false;
    bool is_head = false;  // the request's method then reads GET
    bool wants_continue = false;
};

struct Head {
    Request request;
    Framing framing;
};

// Where a head ends in the bytes received so far.
struct HeadEnd {
    std::size_t bytes = 0;    // with the empty line; 0 while it has not arrived
    bool is_refused = false;  // a bare CR or LF, NUL or another control character
};

// Finds the end of a head in bytes that arrive in pieces, looking at each byte once.
class HeadScanner {
  public:
    // `received` holds everything since the head began; it may only grow between two calls.
    HeadEnd find_end(std::string_view received);
    void reset() { *this = HeadScanner(); }

  private:
    std::size_t position_ = 0;
    bool is_after_return_ = false;
    bool is_line_empty_ = true;
};

// Reads a head that HeadScanner has found. What two parsers could understand differently is refused, since
// that is how a request is smuggled past a proxy: one plain framing, one Host, no folded lines. On a
// violation `head` holds what could be read before it. Also takes an incomplete head, which is always a
// violation.
std::optional<Violation> read_head(std::string_view text, Head& head);

// A trailer's field line: a name, a colon and a value; none that would change framing or routing.
bool is_trailer_line(std::string_view line);

}  // namespace pamoja::http::internal
