#pragma once
#include <memory>

#include "faces/shared/idempotency.hpp"
#include "faces/shared/metrics.hpp"
#include "faces/shared/request_limits.hpp"
#include "faces/shared/router.hpp"
#include "faces/shared/worker_pool.hpp"

namespace pamoja::faces {

// Something that answers paths outside of the faces: health, documents, OpenAPI, the development interface.
class SideDoor {
  public:
    virtual ~SideDoor() = default;
    // Empty when the path is not its own. Must not block.
    virtual bool handle(http::Request& request, http::Responder& respond) = 0;
};

struct DispatcherConfig {
    bool is_limited = true;         // request-rate limits
    int network_threads = 32;       // of the pool that waits for outside parties
    int cpu_threads = 2;            // of the pool that hashes passwords and works on images
    std::size_t waiting_max = 128;  // tasks that may wait for either pool
};

// What happens once for all routes: route, rate limit, authenticate, authorise, idempotency claim, parse and
// validate, handler, idempotency record, commit, envelope. Everything from authentication to the record is
// one transaction.
class Dispatcher : public http::Application {
  public:
    Dispatcher(DispatcherConfig, Database&, const Clock&, const Router&, const Face& fallback);
    ~Dispatcher() override;

    void add_side_door(SideDoor& door) { side_doors_.push_back(&door); }
    const Metrics& metrics() const { return metrics_; }

    http::BodyLimit body_limit(const http::Request& head) const override;
    void handle(http::Request request, http::Responder respond) override;
    http::Response refuse(const http::Request& head, int status, std::string_view message) const override;

  private:
    struct Exchange;  // one request on its way
    using ExchangePtr = std::shared_ptr<Exchange>;

    void start(ExchangePtr);
    void read_claims(Exchange&) const;
    bool knows_tenant(Exchange&) const;
    void find_tenant(ExchangePtr);
    bool is_within_limit(Exchange&);
    void run(ExchangePtr);
    const Face& face_for(const Match&) const;
    void parse(Exchange&) const;
    void run_in_transaction(ExchangePtr);
    void run_slow_half(ExchangePtr);
    void run_slow_half_here(ExchangePtr);
    bool open_slow_half(Exchange&);
    void identify(Tx&, Exchange&) const;
    bool replay(Tx&, Exchange&) const;
    void run_handler(Tx&, Exchange&) const;
    http::Response envelope(const Exchange&, Answer) const;
    http::Response failed(const Exchange&, std::exception_ptr) const;
    http::Response refusal(const Exchange&, const Failure&) const;
    void finish(Exchange&, http::Response);

    DispatcherConfig config_;
    Database& database_;
    const Clock& clock_;
    const Router& router_;
    const Face& fallback_;
    RequestLimits limits_;
    Metrics metrics_;
    std::vector<SideDoor*> side_doors_;
    // Last, so that their threads end before what they use.
    WorkerPool network_;
    WorkerPool cpu_;
};

}  // namespace pamoja::faces
