// The smallest server that posts durable transfers: our HTTP, our JSON, our ledger, and nothing between them.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <latch>

#include "base/clock.hpp"
#include "http/server.hpp"
#include "identity/tenants.hpp"
#include "json/value.hpp"
#include "ledger/lane.hpp"

namespace pamoja::bench {
namespace {

const TenantId tenant("bench");
const Currency kes("KES");
constexpr std::int64_t opening_minor = 1'000'000'000;
// What bench/nginx.conf answers too.
constexpr std::string_view small_body =
    R"({"status":"ok","detail":"These bytes are what servers are compared by: a small answer, from memory"})";

http::Response response(int status, std::string body) {
    http::Response made;
    made.status = status;
    made.body = std::move(body);
    return made;
}

http::Response refusal(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const Failure& failure) {
        const bool is_ours = failure.reason().kind == FailureKind::unavailable;
        return response(is_ours ? 503 : 409, "{\"code\":\"" + std::string(failure.reason().code) + "\"}");
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "pamoja_bench: %s\n", fault.what());
        return response(500, R"({"code":"internal_error"})");
    }
}

// POST /transfers {"from": 1, "to": 2, "amount": 50, "reference": "…"} and GET /small.
class TransferServer : public http::Application {
  public:
    TransferServer(ledger::PostingLane& lane, std::vector<ledger::Account> accounts)
        : lane_(lane), accounts_(std::move(accounts)) {}

    http::BodyLimit body_limit(const http::Request&) const override { return {4096}; }

    void handle(http::Request request, http::Responder respond) override {
        if (request.path == "/transfers" && request.method == "POST") {
            post(request, std::move(respond));
        } else if (request.path == "/small") {
            respond(response(200, std::string(small_body)));
        } else if (request.path == "/healthz") {
            respond(response(200, R"({"status":"ok"})"));
        } else {
            respond(response(404, R"({"code":"not_found"})"));
        }
    }

    http::Response refuse(const http::Request&, int status, std::string_view) const override {
        return response(status, R"({"code":"refused"})");
    }

  private:
    void post(const http::Request& request, http::Responder respond) {
        try {
            lane_.submit(tenant, transfer_of(json::parse(request.body)),
                         [respond](const std::exception_ptr& error, const ledger::TransactionId& id) {
                             respond(error ? refusal(error)
                                           : response(201, "{\"transaction\":\"" + id.text() + "\"}"));
                         });
        } catch (const Failure&) {
            respond(refusal(std::current_exception()));
        }
    }

    ledger::Transfer transfer_of(const json::Value& body) const {
        const auto* amount = body.find("amount");
        const auto* reference = body.find("reference");
        const auto minor = amount != nullptr ? amount->integer() : std::nullopt;
        require(minor && reference != nullptr, validation_failed,
                "A transfer needs an amount and a reference.");
        return {.from = account(body, "from"),
                .to = account(body, "to"),
                .amount = Money(*minor, kes),
                .reference = reference->text_or_empty()};
    }

    const ledger::Account& account(const json::Value& body, std::string_view name) const {
        const auto* number = body.find(name);
        const auto index = number != nullptr ? number->integer() : std::nullopt;
        require(index && *index >= 0 && *index < std::ssize(accounts_), not_found,
                "There is no such account.");
        return accounts_[static_cast<std::size_t>(*index)];
    }

    ledger::PostingLane& lane_;
    std::vector<ledger::Account> accounts_;
};

std::vector<ledger::Account> open_accounts(Database& database, std::size_t count) {
    std::vector<ledger::Account> accounts;
    while (accounts.size() < count) {
        const std::size_t first = accounts.size();
        const auto opened = database.write(tenant, [&](Tx& tx) {
            std::vector<ledger::Account> some;
            for (std::size_t i = first; i < std::min(count, first + 500); ++i) {
                some.push_back(account_of(tx, ledger::customer("user:" + std::to_string(i), "wallet", kes)));
            }
            return some;
        });
        accounts.insert(accounts.end(), opened.begin(), opened.end());
    }
    return accounts;
}

void fund(Database& database, ledger::PostingLane& lane, const std::vector<ledger::Account>& accounts) {
    const auto cash = database.write(tenant, [](Tx& tx) {
        return account_of(tx, ledger::house("float", ledger::AccountKind::asset, kes));
    });
    std::latch is_funded(std::ssize(accounts));
    std::atomic<int> refused = 0;
    for (const auto& account : accounts) {
        lane.submit(tenant,
                    {.from = cash,
                     .to = account,
                     .amount = Money(opening_minor, kes),
                     .reference = "fund:" + account.code},
                    [&](const std::exception_ptr& error, const ledger::TransactionId&) {
                        refused += error ? 1 : 0;
                        is_funded.count_down();
                    });
    }
    is_funded.wait();
    if (refused != 0) throw std::runtime_error("the accounts could not be funded");
}

void run(const std::string& url, std::uint16_t port, std::size_t accounts_count) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    SystemClock clock;
    SystemRandom random;
    const auto database = open_database(url, clock, random);
    database->migrate();
    database->write(every_tenant(), [](Tx& tx) {
        identity::ensure_tenant(tx, {.id = tenant, .face = "bench", .name = "Benchmark", .currency = kes});
    });
    ledger::PostingLane lane(*database);
    const auto accounts = open_accounts(*database, accounts_count);
    fund(*database, lane, accounts);

    TransferServer application(lane, accounts);
    http::ServerConfig config;
    config.ports = {port};
    http::Server server(config, application);
    server.start();
    int signal = 0;
    sigwait(&signals, &signal);
    server.stop();
}

}  // namespace
}  // namespace pamoja::bench

int main(int argc, char** argv) {
    CLI::App program("Posts transfers for the benchmarks", "pamoja_bench");
    std::string url;
    std::uint16_t port = 0;
    std::size_t accounts_count = 10'000;
    program.add_option("--db", url, "sqlite:PATH or postgresql://…")->required();
    program.add_option("--port", port)->required();
    program.add_option("--accounts", accounts_count);
    CLI11_PARSE(program, argc, argv);
    try {
        pamoja::bench::run(url, port, accounts_count);
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "pamoja_bench: %s\n", fault.what());
        return 2;
    }
    return 0;
}
