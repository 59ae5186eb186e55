#pragma once
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "connectors/web/web_client.hpp"
#include "json/value.hpp"
#include "sandbox/timetable.hpp"

namespace pamoja {
class Fields;
}

namespace pamoja::sandbox {

struct Parcel {
    std::string url;
    std::string body;   // JSON
    std::string phone;  // whom it is about, in E.164 form; may be empty
};

// What became of a callback.
struct Delivered {
    std::string url;
    std::string phone;
    json::Value body;
    int status = 0;  // 0 when nobody answered
    std::string at;  // by the machine's clock

    void describe(Fields&);
};

// Posts callbacks to whoever asked for them, several at a time, each once: a callback that is not taken is
// lost.
class Courier {
  public:
    using Then = std::function<void(const web::WebResponse&)>;

    Courier();
    void start() { timetable_.start(); }
    void stop() { timetable_.stop(); }

    // Posts it after the delay; `then` runs afterwards on the courier's thread.
    void send(Parcel, std::chrono::milliseconds delay = {}, Then then = {});
    // Drops what has not been sent, and forgets what was.
    void reset();
    // Newest first; of one phone unless it is empty.
    std::vector<Delivered> delivered(const std::string& phone) const;

  private:
    void deliver(const Parcel&, const Then&);

    SystemClock clock_;
    web::WebClient web_;
    mutable std::mutex mutex_;
    std::deque<Delivered> delivered_;
    Timetable timetable_;
};

}  // namespace pamoja::sandbox
