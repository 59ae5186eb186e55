#pragma once
#include <exception>
#include <functional>
#include <memory>

#include "db/database.hpp"
#include "ledger/transactions.hpp"

namespace pamoja::ledger {

// Posts transfers that need nothing else in their transaction, many at a time: what arrives while a batch of
// the tenant is being written goes into the next one, with few statements and one commit for all of it. What
// comes of each transfer is what post would have made of it; a batch that does not go through whole is taken
// apart, so that one refusal costs the others only time.
//
// One batch of a tenant is written at a time, so an account that everybody pays into makes nobody wait for
// anything but its turn. Thread-safe.
class PostingLane {
  public:
    // Hears what went wrong, or the transaction; on a thread of the database or of the caller, after the
    // commit is durable. Must be short and must not throw.
    using Outcome = std::function<void(std::exception_ptr, TransactionId)>;

    // The database must outlive the lane.
    explicit PostingLane(Database& database);
    // Waits until all that was submitted has its outcome; not on a thread of the database.
    ~PostingLane();
    PostingLane(const PostingLane&) = delete;

    // Idempotent by reference, like post. What post throws reaches `done`, and Failure(unavailable) does when
    // too much waits already.
    void submit(const TenantId&, Transfer, Outcome done);

  private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace pamoja::ledger
