#include "http/internal/exchange.hpp"

#include "http/internal/connection.hpp"

namespace pamoja::http::internal {

Exchange::~Exchange() {
    if (is_answered_) return;
    auto loop = connection_->loop();
    loop->post([connection = std::move(connection_)] { connection->fail(); });
}

void Exchange::answer(Response response) {
    if (is_answered_.exchange(true)) return;
    auto loop = connection_->loop();
    if (loop->is_own_thread()) return connection_->answer(response);
    loop->post(
        [connection = std::move(connection_), answer = std::move(response)] { connection->answer(answer); });
}

}  // namespace pamoja::http::internal
