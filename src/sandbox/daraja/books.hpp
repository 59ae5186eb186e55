#pragma once
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/money.hpp"
#include "sandbox/daraja/receipts.hpp"
#include "sandbox/shelf.hpp"

namespace pamoja {
class Fields;
}

namespace pamoja::sandbox::daraja {

// As the organization sees it.
enum class Direction { in, out };
constexpr std::array<const char*, 2> names(Direction) {
    return {"in", "out"};
}

enum class MovementKind { push, customer_payment, payout, reversal };
constexpr std::array<const char*, 4> names(MovementKind) {
    return {"stk_push", "c2b", "b2c", "reversal"};
}

// Money that moved between a phone and an organization.
struct Movement {
    std::string receipt{};
    Direction direction = Direction::in;
    MovementKind kind = MovementKind::push;
    Money amount{};
    std::string phone{};  // "+254700123456"
    std::string short_code{};
    std::string reference{};  // account reference, bill reference or conversation, or the reversed receipt
    std::string at{};
    bool is_reversed = false;

    void describe(Fields&);
};

// What a reversal came to.
struct Reversed {
    std::string code;  // "0", or Safaricom's code of the refusal
    std::string text;
    Movement movement{};  // of a success
};

// Safaricom's books, as far as the simulated organizations are concerned. Every organization begins with a
// thousand million shillings.
class Books {
  public:
    Books(const Clock& clock, Random& random) : clock_(clock), receipts_(random) {}

    std::string new_receipt() { return receipts_.next(clock_.now()); }
    // Moves the money under a new receipt; empty when the organization has too little.
    std::optional<Movement> record(Movement);
    // Gives a movement back, once, in whole or in part.
    Reversed reverse(const std::string& receipt, const std::string& short_code, const Money& amount);

    std::optional<Movement> find(const std::string& receipt);
    Money balance_of(const std::string& short_code);
    std::vector<Movement> statement();  // oldest first
    void clear();

  private:
    std::optional<Movement> move(Movement);
    Money& balance(const std::string& short_code);

    const Clock& clock_;
    Receipts receipts_;
    std::mutex mutex_;
    Shelf<Movement> movements_{500'000};
    std::map<std::string, Money> balances_;
};

}  // namespace pamoja::sandbox::daraja
