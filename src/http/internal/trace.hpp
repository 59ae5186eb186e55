#pragma once
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "http/message.hpp"

namespace pamoja::http::internal {

// True for what may be repeated in headers and logs: 1 to 64 letters, digits, dots, dashes and underscores.
bool is_trace_id(std::string_view);

// Names requests, one instance per thread: takes its randomness in large pieces, as each is a system call.
class TraceIds {
  public:
    explicit TraceIds(Random& random) : random_(random) {}
    // The caller's X-Request-Id or X-Trace-Id where it is safe to repeat, else "req_" and 24 digits.
    std::string of(const Request&);

  private:
    Random& random_;
    std::string digits_;
    std::size_t used_ = 0;
};

}  // namespace pamoja::http::internal
