#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/holds.hpp"

namespace pamoja::ledger::testing {

// What the books should say, in plain memory and with nothing clever. Each operation returns the code of the
// failure that it expects ("" for none), and changes itself as the ledger should.
class Oracle {
  public:
    struct AccountModel {
        bool is_system = false;
        std::string currency;
        std::optional<std::int64_t> floor;
        std::int64_t posted = 0;
        std::int64_t held = 0;
    };
    struct LegModel {
        std::size_t account;
        std::int64_t minor;
    };
    struct PostingModel {
        std::string reference;
        std::string memo;
        std::optional<std::int64_t> effective_at;
        std::vector<LegModel> legs;
    };
    struct Booked {
        std::string content;  // of the request, for repetitions
        std::vector<LegModel> legs;
        std::int64_t effective_at = 0;
        bool is_reversal = false;
        bool is_reversed = false;
    };
    struct HoldModel {
        std::string content;
        std::size_t account = 0;
        std::int64_t remaining = 0;
        std::optional<std::int64_t> expires_at;
        HoldStatus status = HoldStatus::active;
    };

    std::string post(const PostingModel&, std::int64_t now);
    std::string reverse(const std::string& original, const std::string& reference, std::int64_t now);
    std::string place(const std::string& reference, std::size_t account, std::int64_t minor,
                      std::optional<std::int64_t> expires_at, std::int64_t now);
    std::string settle(const std::string& hold, const PostingModel& to, Rest, std::int64_t now);
    std::string release(const std::string& hold);
    std::int64_t expire(std::int64_t now);
    std::string move_floor(std::size_t account, std::optional<std::int64_t> floor);

    std::int64_t balance_at(std::size_t account, std::int64_t at) const;

    std::vector<AccountModel> accounts;
    std::map<std::string, Booked> transactions;  // by reference
    std::map<std::string, HoldModel> holds;      // by reference

  private:
    static std::string content_of(const PostingModel&);
    std::string fault_of(const PostingModel&) const;
    bool fits(const std::vector<LegModel>&) const;
    void book(const PostingModel&, const std::string& content, std::int64_t now, bool is_reversal);
};

}  // namespace pamoja::ledger::testing
