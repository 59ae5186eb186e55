#pragma once
#include "db/database.hpp"
#include "http/message.hpp"
#include "identity/sessions.hpp"

namespace pamoja::faces {

struct Services;

// What the first half of an ask-then-write handler may use: everything slow that must stay outside of a write
// transaction. It runs on a bounded pool of threads and may block.
class Outside {
  public:
    Outside(Database& database, TenantId tenant, const identity::Principal* actor,
            const Services& face_services, const http::Request& the_request)
        : services(face_services),
          request(the_request),
          tenant_(std::move(tenant)),
          database_(database),
          actor_(actor) {}

    const TenantId& tenant() const { return tenant_; }
    // Who is asking. Only where the route requires a sign-in.
    const identity::Principal& actor() const { return *actor_; }
    bool has_actor() const { return actor_ != nullptr; }

    // A short read, in a transaction of its own.
    template <class F>
    auto read(F work) const {
        return database_.read(tenant_, std::move(work));
    }
    // Commits an intent before an outside party is called, so that a crash in between leaves a trace to
    // finish.
    template <class F>
    auto commit(F work) const {
        return database_.write(tenant_, std::move(work));
    }

    const Services& services;
    const http::Request& request;
    std::string idempotency_key;  // unique to the caller and the route; empty when the caller sent none
    std::string trace_id;
    std::string remote_address;
    std::string user_agent;
    std::vector<std::string> path_values;  // of the route's {parameters}, in order

    template <class I>
    I path(std::size_t index = 0) const {
        return I(path_values.at(index));
    }

  private:
    TenantId tenant_;
    Database& database_;
    const identity::Principal* actor_;
};

}  // namespace pamoja::faces
