#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.hpp"
#include "base/time.hpp"
#include "describe/wire_style.hpp"
#include "http/message.hpp"

namespace pamoja::faces {

// What an envelope may tell about the request that it answers.
struct EnvelopeContext {
    std::string_view trace_id;
    Timestamp now;
    std::string_view meta = {};  // of a list: JSON
};

// Where a window of a rate limit stands, for headers and bodies.
struct LimitState {
    std::string policy;  // the class's name: "general"
    std::int64_t limit = 0;
    std::int64_t remaining = 0;
    std::int64_t window_seconds = 0;
    std::int64_t reset_seconds = 0;  // until the window ends
};

// Whose requests are counted together.
enum class CountedBy { caller, address, user, tenant };

// How often a class of endpoints may be called by one caller: a signed-in user, otherwise an address.
struct LimitClass {
    const char* name;
    std::int64_t limit;
    std::int64_t window_seconds;
    CountedBy by = CountedBy::caller;
};

// One of the five published APIs: what differs between them besides their routes. Stateless.
class Face {
  public:
    virtual ~Face() = default;
    virtual std::string_view name() const = 0;   // "flexifinance"
    virtual std::string_view title() const = 0;  // of its OpenAPI document
    virtual std::string_view version() const = 0;
    virtual std::string_view base_path() const = 0;  // "/api/v1"
    virtual const WireStyle& style() const = 0;

    // The whole body of a success. `data` is JSON already; "null" when there is none.
    virtual std::string success(std::string_view data, std::string_view message,
                                const EnvelopeContext&) const = 0;
    // The whole answer to a refusal. `limit` is set when the rate limit refused.
    virtual http::Response failure(const Failure&, const EnvelopeContext&, const LimitState* limit) const = 0;
    // The JSON Schema of a success whose data has `data_schema`, and of a failure.
    virtual std::string success_schema(std::string_view data_schema) const = 0;
    virtual std::string failure_schema() const = 0;
    virtual int status_of(const Reason&) const = 0;
    // What each of its answers carries besides the headers that all faces have; the name decides.
    virtual std::vector<http::Header> headers() const { return {}; }
};

}  // namespace pamoja::faces
