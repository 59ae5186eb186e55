#include "db/internal/submission.hpp"

namespace pamoja {
namespace {

constexpr std::size_t waiting_max = 20'000;

}  // namespace

void Submission::complete() {
    if (!error) {
        for (const auto& action : after_commit) action();
    }
    done(error);
    work = nullptr;
    done = nullptr;
    after_commit.clear();
}

void submit(Submissions& queue, TenantId tenant, Work work, Done done) {
    auto submission = std::make_shared<Submission>();
    submission->tenant = std::move(tenant);
    submission->work = std::move(work);
    submission->done = std::move(done);
    if (queue.put(submission, waiting_max)) return;
    submission->done(
        std::make_exception_ptr(Failure(unavailable, "The service is too busy. Please try again.")));
}

std::exception_ptr outage() {
    return std::make_exception_ptr(Failure(unavailable, "The service cannot store data at the moment."));
}

}  // namespace pamoja
