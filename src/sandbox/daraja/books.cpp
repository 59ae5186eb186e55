#include "sandbox/daraja/books.hpp"

#include "describe/fields.hpp"
#include "sandbox/daraja/outcome.hpp"

namespace pamoja::sandbox::daraja {
namespace {

constexpr std::int64_t opening_minor = 1'000'000'000'00;

}  // namespace

void Movement::describe(Fields& f) {
    f("receipt", receipt);
    f("direction", direction);
    f("kind", kind);
    f("amount", amount);
    f("phone", phone);
    f("short_code", short_code);
    f("reference", reference);
    f("at", at);
    f("is_reversed", is_reversed);
}

std::optional<Movement> Books::record(Movement movement) {
    const std::lock_guard lock(mutex_);
    return move(std::move(movement));
}

std::optional<Movement> Books::move(Movement movement) {
    Money& funds = balance(movement.short_code);
    if (movement.direction == Direction::out && funds < movement.amount) return std::nullopt;
    funds = movement.direction == Direction::in ? funds + movement.amount : funds - movement.amount;
    if (movement.receipt.empty()) movement.receipt = new_receipt();
    movement.at = clock_.now().precise_text();
    return movements_.add(movement, {movement.receipt});
}

Reversed Books::reverse(const std::string& receipt, const std::string& short_code, const Money& amount) {
    const std::lock_guard lock(mutex_);
    Movement* original = movements_.find(receipt);
    if (original == nullptr || original->short_code != short_code ||
        original->kind == MovementKind::reversal) {
        return {"R000002", "The OriginalTransactionID is invalid."};
    }
    if (original->is_reversed) return {"R000001", "The transaction has already been reversed."};
    if (amount > original->amount) return {"R000004", "The amount exceeds that of the original transaction."};
    const Movement back{
        .direction = original->direction == Direction::in ? Direction::out : Direction::in,
        .kind = MovementKind::reversal,
        .amount = amount,
        .phone = original->phone,
        .short_code = short_code,
        .reference = receipt,
    };
    const auto moved = move(back);
    if (!moved) return {insufficient_funds_verdict().code, insufficient_funds_verdict().text};
    // Looked up again: adding may have moved it, or made it leave.
    if (Movement* reversed = movements_.find(receipt)) reversed->is_reversed = true;
    return {success_verdict().code, success_verdict().text, *moved};
}

std::optional<Movement> Books::find(const std::string& receipt) {
    const std::lock_guard lock(mutex_);
    const Movement* found = movements_.find(receipt);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

Money Books::balance_of(const std::string& short_code) {
    const std::lock_guard lock(mutex_);
    return balance(short_code);
}

Money& Books::balance(const std::string& short_code) {
    return balances_.try_emplace(short_code, opening_minor, Currency("KES")).first->second;
}

std::vector<Movement> Books::statement() {
    const std::lock_guard lock(mutex_);
    return movements_.all();
}

void Books::clear() {
    const std::lock_guard lock(mutex_);
    movements_.clear();
    balances_.clear();
}

}  // namespace pamoja::sandbox::daraja
