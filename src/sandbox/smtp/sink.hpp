#pragma once
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "sandbox/inbox.hpp"

namespace pamoja::sandbox {

// A mail server that puts everything into the inbox. One thread a connection, a bounded number of them.
class SmtpSink {
  public:
    SmtpSink(std::string address, std::uint16_t port, Inbox& inbox)
        : address_(std::move(address)), port_(port), inbox_(inbox) {}
    ~SmtpSink();  // stops

    void start();  // throws std::system_error
    void stop();
    std::uint16_t port() const { return port_; }  // once it has started

  private:
    struct Connection {
        int socket = -1;
        bool is_over = false;
        std::thread thread{};
    };

    void accept_all();
    void serve(Connection&);
    void talk(int socket);
    void reap_finished();

    const std::string address_;
    std::uint16_t port_;
    Inbox& inbox_;
    int listener_ = -1;
    std::thread acceptor_;
    std::mutex mutex_;
    std::list<Connection> connections_;
};

}  // namespace pamoja::sandbox
