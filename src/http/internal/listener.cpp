#include "http/internal/listener.hpp"

#include <spdlog/spdlog.h>

#include <system_error>

namespace pamoja::http::internal {

namespace {

// Without descriptors a new attempt soon would only spin; connections close meanwhile.
constexpr std::chrono::milliseconds accept_pause{50};

void listen(Acceptor& acceptor, const asio::ip::tcp::endpoint& endpoint) {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(Acceptor::reuse_address(true));
    if (endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false));
    acceptor.bind(endpoint);
    acceptor.listen(Acceptor::max_listen_connections);
    acceptor.non_blocking(true);
}

}  // namespace

Listener::Listener(const std::vector<std::shared_ptr<Loop>>& loops, std::uint16_t port)
    : loops_(loops), acceptor_(loops.front()->context()), pause_timer_(loops.front()->context()) {
    const std::string& address = loops.front()->core().config.address;
    try {
        listen(acceptor_, {asio::ip::make_address(address), port});
        port_ = acceptor_.local_endpoint().port();
    } catch (const boost::system::system_error& error) {
        std::error_code code(error.code().value(), std::system_category());
        throw std::system_error(code, "cannot listen on " + address + " port " + std::to_string(port));
    }
}

void Listener::accept() {
    acceptor_.async_accept(next_loop().context(), peer_,
                           [this](ErrorCode error, Socket socket) { on_accepted(error, std::move(socket)); });
}

void Listener::on_accepted(ErrorCode error, Socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
        loops_.front()->core().lacks_descriptors = false;
        hand_over(std::move(socket), peer_);
    } else if (error != asio::error::connection_aborted) {
        return pause();
    }
    if (acceptor_.is_open()) accept();
}

void Listener::hand_over(Socket socket, const asio::ip::tcp::endpoint& peer) {
    Loop& loop = next_loop();
    ++next_;
    ++loop.core().open_connections;
    auto arrival = std::make_shared<Arrival>(Arrival{std::move(socket), peer, port_});
    auto adopt = [&loop, arrival] { loop.adopt(std::move(*arrival)); };
    if (loop.is_own_thread()) return adopt();
    loop.post(adopt);
}

void Listener::pause() {
    if (!loops_.front()->core().lacks_descriptors.exchange(true))
        spdlog::warn("port {} takes no connections for the moment: no descriptors are left", port_);
    pause_timer_.expires_after(accept_pause);
    pause_timer_.async_wait([this](ErrorCode error) {
        if (!error && acceptor_.is_open()) accept();
    });
}

void Listener::stop() {
    ErrorCode error;
    pause_timer_.cancel();
    while (acceptor_.is_open()) {
        asio::ip::tcp::endpoint peer;
        Socket socket(next_loop().context());
        acceptor_.accept(socket, peer, error);
        if (error) break;
        hand_over(std::move(socket), peer);
    }
    acceptor_.close(error);
}

}  // namespace pamoja::http::internal
