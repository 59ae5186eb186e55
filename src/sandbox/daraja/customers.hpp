#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "connectors/web/web_client.hpp"
#include "sandbox/daraja/network.hpp"
#include "sandbox/daraja/wire.hpp"

namespace pamoja::sandbox::daraja {

// A control call: a customer pays from the handset's menu.
struct MenuPayment {
    std::string phone;
    Money amount;
    std::string bill_reference;
    std::optional<std::string> short_code;  // absent: a configured one, or the last to register

    void describe(Fields&);
};

// How it ended.
struct MenuPaymentResult {
    std::string transaction_id;
    std::string status;           // "completed" or "rejected"
    std::string result_code;      // of the validation: "0", "C2B00012", …
    int validation_status = 0;    // HTTP; 0 when nobody was asked, or nobody answered
    int confirmation_status = 0;  // likewise

    void describe(Fields&);
};

// Payments that customers start (C2B): asks the organization's validation URL, moves the money, tells its
// confirmation URL once.
class Customers {
  public:
    using Then = std::function<void(const MenuPaymentResult&)>;

    // `home` lists the short codes that customers pay to when a control call names none.
    Customers(Network& network, std::vector<std::string> home) : network_(network), home_(std::move(home)) {}

    std::string register_urls(const Command&);
    std::string simulate(const Command&);
    // Throws Failure(conflict) when no organization has registered; `then` comes when all is done.
    void pay(MenuPayment, Then then);

  private:
    struct Urls {
        std::string validation;
        std::string confirmation;
        bool completes_without_validation = true;
    };
    struct Payment {
        std::string transaction_type;
        std::string phone;  // "254700123456"
        std::string short_code;
        std::string bill_reference;
        std::string third_party_id;
        Money amount;
        Timestamp at;
        Urls urls;
        MenuPaymentResult result;
        Then then;
    };
    using Shared = std::shared_ptr<Payment>;

    Urls urls_of(const std::string& short_code);
    std::string home_short_code();
    void begin(const Shared&);
    void take_validation(const Shared&, const web::WebResponse&);
    void settle(const Shared&);
    std::string notice_of(const Payment&, const std::string& balance) const;
    Parcel parcel_of(const Payment&, const std::string& url, const std::string& balance) const;

    Network& network_;
    const std::vector<std::string> home_;
    std::mutex mutex_;
    std::map<std::string, Urls> urls_;
    std::string last_registered_;
};

}  // namespace pamoja::sandbox::daraja
