// How many durable jobs a runner does in a second, and how soon one starts; prints one JSON object.
#include <CLI/CLI.hpp>
#include <condition_variable>
#include <cstdio>
#include <future>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "jobs/queue.hpp"
#include "jobs/runner.hpp"

namespace pamoja::bench {
namespace {

using Steady = std::chrono::steady_clock;

const TenantId tenant("bench");
constexpr jobs::Kind nothing{"bench.nothing"};
constexpr jobs::Kind inside{"bench.inside"};
constexpr jobs::Kind outside{"bench.outside", jobs::Lane::outside};
constexpr int jobs_per_write = 500;

double seconds_since(Steady::time_point start) {
    return std::chrono::duration<double>(Steady::now() - start).count();
}

// A database with a queue, and what a process needs to work on it.
class Queue {
  public:
    explicit Queue(const std::string& url) : database_(open_database(url, clock_, random_)) {
        database_->migrate();
        handlers_.add(nothing,
                      [this](Tx& tx, const jobs::Job&) { tx.after_commit([this] { count_done(); }); });
        handlers_.add(inside, [this](Tx&, const jobs::Job&) { tell_start(); });
        handlers_.add(outside, [this](jobs::JobCall&) { tell_start(); });
    }

    // Jobs a second, from the first to the last of so many that wait already.
    double rate(int count, int jobs_per_commit) {
        for (int written = 0; written < count; written += jobs_per_write) {
            database_->write(tenant, [](Tx& tx) {
                for (int i = 0; i < jobs_per_write; ++i) jobs::enqueue(tx, {.kind = nothing});
            });
        }
        left_ = count;
        jobs::Runner runner(*database_, clock_, random_, handlers_, {.jobs_per_commit = jobs_per_commit});
        const auto start = Steady::now();
        runner.start();
        wait_until_none_is_left();
        return count / seconds_since(start);
    }

    // From the call that enqueues to the start of the handler, in milliseconds and in order of size.
    std::vector<double> start_latencies(const jobs::Kind& kind, int count) {
        jobs::Runner runner(*database_, clock_, random_, handlers_);
        runner.start();
        std::vector<double> latencies;
        for (int i = 0; i < count; ++i) {
            const auto started = expect_start();
            const auto start = Steady::now();
            database_->write(tenant, [&](Tx& tx) { jobs::enqueue(tx, {.kind = kind}); });
            started.wait();
            latencies.push_back(1000 * seconds_since(start));
        }
        std::ranges::sort(latencies);
        return latencies;
    }

  private:
    // The commit that made the effect of a job durable took its row away.
    void count_done() {
        const std::lock_guard lock(mutex_);
        if (--left_ == 0) none_left_.notify_one();
    }

    void wait_until_none_is_left() {
        std::unique_lock lock(mutex_);
        none_left_.wait(lock, [this] { return left_ == 0; });
    }

    std::shared_future<void> expect_start() {
        const std::lock_guard lock(mutex_);
        started_.emplace();
        return started_->get_future().share();
    }

    // A transaction that had to give way runs its work once more.
    void tell_start() {
        const std::lock_guard lock(mutex_);
        if (started_) started_->set_value();
        started_.reset();
    }

    SystemClock clock_;
    SystemRandom random_;
    jobs::Handlers handlers_;
    std::mutex mutex_;
    std::condition_variable none_left_;
    int left_ = 0;
    std::optional<std::promise<void>> started_;
    std::unique_ptr<Database> database_;
};

void print_latencies(const char* name, const std::vector<double>& sorted) {
    const auto at = [&](std::size_t percent) { return sorted[(sorted.size() - 1) * percent / 100]; };
    std::printf(", \"%s_p50_ms\": %.3f, \"%s_p99_ms\": %.3f", name, at(50), name, at(99));
}

void run(const std::string& url, int count) {
    Queue queue(url);
    queue.rate(jobs_per_write, 64);  // plans and caches
    std::printf("{\"batched\": %.1f", queue.rate(count, 64));
    std::printf(", \"commit_per_job\": %.1f", queue.rate(count / 2, 1));
    print_latencies("inside", queue.start_latencies(inside, 300));
    print_latencies("outside", queue.start_latencies(outside, 300));
    std::printf("}\n");
}

}  // namespace
}  // namespace pamoja::bench

int main(int argc, char** argv) {
    CLI::App program("Measures the job runner", "pamoja_jobs_bench");
    std::string url;
    int count = 50'000;
    program.add_option("--db", url, "sqlite:PATH or postgresql://…")->required();
    program.add_option("--jobs", count);
    CLI11_PARSE(program, argc, argv);
    try {
        pamoja::bench::run(url, count);
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "pamoja_jobs_bench: %s\n", fault.what());
        return 2;
    }
    return 0;
}
