#pragma once
#include <array>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "sandbox/routes.hpp"

namespace pamoja {
class Fields;
}

namespace pamoja::sandbox {

enum class Channel { email, sms, push };
constexpr std::array<const char*, 3> names(Channel) {
    return {"email", "sms", "push"};
}

struct Message {
    Channel channel = Channel::email;
    std::string to;  // a mail address, or a phone in E.164 form
    std::string subject;
    std::string text;
    std::string html;
    std::string at{};  // by the machine's clock, whatever the server's says

    void describe(Fields&);
};

// The last messages that reached anybody.
class Inbox {
  public:
    explicit Inbox(std::size_t messages_max = 10'000) : messages_max_(messages_max) {}

    void add(Message);
    // Newest first; an empty channel or address means all.
    std::vector<Message> find(std::string_view channel, std::string_view to) const;
    void clear();

    // GET /control/messages
    void mount(Routes&);

  private:
    const std::size_t messages_max_;
    SystemClock clock_;
    mutable std::mutex mutex_;
    std::deque<Message> messages_;
};

}  // namespace pamoja::sandbox
