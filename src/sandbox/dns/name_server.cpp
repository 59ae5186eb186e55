#include "sandbox/dns/name_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "describe/fields.hpp"
#include "sandbox/listing.hpp"

namespace pamoja::sandbox {
namespace {

constexpr std::size_t packet_bytes_max = 4096;

struct TxtRecords {
    std::string name;
    std::vector<std::string> values;

    void describe(Fields& f) {
        f("name", name);
        f("values", values).length(0, 16);
    }
};

struct Proof {
    std::string domain;
    std::string text;

    void describe(Fields& f) {
        f("domain", domain);
        f("text", text).length(0, 400);
    }
};

http::Response plain(int status, std::string text) {
    http::Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(text);
    return response;
}

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), "name server: " + what);
}

}  // namespace

NameServer::~NameServer() {
    stop();
}

void NameServer::start() {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port_);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = reinterpret_cast<sockaddr*>(&place);
    socklen_t length = sizeof place;
    const int opened = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (opened < 0) fail("socket");
    if (::bind(opened, generic, length) != 0 || ::getsockname(opened, generic, &length) != 0) {
        const std::system_error error(errno, std::generic_category(),
                                      "name server: port " + std::to_string(port_));
        ::close(opened);
        throw error;
    }
    socket_ = opened;
    port_ = ntohs(place.sin_port);
    wake_ = ::eventfd(0, EFD_CLOEXEC);
    if (wake_ < 0) fail("eventfd");
    thread_ = std::thread([this] { answer_all(); });
}

void NameServer::stop() {
    if (thread_.joinable()) {
        const std::uint64_t one = 1;
        while (::write(wake_, &one, sizeof one) < 0 && errno == EINTR) {
        }
        thread_.join();
    }
    for (int* handle : {&socket_, &wake_}) {
        if (*handle >= 0) ::close(*handle);
        *handle = -1;
    }
}

void NameServer::answer_all() {
    std::array<char, packet_bytes_max> bytes;
    for (;;) {
        std::array<pollfd, 2> waiting{pollfd{.fd = socket_, .events = POLLIN, .revents = 0},
                                      pollfd{.fd = wake_, .events = POLLIN, .revents = 0}};
        if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
        if (waiting[1].revents != 0) return;
        sockaddr_in asker{};
        socklen_t length = sizeof asker;
        auto* generic = reinterpret_cast<sockaddr*>(&asker);
        const ssize_t count = ::recvfrom(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT, generic, &length);
        if (count <= 0) continue;
        const auto answer =
            answer_to_dns(std::string_view(bytes.data(), static_cast<std::size_t>(count)), zone_);
        if (answer.empty()) continue;
        // An answer that is lost is asked for again, as everywhere with UDP.
        static_cast<void>(::sendto(socket_, answer.data(), answer.size(), MSG_DONTWAIT, generic, length));
    }
}

void NameServer::clear() {
    zone_.clear();
    proofs_.clear();
}

void NameServer::mount(Routes& routes) {
    routes.on("PUT", "/control/dns/txt", [this](const http::Request& request) {
        auto records = read_json<TxtRecords>(json_of(request), control_style);
        zone_.set(records.name, std::move(records.values));
        return json_response(200, "{\"set\":true}");
    });
    routes.on("PUT", "/control/web/proof", [this](const http::Request& request) {
        auto proof = read_json<Proof>(json_of(request), control_style);
        std::vector<std::string> values;
        if (!proof.text.empty()) values.push_back(std::move(proof.text));
        proofs_.set(proof.domain, std::move(values));
        return json_response(200, "{\"set\":true}");
    });
    routes.on("GET", "/.well-known/pamoja-domain-verification", [this](const http::Request& request) {
        const std::string_view host = request.header("Host");
        const auto found = proofs_.find(host.substr(0, host.find(':')));
        return found ? plain(200, found->front() + "\n") : plain(404, "There is nothing here.\n");
    });
}

}  // namespace pamoja::sandbox
