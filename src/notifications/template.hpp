#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "describe/fields.hpp"
#include "notifications/channel.hpp"

namespace pamoja::notifications {

// What is said on one channel. {{name}} stands for a variable: escaped in html, as it is elsewhere.
struct Template {
    std::string_view name;
    Channel channel = Channel::in_app;
    std::string_view title;  // the subject of a mail; unused for SMS
    std::string_view text;
    std::string_view html = {};  // mail only; may be empty
    std::string_view category = "system";
    bool is_critical = false;  // goes out whatever the user prefers: security, law, money that moved
};

struct Variable {
    std::string name;
    std::string value;
};

struct Letter {
    std::string title;
    std::string text;
    std::string html;

    void describe(Fields&);
};

// Throws std::logic_error for a variable that is missing, and Failure(validation_failed) for a line end or
// another control character in the title.
Letter render(const Template&, const std::vector<Variable>&);

}  // namespace pamoja::notifications
