#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace pamoja::faces {

// Counts of requests and their durations by route, for Prometheus. Routes come from the route table, so the
// number of series is bounded whatever callers send. Thread-safe.
class Metrics {
  public:
    Metrics();
    ~Metrics();
    void count(std::string_view method, std::string_view route, int status, std::chrono::microseconds took);
    std::string prometheus_text() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pamoja::faces
