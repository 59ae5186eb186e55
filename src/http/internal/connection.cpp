#include "http/internal/connection.hpp"

#include <spdlog/spdlog.h>

#include "http/internal/exchange.hpp"
#include "http/internal/response_text.hpp"

namespace pamoja::http::internal {

namespace {

constexpr std::size_t read_bytes = 4 * 1024;
constexpr std::size_t read_bytes_large = 64 * 1024;
// Answers to pipelined requests are gathered up to this size before they are written.
constexpr std::size_t gathered_bytes_max = 64 * 1024;
constexpr std::size_t kept_bytes_max = 64 * 1024;
constexpr std::chrono::seconds linger_time{1};
constexpr std::chrono::milliseconds linger_time_stopping{200};
// How long a connection may wait for its next request while there is little room.
constexpr std::chrono::seconds idle_time_crowded{1};

constexpr Violation bare_controls{400, "The request holds characters that are not allowed in its head."};
constexpr Violation head_too_large{431, "The headers of the request are too large."};
constexpr Violation target_too_long{414, "The address of the request is too long."};
constexpr Violation body_too_large{413, "The body of the request is too large."};
constexpr Violation bad_chunk{400, "The chunks of the request's body are not valid."};
constexpr Violation too_slow{408, "The request did not arrive in time."};
constexpr Violation no_room{503, "The server is busy. Try again in a moment."};
constexpr Violation no_answer{500, "Something went wrong on our side."};

AddressBytes bytes_of(const asio::ip::address& address) {
    auto mapped =
        address.is_v4() ? asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()) : address.to_v6();
    return mapped.to_bytes();
}

// A second for each 64 KiB: a client that moves data keeps its connection, one that drips does not.
std::chrono::milliseconds allowance(std::size_t bytes) {
    return std::chrono::milliseconds(bytes / 64);
}

Response plain_refusal(int status, std::string_view message) {
    Response response{
        .status = status, .content_type = "text/plain", .headers = {}, .body = std::string(message)};
    return response;
}

}  // namespace

Connection::Connection(std::shared_ptr<Loop> loop, Arrival arrival)
    : loop_(std::move(loop)),
      core_(loop_->core()),
      socket_(std::move(arrival.socket)),
      peer_(bytes_of(arrival.peer.address())),
      peer_text_(address_text(peer_)),
      is_peer_trusted_(core_.proxies.is_trusted(peer_)),
      local_port_(arrival.local_port) {}

void Connection::start() {
    ErrorCode ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    if (core_.is_full()) {
        complete_request();
        return refuse(no_room);
    }
    since_ = std::chrono::steady_clock::now();
    deadline_ = since_ + core_.config.header_timeout;
    read();
}

std::string_view Connection::received() const {
    auto data = buffer_.data();
    return {static_cast<const char*>(data.data()), data.size()};
}

// Does what the bytes at hand allow, then waits for the client, the application or the socket.
void Connection::advance() {
    is_advancing_ = true;
    bool is_written = true;
    do {
        while (step()) continue;
        is_written = out_.empty() || flush();
    } while (is_written && phase_ == Phase::head && buffer_.size() > 0 && step());
    is_advancing_ = false;

    if (!is_written) return;
    if (phase_ == Phase::closing) return is_finished_by_client_ ? close() : linger();
    if (phase_ == Phase::head || phase_ == Phase::body) read();
}

// One piece of progress; false when something has to arrive first.
bool Connection::step() {
    switch (phase_) {
        case Phase::head:
            return out_.size() < gathered_bytes_max && buffer_.size() > 0 && take_head();
        case Phase::body:
            return take_body();
        case Phase::handling:
        case Phase::closing:
        case Phase::lingering:
        case Phase::closed:
            return false;
    }
    return false;
}

bool Connection::take_head() {
    HeadEnd end = scanner_.find_end(received());
    bool is_too_large =
        std::max(end.bytes, end.bytes == 0 ? buffer_.size() : 0) > core_.config.header_bytes_max;
    if (end.bytes == 0 && !end.is_refused && !is_too_large) {
        if (!has_head_begun_) {
            has_head_begun_ = true;
            since_ = std::chrono::steady_clock::now();
            deadline_ = since_ + core_.config.header_timeout;
        }
        return false;
    }
    std::string_view text = received().substr(0, end.bytes == 0 ? std::string_view::npos : end.bytes);
    auto violation = read_head(text, head_);
    complete_request();
    if (end.is_refused) {
        refuse(bare_controls);
    } else if (is_too_large) {
        refuse(text.find('\n') == std::string_view::npos ? target_too_long : head_too_large);
    } else {
        buffer_.consume(end.bytes);
        violation ? refuse(*violation) : begin_body();
    }
    scanner_.reset();
    has_head_begun_ = false;
    return true;
}

