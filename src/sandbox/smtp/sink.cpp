#include "sandbox/smtp/sink.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "sandbox/smtp/mail_reader.hpp"
#include "sandbox/smtp/session.hpp"

namespace pamoja::sandbox {
namespace {

constexpr std::size_t connections_max = 64;
constexpr std::size_t line_length_max = 64 * 1024;
constexpr time_t silence_seconds_max = 60;

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in socket_address(const std::string& address, std::uint16_t port) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_port = htons(port);
    if (::inet_pton(AF_INET, address.c_str(), &result.sin_addr) != 1) {
        throw std::system_error(EINVAL, std::generic_category(), "mail sink: " + address);
    }
    return result;
}

bool send_all(int socket, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void limit_silence(int socket) {
    const timeval limit{.tv_sec = silence_seconds_max, .tv_usec = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

// Cuts what arrives into lines.
class LineReader {
  public:
    explicit LineReader(int socket) : socket_(socket) {}

    // False when the other side is gone, silent for too long, or writes a line that never ends.
    bool next(std::string& line) {
        std::string::size_type end;
        while ((end = received_.find('\n', seen_)) == std::string::npos) {
            seen_ = received_.size();
            if (received_.size() > line_length_max || !receive()) return false;
        }
        line = received_.substr(0, end);
        if (line.ends_with('\r')) line.pop_back();
        received_.erase(0, end + 1);
        seen_ = 0;
        return true;
    }

  private:
    bool receive() {
        std::array<char, 16 * 1024> bytes;
        ssize_t count;
        do {
            count = ::recv(socket_, bytes.data(), bytes.size(), 0);
        } while (count < 0 && errno == EINTR);
        if (count > 0) received_.append(bytes.data(), static_cast<std::size_t>(count));
        return count > 0;
    }

    int socket_;
    std::string received_;
    std::size_t seen_ = 0;
};

}  // namespace

SmtpSink::~SmtpSink() {
    stop();
}

void SmtpSink::start() {
    sockaddr_in place = socket_address(address_, port_);
    auto* generic = reinterpret_cast<sockaddr*>(&place);
    socklen_t length = sizeof place;
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener_ < 0) fail("mail sink: socket");
    const int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(listener_, generic, length) != 0 || ::listen(listener_, SOMAXCONN) != 0 ||
        ::getsockname(listener_, generic, &length) != 0) {
        const std::system_error error(errno, std::generic_category(),
                                      "mail sink: port " + std::to_string(port_));
        ::close(listener_);
        listener_ = -1;
        throw error;
    }
    port_ = ntohs(place.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

void SmtpSink::stop() {
    if (listener_ < 0) return;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    listener_ = -1;
    {
        const std::lock_guard lock(mutex_);
        for (const Connection& connection : connections_) ::shutdown(connection.socket, SHUT_RDWR);
    }
    // Only the acceptor adds to the list, and it has ended.
    for (Connection& connection : connections_) {
        connection.thread.join();
        ::close(connection.socket);
    }
    connections_.clear();
}

void SmtpSink::accept_all() {
    for (;;) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
        if (socket < 0) return;
        limit_silence(socket);
        reap_finished();
        const std::lock_guard lock(mutex_);
        if (connections_.size() >= connections_max) {
            send_all(socket, "421 too many connections\r\n");
            ::close(socket);
            continue;
        }
        Connection& connection = connections_.emplace_back();
        connection.socket = socket;
        connection.thread = std::thread([this, &connection] { serve(connection); });
    }
}

void SmtpSink::serve(Connection& connection) {
    talk(connection.socket);
    ::shutdown(connection.socket, SHUT_RDWR);
    const std::lock_guard lock(mutex_);
    connection.is_over = true;
}

void SmtpSink::talk(int socket) {
    SmtpSession session([this](const std::string& recipient, const std::string& mail) {
        ReadMail read = read_mail(mail);
        inbox_.add({.channel = Channel::email,
                    .to = recipient,
                    .subject = std::move(read.subject),
                    .text = std::move(read.text),
                    .html = std::move(read.html)});
    });
    LineReader reader(socket);
    if (!send_all(socket, SmtpSession::greeting())) return;
    std::string line;
    while (!session.is_over() && reader.next(line)) {
        const std::string answer = session.take(line);
        if (!answer.empty() && !send_all(socket, answer)) return;
    }
}

void SmtpSink::reap_finished() {
    std::list<Connection> finished;
    {
        const std::lock_guard lock(mutex_);
        for (auto each = connections_.begin(); each != connections_.end();) {
            const auto next = std::next(each);
            if (each->is_over) finished.splice(finished.end(), connections_, each);
            each = next;
        }
    }
    for (Connection& connection : finished) {
        connection.thread.join();
        ::close(connection.socket);
    }
}

}  // namespace pamoja::sandbox
