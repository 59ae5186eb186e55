#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connectors/dns/txt_lookup.hpp"
#include "sandbox/dns/zone.hpp"
#include "sandbox/testing/world.hpp"

namespace pamoja::sandbox {
namespace {

using dns::LookupKind;
using dns::TxtLookup;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class NameServerTest : public testing::Test {
  protected:
    int put(const std::string& path, const std::string& body) {
        return world_.web
            .call({.method = web::Method::put,
                   .url = world_.sandbox.url() + path,
                   .body = body,
                   .reach = web::Reach::anywhere})
            .status;
    }
    dns::TxtAnswer find(const std::string& name) const {
        return TxtLookup({.address = "127.0.0.1", .port = world_.sandbox.dns_port()}).find(name);
    }

    World world_;
};

TEST_F(NameServerTest, TellsTxtRecordsToOurLookup) {
    EXPECT_EQ(find("_pamoja-challenge.acme.example").kind, LookupKind::absent);
    ASSERT_EQ(put("/control/dns/txt", R"({"name":"_pamoja-challenge.acme.example","values":["one","two"]})"),
              200);
    const auto answer = find("_pamoja-challenge.ACME.example");
    EXPECT_EQ(answer.kind, LookupKind::answered);
    EXPECT_THAT(answer.values, UnorderedElementsAre("one", "two"));

    // Longer than one string of a record may be.
    const std::string text(300, 'x');
    ASSERT_EQ(put("/control/dns/txt", R"({"name":"long.example","values":[")" + text + R"("]})"), 200);
    EXPECT_THAT(find("long.example").values, ElementsAre(text));

    ASSERT_EQ(put("/control/dns/txt", R"({"name":"long.example","values":[]})"), 200);
    EXPECT_EQ(find("long.example").kind, LookupKind::absent);
    EXPECT_EQ(put("/control/dns/txt", R"({"name":"a..b","values":["x"]})"), 422);
    world_.post("/control/reset", "");
    EXPECT_EQ(find("_pamoja-challenge.acme.example").kind, LookupKind::absent);
}

TEST_F(NameServerTest, AnswersManyAtOnce) {
    ASSERT_EQ(put("/control/dns/txt", R"({"name":"acme.example","values":["token"]})"), 200);
    const TxtLookup lookup({.address = "127.0.0.1", .port = world_.sandbox.dns_port()});
    std::atomic<int> answered{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 20; ++j) {
                const auto answer = lookup.find("acme.example");
                if (answer.values == std::vector<std::string>{"token"}) ++answered;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(answered, 160);
}

TEST_F(NameServerTest, PlaysTheWebServerOfADomain) {
    const auto file = [&](const std::string& host) {
        return world_.web.call({.url = world_.sandbox.url() + "/.well-known/pamoja-domain-verification",
                                .headers = {{"Host", host}},
                                .reach = web::Reach::anywhere});
    };
    ASSERT_EQ(put("/control/web/proof", R"({"domain":"acme.example","text":"token"})"), 200);
    EXPECT_EQ(file("acme.example:8100").body, "token\n");
    EXPECT_EQ(file("other.example").status, 404);
    ASSERT_EQ(put("/control/web/proof", R"({"domain":"acme.example","text":""})"), 200);
    EXPECT_EQ(file("acme.example").status, 404);
}

// Somebody who takes questions and sends back what the test says.
class OddServer {
  public:
    explicit OddServer(std::function<std::string(std::string)> answer)
        : socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof place;
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&place), length), 0);
        EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&place), &length), 0);
        port_ = ntohs(place.sin_port);
        thread_ = std::thread([this, answer = std::move(answer)] { serve(answer); });
    }
    ~OddServer() {
        is_over_ = true;
        thread_.join();
        ::close(socket_);
    }
    std::uint16_t port() const { return port_; }

  private:
    void serve(const std::function<std::string(std::string)>& answer) const {
        while (!is_over_) {
            pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
            if (::poll(&waiting, 1, 10) != 1) continue;
            std::array<char, 4096> bytes;
            sockaddr_in asker{};
            socklen_t length = sizeof asker;
            auto* generic = reinterpret_cast<sockaddr*>(&asker);
            const auto count = ::recvfrom(socket_, bytes.data(), bytes.size(), 0, generic, &length);
            if (count <= 0) continue;
            const auto text = answer(std::string(bytes.data(), static_cast<std::size_t>(count)));
            if (!text.empty()) ::sendto(socket_, text.data(), text.size(), 0, generic, length);
        }
    }

    int socket_;
    std::uint16_t port_ = 0;
    std::atomic<bool> is_over_{false};
    std::thread thread_;
};

TEST(TxtLookup, EndsInTimeWhateverTheServerDoes) {
    SeededRandom random(3);
    const auto with_flags = [](std::string packet, char first, char second) {
        packet[2] = first;
        packet[3] = second;
        return packet;
    };
    const std::vector<std::pair<LookupKind, std::function<std::string(std::string)>>> cases{
        {LookupKind::timed_out, [](const std::string&) { return std::string(); }},
        {LookupKind::timed_out, [&](const std::string&) { return random.bytes(100); }},
        {LookupKind::failed, [&](const std::string& query) { return with_flags(query, '\x84', '\x02'); }},
        {LookupKind::failed, [&](const std::string& query) { return with_flags(query, '\x84', '\x05'); }},
        {LookupKind::absent, [&](const std::string& query) { return with_flags(query, '\x84', '\x03'); }}};
    for (const auto& [kind, answer] : cases) {
        const OddServer server(answer);
        const auto started = std::chrono::steady_clock::now();
        const TxtLookup lookup(
            {.address = "127.0.0.1", .port = server.port(), .timeout = std::chrono::milliseconds(300)});
        EXPECT_EQ(lookup.find("acme.example").kind, kind);
        EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(3));
    }
}

TEST(TxtLookup, SurvivesAnswersThatAreCutOrAltered) {
    SeededRandom random(5);
    Zone zone;
    zone.set("acme.example", {"token", "another"});
    const OddServer server([&](const std::string& query) {
        std::string answer = answer_to_dns(query, zone);
        // Not in the id: such an answer would only be waited past.
        for (int i = 0; i < 2; ++i)
            answer[2 + random.below(answer.size() - 2)] = static_cast<char>(random.below(256));
        if (random.below(2) == 0) answer.resize(2 + random.below(answer.size() - 1));
        return answer;
    });
    const TxtLookup lookup(
        {.address = "127.0.0.1", .port = server.port(), .timeout = std::chrono::milliseconds(150)});
    for (int i = 0; i < 40; ++i) {
        for (const auto& value : lookup.find("acme.example").values) EXPECT_LE(value.size(), 512u);
    }
}

TEST(TxtLookup, WantsANumericServer) {
    EXPECT_THROW(TxtLookup({.address = "ns.example"}), std::invalid_argument);
    EXPECT_NO_THROW(TxtLookup({.address = "::1"}));
    EXPECT_EQ(TxtLookup({.address = "127.0.0.1", .port = 9}).find(std::string(300, 'a')).kind,
              LookupKind::failed);
}

}  // namespace
}  // namespace pamoja::sandbox