// What the request is besides what the client wrote.
void Connection::complete_request() {
    Request& request = head_.request;
    request.local_port = local_port_;
    request.remote_address = is_peer_trusted_ ? core_.proxies.client_of(peer_, request.headers) : peer_text_;
    request.trace_id = loop_->trace_ids().of(request);
}

void Connection::begin_body() {
    if (head_.framing.body == BodyKind::none) return dispatch();
    try {
        body_bytes_max_ = core_.application.body_limit(head_.request).bytes_max;
    } catch (const std::exception& error) {
        spdlog::error("body_limit failed for {}: {}", head_.request.trace_id, error.what());
        return refuse(no_answer);
    }
    if (head_.framing.body == BodyKind::sized && head_.framing.length > body_bytes_max_)
        return refuse(body_too_large);
    if (head_.framing.wants_continue && buffer_.size() == 0) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
    chunked_ = ChunkedDecoder();
    phase_ = Phase::body;
    since_ = std::chrono::steady_clock::now();
    deadline_ = body_deadline();
}

Instant Connection::body_deadline() const {
    return since_ + core_.config.body_timeout + allowance(head_.request.body.size());
}

bool Connection::take_body() {
    if (buffer_.size() == 0) return false;
    feed_body();
    if (phase_ != Phase::body) return true;
    deadline_ = body_deadline();
    return false;
}

void Connection::feed_body() {
    std::string& body = head_.request.body;
    if (head_.framing.body == BodyKind::sized) {
        auto bytes = std::min<std::uint64_t>(head_.framing.length - body.size(), buffer_.size());
        body.append(received().substr(0, bytes));
        buffer_.consume(bytes);
        if (body.size() == head_.framing.length) dispatch();
        return;
    }
    buffer_.consume(chunked_.feed(received(), body, body_bytes_max_));
    switch (chunked_.state()) {
        case ChunkedDecoder::State::open:
            return;
        case ChunkedDecoder::State::complete:
            return dispatch();
        case ChunkedDecoder::State::refused:
            return refuse(bad_chunk);
        case ChunkedDecoder::State::too_large:
            return refuse(body_too_large);
    }
}

void Connection::dispatch() {
    phase_ = Phase::handling;
    deadline_ = Instant::max();
    asked_.method = head_.request.method;
    asked_.path = head_.request.path;
    asked_.host = head_.request.host;
    asked_.remote_address = head_.request.remote_address;
    asked_.trace_id = head_.request.trace_id;
    asked_.local_port = local_port_;

    auto exchange = std::make_shared<Exchange>(shared_from_this());
    Responder responder = [exchange](Response response) { exchange->answer(std::move(response)); };
    exchange.reset();
    try {
        core_.application.handle(std::move(head_.request), std::move(responder));
    } catch (const std::exception& error) {
        spdlog::error("the handler of {} failed: {}", asked_.trace_id, error.what());
        responder = nullptr;  // answers with 500 unless the handler had kept or used it
    }
}

void Connection::answer(const Response& response) {
    if (phase_ != Phase::handling) return;
    is_finished_by_client_ = !head_.framing.is_persistent && buffer_.size() == 0;
    finish_answer(response, head_.framing.is_persistent && !loop_->is_stopping());
}

void Connection::fail() {
    if (phase_ != Phase::handling) return;
    finish_answer(refusal(asked_, no_answer.status, no_answer.message), false);
}

void Connection::finish_answer(const Response& response, bool is_persistent) {
    Delivery delivery{is_persistent, head_.framing.is_http_1_0, !head_.framing.is_head};
    append_response(out_, response, delivery, loop_->date());
    head_ = Head();
    phase_ = is_persistent ? Phase::head : Phase::closing;
    since_ = std::chrono::steady_clock::now();
    deadline_ = since_ + core_.config.idle_timeout;
    if (!is_advancing_) advance();
}

void Connection::refuse(const Violation& violation) {
    finish_answer(refusal(head_.request, violation.status, violation.message), false);
}

