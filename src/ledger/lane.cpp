#include "ledger/lane.hpp"

#include <condition_variable>
#include <deque>
#include <iterator>
#include <mutex>
#include <unordered_map>

#include "ledger/internal/batches.hpp"

namespace pamoja::ledger {
namespace {

constexpr std::size_t batch_max = 512;
constexpr std::size_t piece_max = 16;
constexpr std::size_t waiting_max = 20'000;

struct Item {
    internal::PreparedPosting posting;
    PostingLane::Outcome done;
};

struct Batch {
    TenantId tenant;
    std::vector<internal::PreparedPosting> postings;
    std::vector<PostingLane::Outcome> outcomes;
    std::vector<TransactionId> ids;  // of the attempt that committed

    void add(internal::PreparedPosting posting, PostingLane::Outcome done) {
        postings.push_back(std::move(posting));
        outcomes.push_back(std::move(done));
    }
    void write(Tx& tx, internal::Statements statements) {
        if (postings.size() == 1) {
            ids = {post(tx, postings.front().posting).id};
        } else {
            ids = internal::book_all(tx, postings, statements);
        }
    }
    void tell(const std::exception_ptr& error) {
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            outcomes[i](error, error ? TransactionId() : std::move(ids[i]));
        }
    }
};

using BatchPointer = std::shared_ptr<Batch>;

// What there is to do for one tenant. Pieces are of batches that did not go through whole.
struct Line {
    std::deque<Item> waiting;
    std::deque<BatchPointer> pieces;
    int in_flight = 0;
    bool is_sending = false;

    bool is_empty() const { return waiting.empty() && pieces.empty() && in_flight == 0 && !is_sending; }
};

BatchPointer whole_batch(const TenantId& tenant, std::deque<Item>& waiting) {
    auto batch = std::make_shared<Batch>();
    batch->tenant = tenant;
    while (!waiting.empty() && batch->postings.size() < batch_max) {
        batch->add(std::move(waiting.front().posting), std::move(waiting.front().done));
        waiting.pop_front();
    }
    return batch;
}

// A few smaller batches first, so that the sound ones among many need not all go one by one.
std::deque<BatchPointer> taken_apart(Batch& batch) {
    const std::size_t size_max = batch.postings.size() > piece_max ? piece_max : 1;
    std::deque<BatchPointer> pieces;
    for (std::size_t i = 0; i < batch.postings.size(); ++i) {
        if (i % size_max == 0) {
            pieces.push_back(std::make_shared<Batch>());
            pieces.back()->tenant = batch.tenant;
        }
        pieces.back()->add(std::move(batch.postings[i]), std::move(batch.outcomes[i]));
    }
    return pieces;
}

}  // namespace

class PostingLane::State {
  public:
    explicit State(Database& database)
        : database_(database),
          pieces_in_flight_max_(database.engine() == Engine::sqlite ? 64 : 1),
          statements_(database.engine() == Engine::sqlite ? internal::Statements::row_by_row
                                                          : internal::Statements::arrays) {}

    void submit(const TenantId& tenant, Item item) {
        {
            const std::lock_guard lock(mutex_);
            Line& line = lines_[tenant];
            if (line.waiting.size() < waiting_max) {
                line.waiting.push_back(std::move(item));
                item.done = nullptr;
            }
        }
        if (item.done) {
            item.done(
                std::make_exception_ptr(Failure(unavailable, "The service is too busy. Please try again.")),
                {});
        }
        send(tenant);
    }

    void wait_until_empty() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return lines_.empty() && telling_ == 0; });
    }

  private:
    // The next batch that may be written now. SQLite commits pieces in one group; on PostgreSQL they would
    // only get into each other's way.
    BatchPointer take(const TenantId& tenant, Line& line) const {
        if (line.in_flight >= (line.pieces.empty() ? 1 : pieces_in_flight_max_)) return nullptr;
        if (line.pieces.empty()) return line.waiting.empty() ? nullptr : whole_batch(tenant, line.waiting);
        BatchPointer piece = std::move(line.pieces.front());
        line.pieces.pop_front();
        return piece;
    }

    // One thread at a time sends for a tenant. A database that refuses at once calls finish() from in here,
    // which then leaves the rest to this loop instead of going ever deeper.
    void send(const TenantId& tenant) {
        std::unique_lock lock(mutex_);
        const auto found = lines_.find(tenant);
        if (found == lines_.end() || found->second.is_sending) return;
        Line& line = found->second;
        line.is_sending = true;
        while (BatchPointer batch = take(tenant, line)) {
            ++line.in_flight;
            lock.unlock();
            database_.submit_write(
                tenant, [batch, statements = statements_](Tx& tx) { batch->write(tx, statements); },
                [this, batch](const std::exception_ptr& error) { finish(*batch, error); });
            lock.lock();
        }
        line.is_sending = false;
        forget_if_empty(tenant);
    }

    // The next batch goes on its way before anybody hears of this one.
    void finish(Batch& batch, const std::exception_ptr& error) {
        const bool is_settled = !error || batch.postings.size() == 1;
        {
            const std::lock_guard lock(mutex_);
            Line& line = lines_.at(batch.tenant);
            if (!is_settled) std::ranges::move(taken_apart(batch), std::back_inserter(line.pieces));
            // While its outcomes are told a batch still counts for the destructor.
            ++telling_;
            --line.in_flight;
        }
        send(batch.tenant);
        if (is_settled) batch.tell(error);
        const std::lock_guard lock(mutex_);
        --telling_;
        forget_if_empty(batch.tenant);
    }

    void forget_if_empty(const TenantId& tenant) {
        const auto found = lines_.find(tenant);
        if (found != lines_.end() && found->second.is_empty()) lines_.erase(found);
        if (lines_.empty() && telling_ == 0) changed_.notify_all();
    }

    Database& database_;
    const int pieces_in_flight_max_;
    const internal::Statements statements_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::unordered_map<TenantId, Line> lines_;
    int telling_ = 0;
};

PostingLane::PostingLane(Database& database) : state_(std::make_unique<State>(database)) {}

PostingLane::~PostingLane() {
    state_->wait_until_empty();
}

void PostingLane::submit(const TenantId& tenant, Transfer transfer, Outcome done) {
    std::optional<internal::PreparedPosting> posting;
    try {
        posting = internal::prepared(std::move(transfer));
    } catch (...) {
        done(std::current_exception(), {});
        return;
    }
    state_->submit(tenant, {std::move(*posting), std::move(done)});
}

}  // namespace pamoja::ledger
