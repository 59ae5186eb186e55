#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace pamoja::web {

// A server for tests of clients: takes connections on 127.0.0.1 and does with each what the test says.
class LoopbackServer {
  public:
    // One connection, as the test's handler sees it.
    class Peer {
      public:
        explicit Peer(int socket) : socket_(socket) {}
        int socket() const { return socket_; }

        void send(std::string_view bytes) const {
            static_cast<void>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
        }

        // Up to and with the next line end; empty when the client is gone.
        std::string line() {
            std::string::size_type end;
            while ((end = buffer_.find('\n')) == std::string::npos) {
                if (!receive()) return {};
            }
            return take(end + 1);
        }

        // One HTTP request with its body; empty when the client is gone.
        std::string request() {
            std::string::size_type end;
            while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
                if (!receive()) return {};
            }
            const auto mark = buffer_.find("Content-Length: ");
            std::size_t body = 0;
            if (mark < end) std::from_chars(buffer_.data() + mark + 16, buffer_.data() + end, body);
            while (buffer_.size() < end + 4 + body) {
                if (!receive()) return {};
            }
            return take(end + 4 + body);
        }

        // True once the client has closed; false when it still listens after that long.
        bool is_closed_within(int timeout_ms) const {
            pollfd poll_entry{.fd = socket_, .events = POLLIN, .revents = 0};
            char byte;
            return ::poll(&poll_entry, 1, timeout_ms) == 1 && ::recv(socket_, &byte, 1, MSG_PEEK) <= 0;
        }

      private:
        bool receive() {
            char bytes[4096];
            const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
            if (count > 0) buffer_.append(bytes, static_cast<std::size_t>(count));
            return count > 0;
        }
        std::string take(std::size_t count) {
            std::string text = buffer_.substr(0, count);
            buffer_.erase(0, count);
            return text;
        }

        int socket_;
        std::string buffer_;
    };

    using Handler = std::function<void(Peer&)>;
    // Gives the whole answer to a request; an empty one closes the connection.
    using Answer = std::function<std::string(const std::string& request)>;

    explicit LoopbackServer(Handler handler)
        : handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, generic, length) != 0 || ::listen(listener_, 64) != 0 ||
            ::getsockname(listener_, generic, &length) != 0) {
            throw std::runtime_error("cannot listen on loopback");
        }
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }

    // Answers every request and keeps connections open.
    static Handler http(Answer answer, std::atomic<int>* requests_count = nullptr) {
        return [answer = std::move(answer), requests_count](Peer& peer) {
            for (std::string request = peer.request(); !request.empty(); request = peer.request()) {
                if (requests_count != nullptr) ++*requests_count;
                const std::string text = answer(request);
                if (text.empty()) return;
                peer.send(text);
            }
        };
    }

    ~LoopbackServer() {
        ::shutdown(listener_, SHUT_RDWR);
        acceptor_.join();
        {
            const std::lock_guard lock(mutex_);
            for (int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
        }
        for (auto& thread : threads_) thread.join();
        for (int socket : sockets_) ::close(socket);
        ::close(listener_);
    }
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    int port() const { return port_; }
    int connections() const { return connections_; }
    std::string url(std::string_view path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
    }

  private:
    void accept_all() {
        for (;;) {
            const int socket = ::accept(listener_, nullptr, nullptr);
            if (socket < 0) return;
            ++connections_;
            const std::lock_guard lock(mutex_);
            sockets_.push_back(socket);
            threads_.emplace_back([this, socket] {
                Peer peer(socket);
                handler_(peer);
                ::shutdown(socket, SHUT_RDWR);
            });
        }
    }

    Handler handler_;
    int listener_;
    int port_ = 0;
    std::atomic<int> connections_{0};
    std::mutex mutex_;
    std::vector<int> sockets_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

inline std::string http_answer(int status, std::string_view body, std::string_view headers = "") {
    return "HTTP/1.1 " + std::to_string(status) +
           " Status\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) +
           "\r\n" + std::string(body);
}

}  // namespace pamoja::web
