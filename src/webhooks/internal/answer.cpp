#include "webhooks/internal/answer.hpp"

#include <algorithm>

#include "connectors/web/retry_after.hpp"

namespace pamoja::webhooks {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// After the first attempt, and each after the one before.
constexpr std::array<seconds, 9> delays{seconds(5), minutes(5), minutes(30), hours(2), hours(5),
                                        hours(10),  hours(14),  hours(20),   hours(24)};
constexpr seconds pause_min{5};
constexpr seconds pause_max{300};
constexpr seconds retry_after_max = hours(24);
constexpr std::size_t excerpt_length_max = 1'000;

std::string class_of(const web::WebResponse& response) {
    switch (response.outcome.transport) {
        case web::Transport::answered:
            if (response.succeeded()) return "";
            return response.status >= 300 && response.status < 400 ? "redirect" : "http_status";
        case web::Transport::malformed:
            return "url_refused";
        case web::Transport::unresolved:
            return "unresolved";
        case web::Transport::forbidden_address:
            return "forbidden_address";
        case web::Transport::refused:
            return "refused";
        case web::Transport::timed_out:
            return "timed_out";
        case web::Transport::too_large:
            return "too_large";
        case web::Transport::tls:
            return "tls";
        case web::Transport::broken:
            return "broken";
    }
    return "broken";
}

std::string printable(std::string_view text) {
    std::string result(text.substr(0, excerpt_length_max));
    std::ranges::replace_if(
        result, [](char c) { return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; }, '?');
    return result;
}

}  // namespace

bool Answer::is_overloaded() const {
    const bool says_so = status == 429 || status == 502 || status == 503 || status == 504;
    return says_so || error_class == "timed_out" || error_class == "refused" || error_class == "unresolved";
}

Answer answer_of(const web::WebResponse& response, Timestamp now) {
    Answer answer{.status = response.status,
                  .error_class = class_of(response),
                  .excerpt = printable(response.body),
                  .retry_after = web::retry_after(response, now.seconds())};
    if (answer.retry_after) answer.retry_after = std::min(*answer.retry_after, retry_after_max);
    return answer;
}

std::optional<microseconds> delay_after(std::int64_t attempts, Random& random) {
    if (attempts < 1 || static_cast<std::size_t>(attempts) > delays.size()) return std::nullopt;
    const microseconds delay = delays[static_cast<std::size_t>(attempts) - 1];
    const auto jitter = random.below(static_cast<std::uint64_t>(delay.count() / 10));
    return delay + microseconds(static_cast<std::int64_t>(jitter));
}

microseconds pause_after(std::int64_t failures_in_a_row) {
    const auto doublings = std::clamp<std::int64_t>(failures_in_a_row - 1, 0, 6);
    return std::min<microseconds>(pause_max, pause_min * (std::int64_t{1} << doublings));
}

}  // namespace pamoja::webhooks
