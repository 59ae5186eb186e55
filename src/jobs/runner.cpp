#include "jobs/runner.hpp"

#include "jobs/internal/core.hpp"

namespace pamoja::jobs {

Runner::Runner(Database& database, const Clock& clock, Random& random, const Handlers& handlers,
               RunnerOptions options)
    : core_(std::make_unique<Core>(database, clock, random, handlers, std::move(options))) {}

Runner::~Runner() = default;

void Runner::start() {
    core_->start();
}

void Runner::stop() {
    core_->stop();
}

void Runner::drain() {
    core_->drain();
}

void Runner::run_due_until(Timestamp target, const std::function<void(std::chrono::microseconds)>& advance) {
    core_->run_due_until(target, advance);
}

}  // namespace pamoja::jobs
