#pragma once
#include <memory>
#include <vector>

#include "http/internal/loop.hpp"

namespace pamoja::http::internal {

// Listens on one port and deals the connections out to the loops in turn. Lives on the first loop.
class Listener {
  public:
    // Throws std::system_error where the address cannot be had.
    Listener(const std::vector<std::shared_ptr<Loop>>&, std::uint16_t port);

    std::uint16_t port() const { return port_; }
    void start() { accept(); }
    // Takes in what already waits in the queue, so that it is not reset, and listens no more.
    void stop();

  private:
    void accept();
    void on_accepted(ErrorCode, Socket);
    void hand_over(Socket, const asio::ip::tcp::endpoint& peer);
    void pause();
    Loop& next_loop() { return *loops_[next_ % loops_.size()]; }

    const std::vector<std::shared_ptr<Loop>>& loops_;
    Acceptor acceptor_;
    Timer pause_timer_;
    asio::ip::tcp::endpoint peer_;
    std::size_t next_ = 0;
    std::uint16_t port_ = 0;
};

}  // namespace pamoja::http::internal
