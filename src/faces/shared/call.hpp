#pragma once
#include "db/tx.hpp"
#include "http/message.hpp"
#include "identity/sessions.hpp"

namespace pamoja::faces {

struct Services;

// One call of a handler: the transaction that it runs in, who is asking, and what the path says.
struct Call {
    Tx& tx;
    const identity::Principal* principal;  // null where the route is open to anyone
    const Services& services;
    const std::vector<std::string>& path_values;
    std::string_view trace_id;
    std::string_view remote_address;
    std::string_view user_agent;
    const http::Request& request;

    const identity::Principal& actor() const { return *principal; }

    template <class I>
    I path(std::size_t index = 0) const {
        return I(path_values.at(index));
    }
};

}  // namespace pamoja::faces
