#pragma once
#include "connectors/web/web_client.hpp"
#include "webhooks/delivery.hpp"

namespace pamoja::webhooks {

// What came of one call to an endpoint.
struct Answer {
    std::int64_t status = 0;
    std::string error_class;                          // empty after a 2xx
    std::string excerpt;                              // printable ASCII, at most 1,000 characters
    std::optional<std::chrono::seconds> retry_after;  // at most a day

    bool is_success() const { return error_class.empty(); }
    bool is_gone() const { return status == 410; }
    // Whether the endpoint, or what stands before it, cannot take more at the moment.
    bool is_overloaded() const;
};

Answer answer_of(const web::WebResponse&, Timestamp now);

// How long to wait after that many failed attempts, with up to a tenth more by chance; empty when there are
// no more.
std::optional<std::chrono::microseconds> delay_after(std::int64_t attempts, Random&);

// How long an overloaded endpoint is left alone after that many failures in a row.
std::chrono::microseconds pause_after(std::int64_t failures_in_a_row);

}  // namespace pamoja::webhooks
