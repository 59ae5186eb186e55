#include "http/internal/chunked.hpp"

#include <gtest/gtest.h>

namespace pamoja::http::internal {
namespace {

// What a chunked body decodes to, fed in pieces of `step` bytes: "=body" and what is left, or why it is
// refused.
std::string decoded(std::string_view text, std::size_t step, std::size_t bytes_max = 100) {
    ChunkedDecoder decoder;
    std::string body;
    std::string pending;
    while (!text.empty() && decoder.state() == ChunkedDecoder::State::open) {
        pending += text.substr(0, step);
        text.remove_prefix(std::min(step, text.size()));
        pending.erase(0, decoder.feed(pending, body, bytes_max));
    }
    switch (decoder.state()) {
        case ChunkedDecoder::State::open:
            return "open";
        case ChunkedDecoder::State::refused:
            return "refused";
        case ChunkedDecoder::State::too_large:
            return "too large";
        case ChunkedDecoder::State::complete:
            return "=" + body + "|" + pending + std::string(text);
    }
    return {};
}

TEST(ChunkedDecoder, TakesPlainChunksOnly) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"0\r\n\r\n", "=|"},
        {"5\r\nhello\r\n0\r\n\r\nGET", "=hello|GET"},
        {"00005\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n", "=hello0123456789|"},
        {"5;name=\"a b\"\r\nhello\r\n0\r\n\r\n", "=hello|"},
        {"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n", "=hello|"},
        {"5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n", "refused"},
        {"5\r\nhello\r\n0\r\ntransfer-encoding: chunked\r\n\r\n", "refused"},
        {"5\r\nhello\r\n0\r\n folded\r\n\r\n", "refused"},
        {"5\r\nhello\r\n0\r\nno colon\r\n\r\n", "refused"},
        {"5\nhello\r\n0\r\n\r\n", "refused"},
        {"5\r\nhello\n0\r\n\r\n", "refused"},
        {"5\r\nhelloX\r\n0\r\n\r\n", "refused"},
        {"5\r\nhello0\r\n\r\n", "refused"},
        {"\r\nhello", "refused"},
        {" 5\r\nhello\r\n", "refused"},
        {"5 \r\nhello\r\n", "refused"},
        {"+5\r\nhello\r\n", "refused"},
        {"-5\r\nhello\r\n", "refused"},
        {"0x5\r\nhello\r\n", "refused"},
        {"5g\r\nhello\r\n", "refused"},
        {"5;a\nb\r\nhello\r\n", "refused"},
        {"5\r\rhello\r\n", "refused"},
        {"10000000000000005\r\nhello\r\n", "refused"},
        {"ffffffffffffffff\r\nhello\r\n", "refused"},
        {"fffffffffffffff\r\nhello\r\n", "too large"},
        {"65\r\n", "too large"},
        {"5\r\nhello\r\n60\r\n", "too large"},
        {"5\r\nhel", "open"},
        {"0\r\n", "open"},
    };
    for (const auto& [text, expected] : rows)
        for (std::size_t step : {std::size_t{1}, std::size_t{3}, text.size()})
            EXPECT_EQ(decoded(text, step), expected) << text << " by " << step;
}

TEST(ChunkedDecoder, BoundsExtensionsAndTrailers) {
    EXPECT_EQ(decoded("5;" + std::string(300, 'a') + "\r\nhello\r\n0\r\n\r\n", 7), "refused");
    std::string trailers;
    for (int i = 0; i < 100; ++i) trailers += "X-Sum: " + std::string(90, 'a') + "\r\n";
    EXPECT_EQ(decoded("0\r\n" + trailers + "\r\n", 7), "refused");
}

}  // namespace
}  // namespace pamoja::http::internal
