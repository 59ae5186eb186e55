#pragma once
#include <condition_variable>
#include <exception>
#include <memory>

#include "db/tx.hpp"

namespace pamoja {

enum class Engine { sqlite, postgres };

using Work = std::function<void(Tx&)>;
using Done = std::function<void(std::exception_ptr)>;

// The database behind everything, whichever engine it is. Thread-safe.
//
// Work runs in one serializable transaction of one tenant, perhaps more than once, so it has no side effects
// outside its Tx. What it throws rolls its changes back and reaches `done`. Failure(unavailable) is what a
// lost server, a full disk or too many conflicts come to; nothing was written then, unless the server was
// lost while it committed: nobody knows in that case, and a caller that must know asks again.
class Database {
  public:
    virtual ~Database() = default;
    virtual Engine engine() const = 0;

    // `done` is called once, on a thread of the database: after the commit is durable, or with what went
    // wrong.
    virtual void submit_write(TenantId, Work, Done) = 0;
    virtual void submit_read(TenantId, Work, Done) = 0;

    // Brings the schema up to date. Call before anything else.
    virtual void migrate() = 0;
    // Whether a small write would succeed now, for readiness checks. Does not throw.
    virtual bool is_ready() = 0;

    // The blocking forms, for jobs, commands and tests: return what `work` returns. Never call them from
    // within work or from a thread of the database.
    template <class F>
    auto write(const TenantId& tenant, F work) {
        return wait_for<F>(std::move(work),
                           [&](Work w, Done d) { submit_write(tenant, std::move(w), std::move(d)); });
    }
    template <class F>
    auto read(const TenantId& tenant, F work) {
        return wait_for<F>(std::move(work),
                           [&](Work w, Done d) { submit_read(tenant, std::move(w), std::move(d)); });
    }

  private:
    struct Signal {
        std::mutex mutex;
        std::condition_variable condition;
        bool is_done = false;
        std::exception_ptr error;
    };

    template <class F, class Submit>
    static auto wait_for(F work, Submit submit) {
        using Result = std::invoke_result_t<F, Tx&>;
        Signal signal;
        const auto finish = [&signal](std::exception_ptr error) {
            const std::lock_guard lock(signal.mutex);
            signal.error = std::move(error);
            signal.is_done = true;
            signal.condition.notify_one();
        };
        const auto wait = [&signal] {
            std::unique_lock lock(signal.mutex);
            signal.condition.wait(lock, [&] { return signal.is_done; });
            if (signal.error) std::rethrow_exception(signal.error);
        };
        if constexpr (std::is_void_v<Result>) {
            submit([&](Tx& tx) { work(tx); }, finish);
            wait();
        } else {
            std::optional<Result> result;
            submit([&](Tx& tx) { result.emplace(work(tx)); }, finish);
            wait();
            return std::move(*result);
        }
    }
};

// Opens "sqlite:PATH" or "postgresql://…". Throws std::runtime_error when that is impossible. The clock and
// the random source must outlive it.
std::unique_ptr<Database> open_database(const std::string& url, const Clock&, Random&);

}  // namespace pamoja
