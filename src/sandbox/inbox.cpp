#include "sandbox/inbox.hpp"

#include <algorithm>

#include "base/failure.hpp"
#include "describe/fields.hpp"
#include "sandbox/listing.hpp"

namespace pamoja::sandbox {

void Message::describe(Fields& f) {
    f("channel", channel);
    f("to", to);
    f("subject", subject);
    f("text", text);
    f("html", html);
    f("at", at);
}

void Inbox::add(Message message) {
    message.at = clock_.now().precise_text();
    const std::lock_guard lock(mutex_);
    messages_.push_back(std::move(message));
    if (messages_.size() > messages_max_) messages_.pop_front();
}

std::vector<Message> Inbox::find(std::string_view channel, std::string_view to) const {
    const std::lock_guard lock(mutex_);
    std::vector<Message> found;
    for (auto message = messages_.rbegin(); message != messages_.rend(); ++message) {
        if (!channel.empty() && channel != name_of(message->channel)) continue;
        if (to.empty() || to == message->to) found.push_back(*message);
    }
    return found;
}

void Inbox::clear() {
    const std::lock_guard lock(mutex_);
    messages_.clear();
}

void Inbox::mount(Routes& routes) {
    routes.on("GET", "/control/messages", [this](const http::Request& request) {
        const std::string channel = parameter_of(request, "channel");
        require_field(channel.empty() || value_named<Channel>(channel).has_value(), "channel", "invalid",
                      "A channel is email, sms or push.");
        std::string to = parameter_of(request, "to");
        // A plus sign that was not encoded arrives as a space.
        if (to.starts_with(' ')) to[0] = '+';
        return json_response(200, "{\"messages\":" + listing(find(channel, to)) + "}");
    });
}

}  // namespace pamoja::sandbox
