#include "ledger/statements.hpp"

#include "ledger/internal/test_books.hpp"

namespace pamoja::ledger {
namespace {

using testing::code_of;
using testing::shillings;

Timestamp day(int number) {
    return Timestamp::from_seconds(1'700'000'000 + number * 86'400LL);
}

class Statements : public testing::Books {
  protected:
    void book(const Account& from, const Account& to, std::int64_t minor, int effective_day,
              Metadata metadata = {}) {
        write([&](Tx& tx) {
            return post(tx, Transfer{.from = from,
                                     .to = to,
                                     .amount = shillings(minor),
                                     .reference = "b" + std::to_string(++count_),
                                     .metadata = std::move(metadata),
                                     .effective_at = day(effective_day)});
        });
    }
    std::int64_t at(const Account& account, Timestamp instant) {
        return read([&](Tx& tx) { return balance_at(tx, account, instant).minor(); });
    }

  private:
    int count_ = 0;
};

TEST_P(Statements, TellTheBalanceAsOfAnyTimeAlsoWhenBookedLate) {
    const Account ann = wallet("ann");
    book(cash_, ann, 100, 1);
    book(ann, fees_, 30, 5);
    EXPECT_EQ(at(ann, day(0)), 0);
    EXPECT_EQ(at(ann, day(1)), 100);
    EXPECT_EQ(at(ann, day(1).minus(std::chrono::microseconds(1))), 0);
    EXPECT_EQ(at(ann, day(5)), 70);
    seal_all();
    book(cash_, ann, 7, 3);
    EXPECT_EQ(at(ann, day(2)), 100);
    EXPECT_EQ(at(ann, day(4)), 107);
    EXPECT_EQ(at(ann, day(5)), 77);
    EXPECT_EQ(at(cash_, day(2)), -100);
    EXPECT_EQ(at(cash_, day(4)), -107);
}

TEST_P(Statements, TellSystemBalancesWhetherSealedOrNot) {
    const Account ann = wallet("ann");
    book(cash_, ann, 100, 1);
    EXPECT_EQ(posted(cash_), -100);
    seal_all();
    EXPECT_EQ(posted(cash_), -100);
    book(cash_, ann, 11, 1);
    EXPECT_EQ(posted(cash_), -111);
    EXPECT_EQ(write([](Tx& tx) { return seal(tx, 1); }), 1);
    EXPECT_EQ(posted(cash_), -111);
}

TEST_P(Statements, CombineTimeAndMetadata) {
    const Account ann = wallet("ann");
    book(cash_, ann, 1000, 0);
    book(ann, fees_, 10, 1, {{"loan", "1"}});
    book(ann, fees_, 20, 2, {{"loan", "2"}});
    book(ann, fees_, 40, 3, {{"loan", "1"}});
    book(ann, fees_, 80, 4, {{"loan", "1"}, {"kind", "penalty"}});
    const auto sum = [&](const TransactionFilter& filter) {
        return read([&](Tx& tx) { return turnover(tx, fees_, filter).minor(); });
    };
    const auto loan = [](const char* id) { return std::pair<std::string, std::string>("loan", id); };
    EXPECT_EQ(sum({}), 150);
    EXPECT_EQ(sum({.metadata = loan("1")}), 130);
    EXPECT_EQ(sum({.until = day(3), .metadata = loan("1")}), 50);
    EXPECT_EQ(sum({.from = day(2), .until = day(3), .metadata = loan("1")}), 40);
    EXPECT_EQ(sum({.metadata = loan("3")}), 0);
    EXPECT_EQ(sum({.metadata = std::pair<std::string, std::string>("kind", "penalty")}), 80);
}

TEST_P(Statements, RunABalanceThroughAllPages) {
    const Account ann = wallet("ann");
    book(cash_, ann, 100, 1);
    for (int i = 0; i < 5; ++i) book(ann, fees_, i + 1, 2 + i);
    book(cash_, ann, 1000, 20);
    const StatementPeriod period{day(2), day(20)};
    std::vector<std::int64_t> balances;
    for (std::int64_t page = 1; page <= 3; ++page) {
        const auto part = read([&](Tx& tx) { return statement(tx, ann, period, {page, 2}); });
        EXPECT_EQ(part.opening, shillings(100));
        EXPECT_EQ(part.closing, shillings(85));
        EXPECT_EQ(part.lines.total, 5);
        for (const auto& line : part.lines.items) balances.push_back(line.balance_after.minor());
    }
    EXPECT_EQ(balances, (std::vector<std::int64_t>{99, 97, 94, 90, 85}));
}

TEST_P(Statements, AreEmptyForAPeriodInWhichNothingHappened) {
    const Account ann = wallet("ann");
    book(cash_, ann, 100, 1);
    const auto quiet = read([&](Tx& tx) { return statement(tx, ann, {day(2), day(3)}); });
    EXPECT_EQ(quiet.opening, shillings(100));
    EXPECT_EQ(quiet.closing, shillings(100));
    EXPECT_TRUE(quiet.lines.items.empty());
    // A period that ends before it begins is one in which nothing happened.
    EXPECT_EQ(read([&](Tx& tx) { return statement(tx, ann, {day(3), day(0)}); }).closing, shillings(100));
}

INSTANTIATE_TEST_SUITE_P(Engines, Statements, ::testing::ValuesIn(pamoja::testing::engines()),
                         testing::engine_name);

}  // namespace
}  // namespace pamoja::ledger
