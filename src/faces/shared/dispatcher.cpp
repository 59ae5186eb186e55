#include "faces/shared/dispatcher.hpp"

#include <algorithm>

#include "faces/shared/exchange.hpp"
#include "faces/shared/headers.hpp"
#include "faces/shared/services.hpp"
#include "log/log.hpp"

namespace pamoja::faces {
namespace {

Failure too_busy() {
    Failure failure(unavailable, "The service is too busy. Please try again.");
    failure.retry_after = std::chrono::seconds(2);
    return failure;
}

std::string_view bearer_token(const http::Request& request) {
    constexpr std::string_view scheme = "bearer ";
    const auto header = request.header("Authorization");
    const bool is_bearer = header.size() > scheme.size() &&
                           std::ranges::equal(header.substr(0, scheme.size()), scheme, [](char a, char b) {
                               return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
                           });
    return is_bearer ? header.substr(scheme.size()) : std::string_view();
}

FailureKind kind_of_status(int status) {
    switch (status) {
        case 405:
        case 415:
            return FailureKind::unsupported;
        case 413:
            return FailureKind::too_large;
        case 500:
            return FailureKind::internal;
        case 503:
            return FailureKind::unavailable;
        default:
            return FailureKind::malformed;
    }
}

}  // namespace

Dispatcher::Dispatcher(DispatcherConfig config, Database& database, const Clock& clock, const Router& router,
                       const Face& fallback)
    : config_(config),
      database_(database),
      clock_(clock),
      router_(router),
      fallback_(fallback),
      limits_(clock, config.is_limited),
      network_(config.network_threads, config.waiting_max),
      cpu_(config.cpu_threads, config.waiting_max) {}

Dispatcher::~Dispatcher() = default;

http::BodyLimit Dispatcher::body_limit(const http::Request& head) const {
    const auto match = router_.find(head);
    return match.route != nullptr ? http::BodyLimit{match.route->body_bytes_max} : http::BodyLimit{};
}

void Dispatcher::handle(http::Request request, http::Responder respond) {
    for (SideDoor* door : side_doors_) {
        if (door->handle(request, respond)) return;
    }
    auto exchange = std::make_shared<Exchange>();
    exchange->match = router_.find(request);
    exchange->request = std::move(request);
    exchange->respond = std::move(respond);
    exchange->received_at = clock_.now();
    exchange->started = std::chrono::steady_clock::now();
    try {
        start(exchange);
    } catch (...) {
        finish(*exchange, failed(*exchange, std::current_exception()));
    }
}

void Dispatcher::start(ExchangePtr exchange) {
    if (exchange->match.route == nullptr) {
        const bool is_method = !exchange->match.methods.empty();
        auto response =
            refuse(exchange->request, is_method ? 405 : 404,
                   is_method ? "This method is not available here." : "There is nothing at this address.");
        if (is_method) response.headers.push_back({"Allow", exchange->match.methods});
        return finish(*exchange, std::move(response));
    }
    read_claims(*exchange);
    if (!is_within_limit(*exchange)) {
        Failure failure(rate_limited, "Rate limit exceeded");
        failure.retry_after = std::chrono::seconds(exchange->limit->reset_seconds);
        return finish(*exchange, refusal(*exchange, failure));
    }
    if (knows_tenant(*exchange)) return run(std::move(exchange));
    find_tenant(std::move(exchange));
}

void Dispatcher::run(ExchangePtr exchange) {
    parse(*exchange);
    if (exchange->route().handler.form == Form::ask_then_write && !exchange->parse_error) {
        return run_slow_half(std::move(exchange));
    }
    run_in_transaction(std::move(exchange));
}

void Dispatcher::read_claims(Exchange& exchange) const {
    const auto token = bearer_token(exchange.request);
    if (!token.empty())
        exchange.claims = exchange.match.api->services().tokens.read_access_token(
            exchange.face().name(), token, exchange.received_at);
}

bool Dispatcher::is_within_limit(Exchange& exchange) {
    auto verdict =
        limits_.admit(*exchange.match.api, exchange.route(), exchange.asker(), exchange.received_at);
    exchange.limit = std::move(verdict.state);
    return verdict.is_allowed;
}

// False when the request itself does not tell and the database has to be asked. Throws forbidden when the
// client names another tenant than its token's.
bool Dispatcher::knows_tenant(Exchange& exchange) const {
    const Api& api = *exchange.match.api;
    exchange.tenant_id = api.tenant();
    if (exchange.route().is_tenant_in_path) {
        exchange.tenant_id = TenantId(exchange.match.path_values.at(0));
        if (exchange.claims && exchange.claims->tenant != exchange.tenant_id.text()) exchange.claims.reset();
        return true;
    }
    if (api.tenancy() == nullptr) return true;
    if (!exchange.claims) return exchange.route().access != Access::anyone;
    const auto named = exchange.request.header(api.tenancy()->header());
    require(named.empty() || named == exchange.claims->tenant, forbidden,
            "This token belongs to another tenant.");
    exchange.tenant_id = TenantId(exchange.claims->tenant);
    return true;
}

void Dispatcher::find_tenant(ExchangePtr exchange) {
    const auto find = [exchange](Tx& tx) {
        exchange->tenant_id = exchange->match.api->tenancy()->tenant_of(tx, exchange->request);
    };
    const auto go_on = [this, exchange](std::exception_ptr error) {
        if (error) return finish(*exchange, failed(*exchange, error));
        try {
            run(exchange);
        } catch (...) {
            finish(*exchange, failed(*exchange, std::current_exception()));
        }
    };
    database_.submit_read(every_tenant(), find, go_on);
}

// What is wrong with the body is only told to who may call the route, so the error waits.
void Dispatcher::parse(Exchange& exchange) const {
    const Handler& handler = exchange.route().handler;
    if (!handler.parse) return;
    try {
        exchange.parsed = handler.parse(exchange.request, exchange.face().style());
    } catch (...) {
        exchange.parse_error = std::current_exception();
    }
}

void Dispatcher::run_in_transaction(ExchangePtr exchange) {
    const auto work = [this, exchange](Tx& tx) {
        exchange->response.reset();
        identify(tx, *exchange);
        if (exchange->parse_error) std::rethrow_exception(exchange->parse_error);
        if (!exchange->is_claimed && replay(tx, *exchange)) return;
        run_handler(tx, *exchange);
    };
    const auto done = [this, exchange](std::exception_ptr error) {
        finish(*exchange, error ? failed(*exchange, error) : std::move(*exchange->response));
    };
    const bool is_read = exchange->route().handler.form == Form::read || exchange->parse_error;
    if (is_read) {
        database_.submit_read(exchange->tenant(), work, done);
    } else {
        database_.submit_write(exchange->tenant(), work, done);
    }
}

void Dispatcher::run_slow_half(ExchangePtr exchange) {
    WorkerPool& pool = exchange->route().pool == Pool::cpu ? cpu_ : network_;
    if (!pool.submit([this, exchange] { run_slow_half_here(exchange); })) {
        finish(*exchange, refusal(*exchange, too_busy()));
    }
}

// On a thread of a pool: may block.
void Dispatcher::run_slow_half_here(ExchangePtr exchange) {
    try {
        if (open_slow_half(*exchange)) return finish(*exchange, std::move(*exchange->response));
        const auto* principal = exchange->principal ? &*exchange->principal : nullptr;
        Outside outside(database_, exchange->tenant(), principal, exchange->match.api->services(),
                        exchange->request);
        outside.trace_id = exchange->request.trace_id;
        outside.remote_address = exchange->request.remote_address;
        outside.user_agent = std::string(exchange->request.header("User-Agent"));
        outside.path_values = exchange->match.path_values;
        if (exchange->key) outside.idempotency_key = exchange->key->scope + " " + exchange->key->key;
        exchange->facts = exchange->route().handler.ask(outside, exchange->parsed.get());
    } catch (...) {
        return finish(*exchange, failed(*exchange, std::current_exception()));
    }
    run_in_transaction(std::move(exchange));
}

// Checks who is asking before anything slow is done for them, and claims the key. True when the answer was
// replayed.
bool Dispatcher::open_slow_half(Exchange& exchange) {
    const Route& route = exchange.route();
    if (route.is_idempotent && exchange.request.header("Idempotency-Key").data() != nullptr) {
        const bool is_replayed = database_.write(exchange.tenant(), [&](Tx& tx) {
            identify(tx, exchange);
            return replay(tx, exchange);
        });
        exchange.is_claimed = !is_replayed && exchange.key.has_value();
        return is_replayed;
    }
    if (route.access != Access::anyone) {
        database_.read(exchange.tenant(), [&](Tx& tx) { identify(tx, exchange); });
    }
    return false;
}

void Dispatcher::identify(Tx& tx, Exchange& exchange) const {
    const Route& route = exchange.route();
    if (route.access == Access::anyone) return;
    require(exchange.claims.has_value(), unauthenticated, "Sign in to use this.");
    exchange.principal = identity::authenticate(tx, *exchange.claims);
    if (route.access == Access::permission) {
        exchange.match.api->guard()->require_allowed(tx, *exchange.principal, route.permission);
    }
    if (route.access != Access::roles) return;
    const bool has_role = std::ranges::any_of(
        route.roles, [&](const std::string& role) { return exchange.principal->has_role(role); });
    require(has_role, forbidden, "You do not have permission to do this.");
}

// True when the request was answered from the record of its first run.
bool Dispatcher::replay(Tx& tx, Exchange& exchange) const {
    if (!exchange.route().is_idempotent) return false;
    exchange.key = idempotency_key_of(exchange.request, exchange.caller(), exchange.route().path,
                                      exchange.match.api->services().keyring);
    if (!exchange.key) return false;
    exchange.response = claim_or_replay(tx, *exchange.key, exchange.match.api->services().keyring);
    return exchange.response.has_value();
}

void Dispatcher::run_handler(Tx& tx, Exchange& exchange) const {
    const Handler& handler = exchange.route().handler;
    const auto* principal = exchange.principal ? &*exchange.principal : nullptr;
    if (principal != nullptr && handler.form != Form::read) identity::note_activity(tx, *principal);
    Call call{tx,
              principal,
              exchange.match.api->services(),
              exchange.match.path_values,
              exchange.request.trace_id,
              exchange.request.remote_address,
              exchange.request.header("User-Agent"),
              exchange.request};
    auto answer = handler.run(call, exchange.parsed.get(), exchange.facts.get(), exchange.face().style());
    exchange.response = envelope(exchange, std::move(answer));
    if (exchange.key) store_answer(tx, *exchange.key, *exchange.response, call.services.keyring);
}

http::Response Dispatcher::envelope(const Exchange& exchange, Answer answer) const {
    const Route& route = exchange.route();
    if (answer.download) {
        const int status = answer.download->status != 0 ? answer.download->status : route.status;
        return {status, answer.download->content_type, answer.download->headers,
                std::move(answer.download->bytes)};
    }
    if (route.is_bare) return {route.status, "application/json", {}, std::move(answer.data)};
    const std::string_view message =
        answer.message.empty() ? std::string_view(route.message) : answer.message;
    auto context = exchange.context(exchange.received_at);
    context.meta = answer.meta;
    return {route.status, "application/json", {}, exchange.face().success(answer.data, message, context)};
}

http::Response Dispatcher::failed(const Exchange& exchange, std::exception_ptr error) const {
    try {
        std::rethrow_exception(error);
    } catch (const Failure& failure) {
        return refusal(exchange, failure);
    } catch (const std::exception& fault) {
        log::error("internal_error", {{"trace_id", exchange.request.trace_id},
                                      {"path", exchange.match.route != nullptr ? exchange.route().path : ""},
                                      {"cause", fault.what()}});
    } catch (...) {
        log::error("internal_error",
                   {{"trace_id", exchange.request.trace_id}, {"cause", "not an exception"}});
    }
    return refusal(exchange, Failure(internal_error, "Something went wrong on our side."));
}

http::Response Dispatcher::refusal(const Exchange& exchange, const Failure& failure) const {
    const Face& face = face_for(exchange.match);
    const auto context = exchange.context(exchange.received_at);
    auto response = wants_problem(exchange.request)
                        ? problem(failure, face.status_of(failure.reason()), context)
                        : face.failure(failure, context, exchange.limit ? &*exchange.limit : nullptr);
    if (failure.retry_after) {
        response.headers.push_back(
            {"Retry-After", std::to_string(std::max<std::int64_t>(1, failure.retry_after->count()))});
    }
    return response;
}

http::Response Dispatcher::refuse(const http::Request& head, int status, std::string_view message) const {
    const auto match = router_.find(head);
    const Face& face = face_for(match);
    const Reason reason = status == 404 ? not_found : Reason{kind_of_status(status), "bad_request"};
    auto response =
        face.failure(Failure(reason, std::string(message)), {head.trace_id, clock_.now()}, nullptr);
    response.status = status;
    add_headers(response, face);
    return response;
}

const Face& Dispatcher::face_for(const Match& match) const {
    return match.api != nullptr ? match.api->face() : fallback_;
}

void Dispatcher::finish(Exchange& exchange, http::Response response) {
    if (exchange.is_claimed && response.status >= 400) {
        // The claim was committed before the slow half; without this a corrected retry would wait for its
        // end.
        database_.submit_write(
            exchange.tenant(), [key = *exchange.key](Tx& tx) { release_claim(tx, key); },
            [](std::exception_ptr) {});
    }
    add_headers(response, face_for(exchange.match));
    if (exchange.match.route != nullptr)
        limits_.note_answer(*exchange.match.api, exchange.asker(), response.status);
    if (exchange.limit) add_limit_headers(response, *exchange.limit, clock_.now());
    response.headers.push_back({"X-Request-Id", exchange.request.trace_id});
    const auto took = std::chrono::steady_clock::now() - exchange.started;
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took);
    const std::string_view path =
        exchange.match.route != nullptr ? std::string_view(exchange.route().path) : "unknown";
    metrics_.count(exchange.request.method, path, response.status, micros);
    log::info("request", {{"trace_id", exchange.request.trace_id},
                          {"method", exchange.request.method},
                          {"route", path},
                          {"status", response.status},
                          {"micros", micros.count()},
                          {"user", exchange.principal ? exchange.principal->user_id.text() : std::string()}});
    exchange.respond(std::move(response));
}

}  // namespace pamoja::faces
