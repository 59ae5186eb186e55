#include "sandbox/dns/zone.hpp"

#include <gtest/gtest.h>

#include "base/failure.hpp"
#include "base/random.hpp"

namespace pamoja::sandbox {
namespace {

using std::string_literals::operator""s;

// A query for acme.example's TXT records as resolvers send it, and the parts of one.
const std::string header = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"s;
const std::string question =
    "\x04"
    "acme"
    "\x07"
    "example"
    "\x00\x00\x10\x00\x01"s;

int result_of(const std::string& answer) {
    return static_cast<unsigned char>(answer.at(3)) & 15;
}

class ZoneTest : public testing::Test {
  protected:
    ZoneTest() { zone_.set("ACME.example.", {"token"}); }
    std::string ask(const std::string& packet) const { return answer_to_dns(packet, zone_); }

    Zone zone_;
};

TEST_F(ZoneTest, AnswersWithTheRecord) {
    EXPECT_EQ(ask(header + question), "\x12\x34\x85\x00\x00\x01\x00\x01\x00\x00\x00\x00"s + question +
                                          "\xc0\x0c\x00\x10\x00\x01\x00\x00\x00\x00\x00\x06\x05token"s);
}

TEST_F(ZoneTest, KnowsNamesInWhateverCase) {
    const std::string shouted =
        "\x04"
        "AcMe"
        "\x07"
        "EXAMPLE"
        "\x00\x00\x10\x00\x01"s;
    const auto answer = ask(header + shouted);
    EXPECT_EQ(result_of(answer), 0);
    // The question comes back as it was asked, by which resolvers tell forgeries.
    EXPECT_EQ(answer.substr(12, shouted.size()), shouted);
}

TEST_F(ZoneTest, SaysWhatIsNotThere) {
    const auto absent = ask(header +
                            "\x05other\x07"
                            "example"
                            "\x00\x00\x10\x00\x01"s);
    EXPECT_EQ(result_of(absent), 3);
    EXPECT_EQ(absent.substr(6, 2), "\x00\x00"s);
    // The name is there, but has no address.
    const auto address = ask(header +
                             "\x04"
                             "acme"
                             "\x07"
                             "example"
                             "\x00\x00\x01\x00\x01"s);
    EXPECT_EQ(result_of(address), 0);
    EXPECT_EQ(address.substr(6, 2), "\x00\x00"s);
    zone_.set("acme.example", {});
    EXPECT_EQ(result_of(ask(header + question)), 3);
}

TEST_F(ZoneTest, KeepsQuietOrRefusesWhatIsNoQuery) {
    EXPECT_EQ(ask(""), "");
    EXPECT_EQ(ask(header.substr(0, 11)), "");
    EXPECT_EQ(ask("\x12\x34\x81\x00\x00\x01\x00\x00\x00\x00\x00\x00"s + question), "");  // an answer
    EXPECT_EQ(result_of(ask(header)), 1);
    EXPECT_EQ(result_of(ask(header + question.substr(0, question.size() - 1))), 1);
    EXPECT_EQ(result_of(ask(header + "\xc0\x0c\x00\x10\x00\x01"s)), 1);  // a pointer to itself
    EXPECT_EQ(result_of(ask("\x12\x34\x01\x00\x00\x02\x00\x00\x00\x00\x00\x00"s + question + question)), 1);
    EXPECT_EQ(result_of(ask("\x12\x34\x28\x00\x00\x01\x00\x00\x00\x00\x00\x00"s + question)),
              4);  // an update
}

TEST_F(ZoneTest, TakesAnyBytes) {
    SeededRandom random(7);
    for (int i = 0; i < 200'000; ++i) {
        std::string packet;
        if (i % 2 == 0) {
            packet = random.bytes(random.below(80));
        } else {
            // A good query with some bytes changed, cut anywhere.
            packet = header + question;
            for (int change = 0; change < 3; ++change) {
                packet[random.below(packet.size())] = static_cast<char>(random.below(256));
            }
            packet.resize(random.below(packet.size() + 1));
        }
        const auto answer = ask(packet);
        ASSERT_LE(answer.size(), 512u);
        if (answer.empty()) continue;
        ASSERT_GE(answer.size(), 12u);
        ASSERT_EQ(answer.substr(0, 2), packet.substr(0, 2));
        ASSERT_NE(static_cast<unsigned char>(answer[2]) & 0x80, 0);
    }
}

TEST_F(ZoneTest, TakesNamesAndValuesThatFit) {
    const std::string label(63, 'a');
    const std::string longest = label + "." + label + "." + label + "." + label.substr(2);
    zone_.set(longest, {std::string(200, 'x')});
    EXPECT_TRUE(zone_.find(longest));
    for (const std::string& name : {""s, "a..b"s, label + "a.example", longest + "a"}) {
        EXPECT_THROW(zone_.set(name, {"x"}), Failure) << name;
    }
    EXPECT_THROW(zone_.set("acme.example", {std::string(500, 'x')}), Failure);
    EXPECT_THROW(zone_.set("acme.example", std::vector<std::string>(40, "x")), Failure);
    EXPECT_EQ(zone_.find("acme.example")->front(), "token");
}

}  // namespace
}  // namespace pamoja::sandbox
