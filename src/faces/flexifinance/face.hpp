#pragma once
#include "faces/shared/face.hpp"

namespace pamoja::faces::flexifinance {

// The wire of FlexiFinance: success/data/message/errors/meta around everything, amounts as numbers of
// shillings, names of states in upper case.
class FlexiFinance : public Face {
  public:
    std::string_view name() const override { return "flexifinance"; }
    std::string_view title() const override { return "FlexiFinance API"; }
    std::string_view version() const override { return "1.0.0"; }
    std::string_view base_path() const override { return "/api/v1"; }
    const WireStyle& style() const override;
    std::string success(std::string_view data, std::string_view message,
                        const EnvelopeContext&) const override;
    http::Response failure(const Failure&, const EnvelopeContext&, const LimitState* limit) const override;
    std::string success_schema(std::string_view data_schema) const override;
    std::string failure_schema() const override;
    int status_of(const Reason&) const override;
};

// FlexiFinance, "Rate Limits".
inline constexpr LimitClass limit_general{"general", 100, 60};
inline constexpr LimitClass limit_auth{"auth", 5, 60};
inline constexpr LimitClass limit_payments{"payments", 10, 60};
inline constexpr LimitClass limit_uploads{"uploads", 20, 3600};

}  // namespace pamoja::faces::flexifinance
