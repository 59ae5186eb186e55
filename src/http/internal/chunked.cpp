#include "http/internal/chunked.hpp"

#include <algorithm>
#include <charconv>

#include "http/internal/framing.hpp"
#include "http/internal/text.hpp"

namespace pamoja::http::internal {

namespace {

constexpr std::size_t line_bytes_max = 256;
constexpr std::size_t trailer_bytes_max = 4 * 1024;

}  // namespace

std::size_t ChunkedDecoder::feed(std::string_view received, std::string& body, std::size_t bytes_max) {
    std::size_t used = 0;
    while (used < received.size() && state_ == State::open) {
        if (expects_ == Expects::data) {
            auto taken = std::min<std::uint64_t>(remaining_, received.size() - used);
            body.append(received, used, taken);
            used += taken;
            remaining_ -= taken;
            if (remaining_ == 0) expects_ = Expects::data_end;
        } else {
            gather(received[used++]);
            if (has_line_) take_line(body.size(), bytes_max);
        }
    }
    return used;
}

void ChunkedDecoder::gather(char c) {
    if (is_after_return_) {
        is_after_return_ = false;
        has_line_ = c == '\n';
        if (!has_line_) state_ = State::refused;
    } else if (c == '\r') {
        is_after_return_ = true;
    } else if (is_control(c) || line_.size() == line_bytes_max || expects_ == Expects::data_end) {
        state_ = State::refused;
    } else {
        line_ += c;
    }
}

void ChunkedDecoder::take_line(std::size_t body_bytes, std::size_t bytes_max) {
    switch (expects_) {
        case Expects::size:
            take_size(line_, body_bytes, bytes_max);
            break;
        case Expects::data_end:
            expects_ = Expects::size;
            break;
        case Expects::trailer:
            take_trailer(line_);
            break;
        case Expects::data:
            break;
    }
    line_.clear();
    has_line_ = false;
}

void ChunkedDecoder::take_size(std::string_view line, std::size_t body_bytes, std::size_t bytes_max) {
    std::string_view digits = line.substr(0, line.find(';'));
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), remaining_, 16);
    bool is_size = error == std::errc() && end == digits.data() + digits.size() && digits.size() <= 15;
    if (!is_size || digits.empty()) {
        state_ = State::refused;
    } else if (remaining_ > bytes_max - std::min(bytes_max, body_bytes)) {
        state_ = State::too_large;
    } else {
        expects_ = remaining_ == 0 ? Expects::trailer : Expects::data;
    }
}

void ChunkedDecoder::take_trailer(std::string_view line) {
    trailer_bytes_ += line.size();
    if (line.empty()) {
        state_ = State::complete;
    } else if (trailer_bytes_ > trailer_bytes_max || !is_trailer_line(line)) {
        state_ = State::refused;
    }
}

}  // namespace pamoja::http::internal
