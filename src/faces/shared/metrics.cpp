#include "faces/shared/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace pamoja::faces {
namespace {

const prometheus::Histogram::BucketBoundaries duration_buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                               0.1,   0.25,   0.5,   1,    2.5,   5};

// A method is whatever a client wrote; only the usual ones become labels.
std::string label_of_method(std::string_view method) {
    for (const char* known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
        if (method == known) return known;
    }
    return "other";
}

}  // namespace

struct Metrics::State {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                            .Name("pamoja_http_requests_total")
                                                            .Help("Requests answered.")
                                                            .Register(registry);
    prometheus::Family<prometheus::Histogram>& durations = prometheus::BuildHistogram()
                                                               .Name("pamoja_http_request_seconds")
                                                               .Help("From the parsed request to its answer.")
                                                               .Register(registry);
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::count(std::string_view method, std::string_view route, int status,
                    std::chrono::microseconds took) {
    const std::string method_label = label_of_method(method);
    const std::string route_label(route);
    state_->requests
        .Add({{"method", method_label}, {"route", route_label}, {"status", std::to_string(status)}})
        .Increment();
    state_->durations.Add({{"method", method_label}, {"route", route_label}}, duration_buckets)
        .Observe(std::chrono::duration<double>(took).count());
}

std::string Metrics::prometheus_text() const {
    return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace pamoja::faces
