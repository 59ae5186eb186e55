#pragma once
#include "faces/shared/face.hpp"
#include "faces/shared/request_limits.hpp"

namespace pamoja::faces::upflame {

// The wire of Upflame: status/data/meta/error around everything, six error codes, amounts as numbers beside
// their currency.
class Upflame : public Face {
  public:
    std::string_view name() const override { return "upflame"; }
    std::string_view title() const override { return "Upflame API"; }
    std::string_view version() const override { return "1.0.0"; }
    std::string_view base_path() const override { return "/v1"; }
    const WireStyle& style() const override;
    std::string success(std::string_view data, std::string_view message,
                        const EnvelopeContext&) const override;
    http::Response failure(const Failure&, const EnvelopeContext&, const LimitState* limit) const override;
    std::string success_schema(std::string_view data_schema) const override;
    std::string failure_schema() const override;
    int status_of(const Reason&) const override;
    std::vector<http::Header> headers() const override;
};

// Upflame, "Rate Limiting": every request counts against all three.
inline constexpr LimitClass limit_address{"address", 1'000, 3'600, CountedBy::address};
inline constexpr LimitClass limit_user{"user", 5'000, 3'600, CountedBy::user};
inline constexpr LimitClass limit_tenant{"tenant", 10'000, 3'600, CountedBy::tenant};
// "Adaptive": an address with a hundred refused requests within an hour pays five times for each further one.
inline constexpr Tightening tightening{100, 3'600, 5};

}  // namespace pamoja::faces::upflame
