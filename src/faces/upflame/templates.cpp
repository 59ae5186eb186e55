#include "faces/upflame/templates.hpp"

#include <array>

namespace pamoja::faces::upflame {

std::span<const notifications::Template> templates() {
    using notifications::Channel;
    using notifications::Template;
    static constexpr std::array all{
        Template{.name = "mfa_code",
                 .channel = Channel::email,
                 .title = "Your sign-in code",
                 .text = "Your code is {{code}}. It works once, within ten minutes.\n\nIf you did not try to "
                         "sign in, somebody knows your password: change it.\n",
                 .category = "security",
                 .is_critical = true},
        Template{.name = "mfa_code",
                 .channel = Channel::sms,
                 .title = "",
                 .text = "{{code}} is your sign-in code. It works once, within ten minutes.",
                 .category = "security",
                 .is_critical = true},
    };
    return all;
}

}  // namespace pamoja::faces::upflame
