#include "sandbox/courier.hpp"

#include "base/failure.hpp"
#include "describe/fields.hpp"

namespace pamoja::sandbox {
namespace {

constexpr int threads_count = 8;
constexpr std::size_t delivered_max = 10'000;
// Safaricom gives the other side about eight seconds.
constexpr std::chrono::milliseconds patience{8'000};

json::Value parse_or_text(const std::string& body) {
    try {
        return json::parse(body);
    } catch (const Failure&) {
        return json::Value(body);
    }
}

}  // namespace

void Delivered::describe(Fields& f) {
    f("url", url);
    f("phone", phone);
    f("body", body);
    f("status", status);
    f("at", at);
}

Courier::Courier() : web_("Safaricom-Sandbox/1.0"), timetable_(threads_count) {}

void Courier::send(Parcel parcel, std::chrono::milliseconds delay, Then then) {
    timetable_.after(delay,
                     [this, parcel = std::move(parcel), then = std::move(then)] { deliver(parcel, then); });
}

void Courier::deliver(const Parcel& parcel, const Then& then) {
    const auto response = web_.call({.method = web::Method::post,
                                     .url = parcel.url,
                                     .headers = {{"Content-Type", "application/json"}},
                                     .body = parcel.body,
                                     .reach = web::Reach::anywhere,
                                     .total_timeout = patience});
    {
        const std::lock_guard lock(mutex_);
        delivered_.push_back({.url = parcel.url,
                              .phone = parcel.phone,
                              .body = parse_or_text(parcel.body),
                              .status = response.status,
                              .at = clock_.now().precise_text()});
        if (delivered_.size() > delivered_max) delivered_.pop_front();
    }
    if (then) then(response);
}

void Courier::reset() {
    timetable_.clear();
    const std::lock_guard lock(mutex_);
    delivered_.clear();
}

std::vector<Delivered> Courier::delivered(const std::string& phone) const {
    const std::lock_guard lock(mutex_);
    std::vector<Delivered> result;
    for (auto each = delivered_.rbegin(); each != delivered_.rend(); ++each) {
        if (phone.empty() || each->phone == phone) result.push_back(*each);
    }
    return result;
}

}  // namespace pamoja::sandbox
