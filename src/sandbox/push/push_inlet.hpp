#pragma once
#include "sandbox/inbox.hpp"
#include "sandbox/push/accounts.hpp"
#include "sandbox/push/outcome.hpp"
#include "sandbox/routes.hpp"

namespace pamoja::sandbox::fcm {

// Firebase Cloud Messaging for one project: the token endpoint of its service account, messages:send, and
// what makes them fail.
class PushInlet {
  public:
    PushInlet(Inbox& inbox, const Clock& clock, Random& random)
        : inbox_(inbox), random_(random), accounts_(clock, random) {}

    void mount(Routes&);
    void reset();
    std::string service_account(const std::string& sandbox_url) const;

  private:
    http::Response grant_token(const http::Request&);
    http::Response take(const http::Request&);
    http::Response instruct(const http::Request&);

    Inbox& inbox_;
    Random& random_;
    Accounts accounts_;
    Script script_;
};

}  // namespace pamoja::sandbox::fcm
