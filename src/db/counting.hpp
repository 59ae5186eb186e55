#pragma once
#include <atomic>
#include <map>
#include <mutex>

#include "db/database.hpp"

namespace pamoja::testing {

// Passes everything on to a database and counts it, for tests of what work costs that no clock disturbs.
class CountingDatabase : public Database {
  public:
    explicit CountingDatabase(Database& counted) : counted_(counted) {}

    Engine engine() const override { return counted_.engine(); }
    void migrate() override { counted_.migrate(); }
    bool is_ready() override { return counted_.is_ready(); }

    void submit_write(TenantId tenant, Work work, Done done) override {
        {
            const std::lock_guard lock(mutex_);
            ++writes_[tenant];
        }
        counted_.submit_write(std::move(tenant), std::move(work), std::move(done));
    }

    void submit_read(TenantId tenant, Work work, Done done) override {
        ++reads_;
        counted_.submit_read(std::move(tenant), std::move(work), std::move(done));
    }

    void forget() {
        const std::lock_guard lock(mutex_);
        writes_.clear();
        reads_ = 0;
    }

    std::int64_t reads() const { return reads_; }
    // The write transactions of each tenant.
    std::map<TenantId, std::int64_t> writes() const {
        const std::lock_guard lock(mutex_);
        return writes_;
    }

  private:
    Database& counted_;
    mutable std::mutex mutex_;
    std::map<TenantId, std::int64_t> writes_;
    std::atomic<std::int64_t> reads_ = 0;
};

}  // namespace pamoja::testing
