#pragma once
#include <memory>
#include <string>

#include "http/internal/chunked.hpp"
#include "http/internal/framing.hpp"
#include "http/internal/loop.hpp"

namespace pamoja::http::internal {

// One client's connection: reads requests, has the application answer them one after another, and writes the
// answers. Lives on the thread of its loop.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(std::shared_ptr<Loop>, Arrival);

    void start();
    // The application's answer to the request in hand.
    void answer(const Response&);
    // The application will not answer: a handler threw or dropped its responder.
    void fail();
    // Acts on a deadline that has passed. Called for every connection from time to time, which is cheaper
    // than a timer for each. While the server is crowded, connections that only wait have to make room.
    void check_deadline(Instant now, bool is_crowded);
    // Closes unless something was asked; then after the answer.
    void close_when_idle();
    void close();

    const std::shared_ptr<Loop>& loop() const { return loop_; }
    std::size_t place = 0;  // among the connections of the loop

  private:
    enum class Phase {
        head,       // waits for a request, or for the rest of its head
        body,       // waits for the rest of its body
        handling,   // waits for the application
        closing,    // the last answer is being written
        lingering,  // nothing more is written; what the client still sends is read and dropped
        closed
    };

    void advance();
    bool step();
    bool take_head();
    bool take_body();
    void begin_body();
    void feed_body();
    void dispatch();
    void finish_answer(const Response&, bool is_persistent);
    void refuse(const Violation&);
    Response refusal(const Request& head, int status, std::string_view message) const;
    void complete_request();

    void read();
    void on_read(ErrorCode, std::size_t bytes);
    bool flush();
    void write_rest();
    void on_written(ErrorCode, std::size_t bytes);
    void linger();

    std::string_view received() const;
    bool waits_for_request() const { return phase_ == Phase::head && !has_head_begun_; }
    Instant body_deadline() const;

    std::shared_ptr<Loop> loop_;
    Core& core_;
    Socket socket_;
    AddressBytes peer_;
    std::string peer_text_;
    bool is_peer_trusted_;
    int local_port_;

    Phase phase_ = Phase::head;
    Instant deadline_ = Instant::max();
    Instant since_{};  // when this phase began
    boost::beast::flat_buffer buffer_;
    HeadScanner scanner_;
    ChunkedDecoder chunked_;
    Head head_;
    Request asked_;  // what identifies the request once the application owns it
    std::size_t body_bytes_max_ = 0;
    bool has_head_begun_ = false;
    bool is_finished_by_client_ = false;  // who asked for the close, so that nothing more is to be expected
    bool is_advancing_ = false;
    bool is_reading_ = false;

    std::string out_;      // answers not yet handed to the socket
    std::string sending_;  // being written; unchanged until that ends
    std::size_t sent_ = 0;
};

}  // namespace pamoja::http::internal
