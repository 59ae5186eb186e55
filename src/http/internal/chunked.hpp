#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace pamoja::http::internal {

// Takes a chunked body apart as it arrives. Sizes are plain hexadecimal, lines end with CRLF; extensions and
// trailer fields are checked and dropped.
class ChunkedDecoder {
  public:
    enum class State { open, complete, refused, too_large };

    // Appends to `body` what `received` holds of it, at most until it has `bytes_max` bytes, and returns how
    // many bytes of `received` were used. What follows a complete body is left alone.
    std::size_t feed(std::string_view received, std::string& body, std::size_t bytes_max);
    State state() const { return state_; }

  private:
    enum class Expects { size, data, data_end, trailer };

    // Each takes one line without its CRLF.
    void take_size(std::string_view line, std::size_t body_bytes, std::size_t bytes_max);
    void take_trailer(std::string_view line);
    void take_line(std::size_t body_bytes, std::size_t bytes_max);
    void gather(char);

    State state_ = State::open;
    Expects expects_ = Expects::size;
    std::uint64_t remaining_ = 0;
    std::string line_;
    std::size_t trailer_bytes_ = 0;
    bool is_after_return_ = false;
    bool has_line_ = false;
};

}  // namespace pamoja::http::internal
