#include "base/hex.hpp"
#include "crypto/digest.hpp"
#include "crypto/equal.hpp"
#include "faces/flexifinance/mounts.hpp"
#include "faces/flexifinance/services.hpp"
#include "lending/disbursement.hpp"

namespace pamoja::faces::flexifinance {
namespace {

using payments::EventKind;

// What Safaricom wants to hear, whatever we make of its message.
struct Accepted {
    int code = 0;
    std::string text = "Accepted";

    void describe(Fields& f) {
        f("ResultCode", code);
        f("ResultDesc", text);
    }
};

// For validations, which Safaricom's documents answer with a text.
struct ValidationAnswer {
    std::string code = "0";
    std::string text = "Accepted";

    void describe(Fields& f) {
        f("ResultCode", code);
        f("ResultDesc", text);
    }
};

// The raw body is what counts and what is signed, so nothing is described; it is parsed where it is
// understood.
struct Message {
    void describe(Fields&) {}
};

bool is_signed(std::string_view body, std::string_view signature, const std::string& secret) {
    const auto given = from_hex(signature);
    return given && crypto::constant_time_equal(*given, crypto::hmac_sha256(secret, body));
}

// Configured addresses only; none configured means that the path or the signature is what protects.
void require_known_source(const Call& call) {
    const auto& sources = services_of(call).callback_sources;
    const bool is_known = sources.empty() || std::ranges::find(sources, call.remote_address) != sources.end();
    require(is_known, forbidden, "Callbacks are not taken from this address.");
}

void take_in(Call& call, EventKind kind, const std::optional<payments::PaymentId>& payment) {
    const auto& desk = services_of(call).desk;
    const auto event = desk.receive(call.tx, {.kind = kind,
                                              .body = call.request.body,
                                              .payment_id = payment,
                                              .source = std::string(call.remote_address)});
    desk.apply(call.tx, event);
}

// POST /webhooks/mpesa/: signed with the shared secret when there is one. FlexiFinance, "Webhook Endpoints".
Accepted take_documented_callback(Call& call, const Message&) {
    const auto& secret = services_of(call).webhook_secret;
    require_known_source(call);
    require(secret.empty() || is_signed(call.request.body, call.request.header("X-MPESA-SIGNATURE"), secret),
            unauthenticated, "The signature of this message is missing or wrong.");
    take_in(call, EventKind::push_callback, std::nullopt);
    return {};
}

// The path that the connector hands to Safaricom, which signs nothing: nobody else knows it.
void require_hook(const Call& call) {
    require(crypto::constant_time_equal(call.path_values.at(0), services_of(call).hook_secret), not_found,
            "There is nothing at this address.");
    require_known_source(call);
}

template <EventKind kind>
Accepted take_callback(Call& call, const Message&) {
    require_hook(call);
    take_in(call, kind, payments::PaymentId(call.path_values.at(1)));
    return {};
}

Accepted take_customer_payment(Call& call, const Message&) {
    require_hook(call);
    take_in(call, EventKind::customer_payment, std::nullopt);
    return {};
}

ValidationAnswer validate_customer_payment(Call& call, const Message&) {
    require_hook(call);
    const auto paid = mpesa::parse_c2b(call.request.body);
    if (services_of(call).desk.would_accept(call.tx, paid)) return {};
    return {"C2B00012", "The account number names no running loan"};
}

struct LoanStatusMessage {
    lending::LoanId loan_id;
    std::string old_status;
    std::string new_status;
    std::optional<Timestamp> timestamp;
    std::optional<json::Value> metadata;

    void describe(Fields& f) {
        f("loan_id", loan_id).length(1, 60);
        f("old_status", old_status).length(1, 30);
        f("new_status", new_status).one_of(statuses);
        f("timestamp", timestamp);
        f("metadata", metadata);
    }
    static constexpr std::array<const char*, 2> statuses{"DISBURSED", "ACTIVE"};
};

struct LoanStatusView {
    lending::LoanId loan_id;
    lending::LoanStatus status = lending::LoanStatus::active;

    void describe(Fields& f) {
        f("loan_id", loan_id);
        f("status", status);
    }
};

std::string transaction_reference_of(const std::optional<json::Value>& metadata) {
    const auto* reference = metadata ? metadata->find("transaction_reference") : nullptr;
    return reference != nullptr ? reference->text_or_empty() : std::string();
}

// Signed even where callbacks need not be: it moves a loan. What is wrong with a message is only told to who
// has signed it.
void require_signed_before_reading(Route& route, const Api& api) {
    route.handler.parse = [&api, read = std::move(route.handler.parse)](const http::Request& request,
                                                                        const WireStyle& style) {
        const auto& secret = static_cast<const FlexiServices&>(api.services()).webhook_secret;
        require(!secret.empty() && is_signed(request.body, request.header("X-Webhook-Signature"), secret),
                unauthenticated, "The signature of this message is missing or wrong.");
        return read(request, style);
    };
}

// A back office that pays out by other means tells so here.
LoanStatusView take_loan_status(Call& call, const LoanStatusMessage& message) {
    const auto reference = transaction_reference_of(message.metadata);
    const auto loan = lending::record_outside_disbursement(call.tx, message.loan_id, reference);
    return {loan.id, loan.status};
}

}  // namespace

void mount_webhooks(Api& api) {
    api.section("Webhooks");
    api.post("/webhooks/mpesa/", take_documented_callback)
        .named("webhook_mpesa")
        .summary("M-Pesa's answer to a push, in Safaricom's or this document's spelling")
        .open_to_anyone()
        .unlimited()
        .bare();
    auto& loan_status = api.post("/webhooks/loan-status/", take_loan_status)
                            .named("webhook_loan_status")
                            .summary("A back office reports a loan as paid out")
                            .open_to_anyone()
                            .unlimited();
    require_signed_before_reading(loan_status, api);
    const auto hook = [&](const char* path, auto handler, const char* name, const char* summary) {
        api.post(path, handler).named(name).summary(summary).open_to_anyone().unlimited().bare().addition();
    };
    hook("/hooks/{secret}/push/{payment_id}/", take_callback<EventKind::push_callback>, "hook_push",
         "Safaricom's callback of a push");
    hook("/hooks/{secret}/payout/{payment_id}/", take_callback<EventKind::payout_result>, "hook_payout",
         "Safaricom's result of a payout");
    hook("/hooks/{secret}/payout-timeout/{payment_id}/", take_callback<EventKind::payout_timeout>,
         "hook_payout_timeout", "Safaricom's time-out of a payout");
    hook("/hooks/{secret}/status/{payment_id}/", take_callback<EventKind::status_result>, "hook_status",
         "Safaricom's result of a status inquiry");
    hook("/hooks/{secret}/status-timeout/{payment_id}/", take_callback<EventKind::payout_timeout>,
         "hook_status_timeout", "Safaricom's time-out of a status inquiry");
    hook("/hooks/{secret}/confirmation/", take_customer_payment, "hook_confirmation",
         "A customer paid from the M-Pesa menu");
    hook("/hooks/{secret}/validation/", validate_customer_payment, "hook_validation",
         "Safaricom asks whether a customer's payment is welcome");
}

}  // namespace pamoja::faces::flexifinance
