#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "http/message.hpp"

namespace pamoja::http {

struct ServerConfig {
    std::vector<std::uint16_t> ports;  // 0 asks the system for a free one
    std::string address = "127.0.0.1";
    int threads = 2;
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t connections_max = 10'000;
    // From the first byte of a request to the end of its head.
    std::chrono::milliseconds header_timeout{10'000};
    std::chrono::milliseconds body_timeout{30'000};   // and a second more for each 64 KiB that has arrived
    std::chrono::milliseconds idle_timeout{75'000};   // between two requests of a connection
    std::chrono::milliseconds write_timeout{30'000};  // without the client taking anything of an answer
    std::chrono::milliseconds stop_timeout{10'000};   // how long stop() waits for requests in flight
    // Addresses or networks ("10.0.0.0/8") that may say in X-Forwarded-For who is calling.
    std::vector<std::string> trusted_proxies;
    Random* random = nullptr;  // of the trace ids; the system's generator when null
};

// Serves HTTP/1.1 and HTTP/1.0 on its own threads. Requests of one connection are answered in order. A
// handler that throws, or drops its responder, is answered with 500.
class Server {
  public:
    // The application must outlive the server. Throws std::invalid_argument for a proxy that is no address.
    Server(ServerConfig, Application&);
    ~Server();  // stops

    // Listens and serves; throws std::system_error where an address cannot be had.
    void start();
    // The ports that it listens on, in the order of the configuration.
    std::vector<std::uint16_t> ports() const;
    // Takes no more connections, lets requests in flight finish within stop_timeout, closes the rest and
    // returns. Not to be called from a handler.
    void stop();

  private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace pamoja::http
