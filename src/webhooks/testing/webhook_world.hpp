#pragma once
#include <algorithm>
#include <map>

#include "connectors/web/testing/loopback_server.hpp"
#include "db/testing.hpp"
#include "jobs/queue.hpp"
#include "jobs/runner.hpp"
#include "webhooks/delivery.hpp"
#include "webhooks/sending.hpp"
#include "webhooks/signature.hpp"

namespace pamoja::webhooks {

// Takes webhooks on loopback, and answers them as the test says.
class Receiver {
  public:
    Receiver() : server_(web::LoopbackServer::http([this](const std::string& text) { return take(text); })) {}

    std::string url() const { return server_.url("/hook"); }
    void answer_with(std::string answer) {
        const std::lock_guard lock(mutex_);
        answer_ = std::move(answer);
    }
    std::vector<Received> received() const {
        const std::lock_guard lock(mutex_);
        return received_;
    }
    std::string last_head() const {
        const std::lock_guard lock(mutex_);
        return head_;
    }

  private:
    static std::string field(const std::string& head, const std::string& name) {
        const auto at = head.find("\r\n" + name + ": ");
        if (at == std::string::npos) return {};
        const auto begin = at + name.size() + 4;
        return head.substr(begin, head.find("\r\n", begin) - begin);
    }
    std::string take(const std::string& request) {
        const auto end = request.find("\r\n\r\n");
        const std::lock_guard lock(mutex_);
        head_ = request.substr(0, end + 2);
        received_.push_back({field(head_, "webhook-id"), field(head_, "webhook-timestamp"),
                             field(head_, "webhook-signature"), request.substr(end + 4)});
        return answer_;
    }

    mutable std::mutex mutex_;
    std::string head_;
    std::vector<Received> received_;
    std::string answer_ = web::http_answer(204, "");
    web::LoopbackServer server_;
};

// A tenant with webhooks, a runner that waits for drain(), and a clock that stands still.
class WebhookWorld {
  public:
    explicit WebhookWorld(Engine engine)
        : db(engine),
          keyring(crypto::Keyring::generate(db.random)),
          runner(*db, db.clock, db.random, handlers) {
        handle_webhooks(handlers, keyring, web, {.urls = rules});
    }

    template <class F>
    auto write(F work) {
        return db->write(tenant, std::move(work));
    }
    WithSecret add(NewEndpoint endpoint) {
        return write([&](Tx& tx) { return add_endpoint(tx, endpoint, rules, keyring); });
    }
    WithSecret add_receiver() { return add({.url = receiver.url()}); }
    Endpoint endpoint(const EndpointId& id) {
        return write([&](Tx& tx) { return endpoint_of(tx, id); });
    }
    void publish(const char* event, const char* id = "b1") {
        write([&](Tx& tx) { jobs::publish(tx, event, json::Value(json::Object{{"id", json::Value(id)}})); });
    }
    std::vector<Delivery> log(const DeliveryFilter& filter = {}) {
        return write([&](Tx& tx) { return deliveries(tx, filter, {1, 1000}).items; });
    }
    std::vector<Attempt> attempts(const DeliveryId& id) {
        return write([&](Tx& tx) { return attempts_of(tx, id); });
    }
    void run_for(std::chrono::microseconds duration) {
        runner.run_due_until(db.clock.now().plus(duration), [this](auto step) { db.clock.advance(step); });
    }

    const TenantId tenant{"acme"};
    const UrlRules rules{.allows_loopback = true};
    testing::TestDatabase db;
    crypto::Keyring keyring;
    web::WebClient web;
    Receiver receiver;
    jobs::Handlers handlers;
    jobs::Runner runner;  // last: it stops before what it uses goes
};

}  // namespace pamoja::webhooks