Response Connection::refusal(const Request& head, int status, std::string_view message) const {
    try {
        return core_.application.refuse(head, status, message);
    } catch (const std::exception& error) {
        spdlog::error("refuse failed for {}: {}", head.trace_id, error.what());
        return plain_refusal(status, message);
    }
}

void Connection::read() {
    if (is_reading_) return;
    is_reading_ = true;
    if (buffer_.size() == 0 && buffer_.capacity() > read_bytes && phase_ == Phase::head)
        buffer_.shrink_to_fit();
    bool is_short = head_.framing.body == BodyKind::sized &&
                    head_.framing.length - head_.request.body.size() <= read_bytes;
    bool expects_much = phase_ == Phase::lingering || (phase_ == Phase::body && !is_short);
    socket_.async_read_some(
        buffer_.prepare(expects_much ? read_bytes_large : read_bytes),
        [self = shared_from_this()](ErrorCode error, std::size_t bytes) { self->on_read(error, bytes); });
}

void Connection::on_read(ErrorCode error, std::size_t bytes) {
    is_reading_ = false;
    // What arrives after the last answer is dropped by not being committed.
    if (phase_ == Phase::closed || phase_ == Phase::closing) return;
    ErrorCode ignored;
    if (error == asio::error::operation_aborted && socket_.available(ignored) > 0) return read();
    if (error) return close();
    if (phase_ == Phase::lingering) return read();
    buffer_.commit(bytes);
    advance();
}

// True when everything is written. Most answers fit the socket's buffer and need no wait.
bool Connection::flush() {
    if (phase_ == Phase::closed) return false;
    if (!sending_.empty()) return false;
    ErrorCode error;
    auto bytes = socket_.write_some(asio::buffer(out_), error);
    if (error && error != asio::error::would_block) {
        close();
        return false;
    }
    if (bytes == out_.size()) {
        out_.clear();
        if (out_.capacity() > kept_bytes_max) out_.shrink_to_fit();
        return true;
    }
    sending_.swap(out_);
    sent_ = bytes;
    write_rest();
    return false;
}

void Connection::write_rest() {
    // The socket takes more only when the client has read, so each write that ends is progress.
    if (phase_ != Phase::handling) deadline_ = std::chrono::steady_clock::now() + core_.config.write_timeout;
    socket_.async_write_some(
        asio::buffer(sending_) + sent_,
        [self = shared_from_this()](ErrorCode error, std::size_t bytes) { self->on_written(error, bytes); });
}

void Connection::on_written(ErrorCode error, std::size_t bytes) {
    if (phase_ == Phase::closed) return;
    if (error) return close();
    sent_ += bytes;
    if (sent_ < sending_.size()) return write_rest();
    sending_.clear();
    if (sending_.capacity() > kept_bytes_max) sending_.shrink_to_fit();
    since_ = std::chrono::steady_clock::now();
    if (phase_ == Phase::head) deadline_ = since_ + core_.config.idle_timeout;
    if (phase_ == Phase::body) deadline_ = body_deadline();
    advance();
}

// Closing a socket that holds unread bytes resets it, and the client may then lose the answer. So the server
// ends its own half first and reads for a moment what the client still sends.
void Connection::linger() {
    ErrorCode ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    phase_ = Phase::lingering;
    buffer_.clear();
    since_ = std::chrono::steady_clock::now();
    deadline_ = since_ + (loop_->is_stopping() ? linger_time_stopping : linger_time);
    read();
}

void Connection::check_deadline(Instant now, bool is_crowded) {
    bool must_make_room =
        waits_for_request() && sending_.empty() && is_crowded && now - since_ > idle_time_crowded;
    if (must_make_room) return close();
    if (now < deadline_) return;
    bool is_request_late = (has_head_begun_ && phase_ == Phase::head) || phase_ == Phase::body;
    if (!is_request_late || !sending_.empty()) return close();
    if (phase_ == Phase::head) {
        read_head(received(), head_);
        complete_request();
    }
    refuse(too_slow);
}

void Connection::close_when_idle() {
    ErrorCode ignored;
    if (phase_ == Phase::lingering)
        deadline_ = std::min(deadline_, std::chrono::steady_clock::now() + linger_time_stopping);
    // A read that has its bytes already is not cancelled, so that a request on its way to us is answered.
    if (waits_for_request() && sending_.empty()) socket_.cancel(ignored);
}

void Connection::close() {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    ErrorCode ignored;
    socket_.close(ignored);
    loop_->forget(*this);
}

}  // namespace pamoja::http::internal
