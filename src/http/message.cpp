#include "http/message.hpp"

#include "http/internal/text.hpp"

namespace pamoja::http {

std::string_view Request::header(std::string_view name) const {
    for (const Header& header : headers)
        if (internal::equals_ignoring_case(header.name, name)) return header.value;
    return {};
}

}  // namespace pamoja::http
