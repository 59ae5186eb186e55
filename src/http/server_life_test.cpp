#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <ctime>
#include <future>

#include "http/internal/echo_application.hpp"
#include "http/internal/raw_client.hpp"
#include "http/server.hpp"

namespace pamoja::http {
namespace {

using internal::EchoApplication;
using internal::RawClient;
using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view plain_request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view held_request = "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n";

class ServerLifeTest : public testing::Test {
  protected:
    void start() {
        config_.ports = {0};
        server_ = std::make_unique<Server>(config_, application_);
        server_->start();
        port_ = server_->ports().at(0);
    }

    ServerConfig config_;
    EchoApplication application_;
    std::unique_ptr<Server> server_;
    std::uint16_t port_ = 0;
};

TEST_F(ServerLifeTest, ClosesAConnectionOnWhichNothingIsAsked) {
    config_.header_timeout = milliseconds(100);
    config_.idle_timeout = milliseconds(100);
    start();
    RawClient silent(port_);
    EXPECT_EQ(silent.read_all(), "");
    RawClient idle(port_);
    idle.write(plain_request);
    EXPECT_THAT(idle.read_answer(), StartsWith("HTTP/1.1 200 "));
    EXPECT_EQ(idle.read_all(), "");
}

TEST_F(ServerLifeTest, TellsAClientThatItIsTooSlow) {
    config_.header_timeout = milliseconds(100);
    config_.body_timeout = milliseconds(100);
    start();
    RawClient head(port_);
    head.write("GET /slow HTTP/1.1\r\nHost: a\r\n");
    std::string answer = head.read_all();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 408 "));
    EXPECT_THAT(answer, HasSubstr("refused /slow: "));
    RawClient body(port_);
    body.write("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell");
    EXPECT_THAT(body.read_all(), StartsWith("HTTP/1.1 408 "));
    EXPECT_EQ(application_.handled(), 0);
}

TEST_F(ServerLifeTest, IsNotHeldUpByAClientThatDrips) {
    config_.header_timeout = milliseconds(200);
    config_.body_timeout = milliseconds(200);
    start();
    for (std::string start_of_request :
         {"GET / HTTP/1.1\r\nX: ", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"}) {
        RawClient client(port_);
        client.write(start_of_request);
        auto started = std::chrono::steady_clock::now();
        // Each byte comes well within the time-out, and still the whole must not take longer.
        while (!client.can_read(milliseconds(20)) &&
               std::chrono::steady_clock::now() - started < std::chrono::seconds(3))
            client.write("a");
        EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 408 "));
        EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(2));
    }
}

TEST_F(ServerLifeTest, GivesUpOnAClientThatDoesNotRead) {
    config_.write_timeout = milliseconds(100);
    config_.threads = 1;
    start();
    RawClient client(port_, 4096);
    client.write("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(application_.wait_until_handled(1));
    // The wait of the other client is the time in which the first does not read.
    RawClient other(port_);
    EXPECT_FALSE(other.can_read(milliseconds(600)));
    EXPECT_LT(client.read_all().size(), std::size_t{8} << 20);
    other.write(plain_request);
    EXPECT_THAT(other.read_answer(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerLifeTest, SurvivesResetsInTheMiddleOfEverything) {
    config_.stop_timeout = milliseconds(100);  // what is held after the release is never answered
    start();
    const std::string_view beginnings[] = {"",
                                           "GET / HT",
                                           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\nabc",
                                           "GET /huge HTTP/1.1\r\nHost: a\r\n\r\n",
                                           "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n",
                                           "GET /thread HTTP/1.1\r\nHost: a\r\n\r\n",
                                           "nonsense\n"};
    for (int i = 0; i < 28; ++i) {
        RawClient client(port_, 4096);
        client.write(beginnings[i % 7]);
        if (i % 2 == 0) client.can_read(milliseconds(2));
        client.reset_on_close();
    }
    application_.release();
    RawClient client(port_);
    client.write(plain_request);
    EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerLifeTest, RefusesConnectionsBeyondItsNumber) {
    config_.connections_max = 2;
    start();
    RawClient first(port_);
    RawClient second(port_);
    for (RawClient* client : {&first, &second}) {
        client->write(held_request);
    }
    ASSERT_TRUE(application_.wait_until_handled(2));
    RawClient third(port_);
    third.write(plain_request);
    EXPECT_THAT(third.read_all(), StartsWith("HTTP/1.1 503 "));
    application_.release();
    EXPECT_THAT(first.read_answer(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerLifeTest, MakesRoomByClosingConnectionsThatOnlyWait) {
    config_.connections_max = 4;
    config_.threads = 1;
    start();
    RawClient idle[4] = {RawClient(port_), RawClient(port_), RawClient(port_), RawClient(port_)};
    EXPECT_EQ(idle[0].read_all(), "");  // long before its time-out of ten seconds
}

// Takes every descriptor that the process may have until it is destroyed.
class DescriptorHog {
  public:
    DescriptorHog() {
        getrlimit(RLIMIT_NOFILE, &before_);
        rlimit few{std::min<rlim_t>(before_.rlim_cur, 256), before_.rlim_max};
        setrlimit(RLIMIT_NOFILE, &few);
        for (int taken = open("/dev/null", O_RDONLY | O_CLOEXEC); taken >= 0; taken = dup(taken))
            taken_.push_back(taken);
    }
    ~DescriptorHog() {
        for (int taken : taken_) close(taken);
        setrlimit(RLIMIT_NOFILE, &before_);
    }
    DescriptorHog(const DescriptorHog&) = delete;
    DescriptorHog& operator=(const DescriptorHog&) = delete;

  private:
    rlimit before_{};
    std::vector<int> taken_;
};

TEST_F(ServerLifeTest, WaitsQuietlyForDescriptors) {
    start();
    RawClient client(0);
    {
        DescriptorHog hog;
        client.connect_to(port_);
        client.write(plain_request);
        std::clock_t before = std::clock();
        EXPECT_FALSE(client.can_read(milliseconds(300)));
        double seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
        EXPECT_LT(seconds, 0.1);
    }
    EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerLifeTest, FinishesRequestsInFlightBeforeItStops) {
    start();
    RawClient held(port_);
    held.write(held_request);
    RawClient half(port_);
    half.write("POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
    RawClient idle(port_);
    idle.write(plain_request);
    EXPECT_THAT(idle.read_answer(), StartsWith("HTTP/1.1 200 "));
    ASSERT_TRUE(application_.wait_until_handled(2));

    auto stopped = std::async(std::launch::async, [&] { server_->stop(); });
    EXPECT_EQ(idle.read_all(), "");
    EXPECT_THROW(RawClient late(port_), std::runtime_error);
    EXPECT_EQ(stopped.wait_for(milliseconds(50)), std::future_status::timeout);

    half.write("lo");
    std::string half_answer = half.read_all();
    EXPECT_THAT(half_answer, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_THAT(half_answer, EndsWith("POST /half? a 127.0.0.1 hello"));
    EXPECT_EQ(stopped.wait_for(milliseconds(50)), std::future_status::timeout);

    application_.release();
    std::string held_answer = held.read_all();
    EXPECT_THAT(held_answer, StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(held_answer, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_EQ(stopped.wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST_F(ServerLifeTest, StopsWithoutAnAnswerThatDoesNotCome) {
    config_.stop_timeout = milliseconds(100);
    start();
    RawClient client(port_);
    client.write(held_request);
    ASSERT_TRUE(application_.wait_until_handled(1));
    auto started = std::chrono::steady_clock::now();
    server_->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(3));
    EXPECT_EQ(client.read_all(), "");
    server_.reset();
    application_.release();  // an answer that comes even later meets no server, and no harm
}

TEST_F(ServerLifeTest, StopsUnderLoadAndStartsAgain) {
    for (int round = 0; round < 10; ++round) {
        start();
        std::atomic<bool> is_done = false;
        std::vector<std::thread> clients;
        for (int i = 0; i < 4; ++i)
            clients.emplace_back([&, i] {
                while (!is_done) {
                    try {
                        RawClient client(port_);
                        while (client.write(i % 2 == 0 ? plain_request
                                                       : "GET /thread HTTP/1.1\r\nHost: a\r\n\r\n") &&
                               !client.read_answer().empty() && !is_done)
                            continue;
                    } catch (const std::runtime_error&) {
                        return;
                    }
                }
            });
        EXPECT_TRUE(application_.wait_until_handled(200 * (round + 1)));
        server_->stop();
        is_done = true;
        for (std::thread& client : clients) client.join();
    }
}

}  // namespace
}  // namespace pamoja::http
