#pragma once
#include "base/random.hpp"
#include "sandbox/inbox.hpp"
#include "sandbox/routes.hpp"

namespace pamoja::sandbox {

// An SMS gateway with the HTTP API that Africa's Talking publishes: POST /version1/messaging.
class SmsInlet {
  public:
    SmsInlet(Inbox& inbox, Random& random) : inbox_(inbox), random_(random) {}
    void mount(Routes&);

  private:
    http::Response take(const http::Request&);

    Inbox& inbox_;
    Random& random_;
};

}  // namespace pamoja::sandbox
