#pragma once
#include <atomic>
#include <memory>

#include "http/message.hpp"

namespace pamoja::http::internal {

class Connection;

// Carries the answer to one request from whatever thread to its connection. Only the first answer counts;
// when the last copy of the responder is gone without one, the connection is told.
class Exchange {
  public:
    explicit Exchange(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    void answer(Response);

  private:
    std::shared_ptr<Connection> connection_;
    std::atomic<bool> is_answered_{false};
};

}  // namespace pamoja::http::internal
