#pragma once
// A client for tests that sends whatever bytes it is told to.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "http/internal/text.hpp"

namespace pamoja::http::internal {

class RawClient {
  public:
    // A small receive buffer makes a client that takes little while it does not read.
    explicit RawClient(std::uint16_t port, int receive_buffer_bytes = 0) : RawClient(receive_buffer_bytes) {
        connect_to(port);
    }
    explicit RawClient(int receive_buffer_bytes) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_buffer_bytes > 0)
            setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    }
    ~RawClient() { close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void connect_to(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("cannot connect");
    }

    // False when the server has closed the connection meanwhile.
    bool write(std::string_view bytes) {
        while (!bytes.empty()) {
            auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    void end_writing() { shutdown(socket_, SHUT_WR); }

    // Makes the coming close a reset.
    void reset_on_close() {
        linger option{1, 0};
        setsockopt(socket_, SOL_SOCKET, SO_LINGER, &option, sizeof option);
    }

    bool can_read(std::chrono::milliseconds timeout) {
        pollfd entry{socket_, POLLIN, 0};
        return poll(&entry, 1, static_cast<int>(timeout.count())) == 1;
    }

    // Everything until the server closes; ends with "<open>" when it does not within the time-out.
    std::string read_all(std::chrono::milliseconds timeout = std::chrono::seconds(5)) {
        while (true) {
            if (!can_read(timeout)) return take(pending_.size()) + "<open>";
            if (!receive()) return take(pending_.size());
        }
    }

    // The next answer, framed by its Content-Length; what came of it when the server closes or is silent for
    // long.
    std::string read_answer() {
        while (true) {
            auto end = pending_.find("\r\n\r\n");
            if (end != std::string::npos) {
                auto bytes = end + 4 + content_length(std::string_view(pending_).substr(0, end + 2));
                if (pending_.size() >= bytes) return take(bytes);
            }
            if (!can_read(std::chrono::seconds(5)) || !receive()) return take(pending_.size());
        }
    }

  private:
    static std::size_t content_length(std::string_view head) {
        constexpr std::string_view name = "\r\nContent-Length: ";
        auto found = head.find(name);
        if (found == std::string_view::npos) return 0;
        head.remove_prefix(found + name.size());
        return parse_digits(take_until(head, '\r')).value_or(0);
    }

    bool receive() {
        char bytes[16 * 1024];
        auto count = recv(socket_, bytes, sizeof bytes, 0);
        if (count <= 0) return false;
        pending_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }

    std::string take(std::size_t bytes) {
        std::string taken = pending_.substr(0, bytes);
        pending_.erase(0, bytes);
        return taken;
    }

    int socket_;
    std::string pending_;
};

}  // namespace pamoja::http::internal
