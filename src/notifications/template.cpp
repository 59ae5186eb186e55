#include "notifications/template.hpp"

#include <algorithm>

#include "base/html.hpp"
#include "notifications/internal/placeholders.hpp"

namespace pamoja::notifications {
namespace {

const std::string& value_of(std::string_view name, const std::vector<Variable>& variables) {
    const auto found = std::ranges::find(variables, name, &Variable::name);
    if (found == variables.end())
        throw std::logic_error("a template lacks its variable " + std::string(name));
    return found->value;
}

template <class Escape>
std::string filled(std::string_view text, const std::vector<Variable>& variables, Escape escape) {
    constexpr std::string_view opening = "{{";
    constexpr std::string_view closing = "}}";
    std::string result;
    for (auto at = text.find(opening); at != std::string_view::npos; at = text.find(opening)) {
        const auto end = text.find(closing, at);
        if (end == std::string_view::npos) throw std::logic_error("a template does not close a variable");
        result += text.substr(0, at);
        result +=
            escape(value_of(trimmed(text.substr(at + opening.size(), end - at - opening.size())), variables));
        text.remove_prefix(end + closing.size());
    }
    result += text;
    return result;
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

void Letter::describe(Fields& f) {
    f("title", title);
    f("text", text);
    f("html", html);
}

Letter render(const Template& form, const std::vector<Variable>& variables) {
    const auto as_it_is = [](const std::string& value) -> const std::string& { return value; };
    Letter letter{filled(form.title, variables, as_it_is), filled(form.text, variables, as_it_is),
                  filled(form.html, variables, escaped_html)};
    // A line end in a subject would begin a header of the sender's choice.
    require(std::ranges::none_of(letter.title, is_control), validation_failed,
            "A title may not hold line ends or other control characters.");
    return letter;
}

}  // namespace pamoja::notifications
