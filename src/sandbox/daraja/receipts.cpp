#include "sandbox/daraja/receipts.hpp"

#include <string_view>

#include "base/decimal.hpp"

namespace pamoja::sandbox::daraja {
namespace {

constexpr std::string_view symbols = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::size_t tail_length = 7;
constexpr std::uint64_t tails = 36ULL * 36 * 36 * 36 * 36 * 36 * 36;
// Coprime to the number of tails (2 and 3 do not divide it), so that each comes once before any comes again.
constexpr std::uint64_t stride = 48'271'393'781ULL;
constexpr int year_of_a = 2006;

}  // namespace

Receipts::Receipts(Random& random) : counter_(random.below(tails)) {}

std::string Receipts::next(Timestamp now) {
    const auto day = local_date(now, "Africa/Nairobi").calendar();
    const auto year = static_cast<unsigned>((static_cast<int>(day.year()) - year_of_a) % 26 + 26) % 26;
    std::string receipt{static_cast<char>('A' + year),
                        static_cast<char>('A' + static_cast<unsigned>(day.month()) - 1),
                        symbols[static_cast<unsigned>(day.day())]};
    const Int128 product = static_cast<Int128>(counter_++ % tails) * stride;
    auto tail = static_cast<std::uint64_t>(product % tails);
    for (std::size_t i = 0; i < tail_length; ++i) {
        receipt += symbols[tail % symbols.size()];
        tail /= symbols.size();
    }
    return receipt;
}

}  // namespace pamoja::sandbox::daraja
