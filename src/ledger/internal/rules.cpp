#include "ledger/internal/rules.hpp"

namespace pamoja::ledger::internal {
namespace {

constexpr Rule all_rules[] = {
    {"The legs of a transaction do not add up to zero in a currency",
     "SELECT transaction_id || ' ' || currency FROM ledger_entries WHERE tenant_id = :tenant "
     "GROUP BY transaction_id, currency HAVING SUM(amount) <> 0 ORDER BY transaction_id, currency"},
    {"All entries of a currency do not add up to zero",
     "SELECT currency FROM ledger_entries WHERE tenant_id = :tenant "
     "GROUP BY currency HAVING SUM(amount) <> 0 ORDER BY currency"},
    {"A transaction has fewer than two legs",
     "SELECT t.id FROM ledger_transactions t WHERE t.tenant_id = :tenant AND "
     "(SELECT COUNT(*) FROM ledger_entries e WHERE e.tenant_id = t.tenant_id AND e.transaction_id = t.id) < "
     "2 "
     "ORDER BY t.id"},
    {"An entry belongs to no transaction, or is effective at another time than its own",
     "SELECT e.transaction_id FROM ledger_entries e LEFT JOIN ledger_transactions t "
     "ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id WHERE e.tenant_id = :tenant "
     "AND (t.id IS NULL OR t.effective_at <> e.effective_at) ORDER BY e.transaction_id"},
    {"An entry belongs to no account, or is in another currency than its own",
     "SELECT e.transaction_id FROM ledger_entries e LEFT JOIN ledger_accounts a "
     "ON a.tenant_id = e.tenant_id AND a.id = e.account_id WHERE e.tenant_id = :tenant "
     "AND (a.id IS NULL OR a.currency <> e.currency) ORDER BY e.transaction_id"},
    {"A reference stands for more than one transaction",
     "SELECT reference FROM ledger_transactions WHERE tenant_id = :tenant "
     "GROUP BY reference HAVING COUNT(*) > 1 ORDER BY reference"},

    {"A customer account has no balance, or a system account has one",
     "SELECT a.code FROM ledger_accounts a LEFT JOIN ledger_balances b "
     "ON b.tenant_id = a.tenant_id AND b.account_id = a.id WHERE a.tenant_id = :tenant "
     "AND (b.account_id IS NULL) = (NOT a.is_system) ORDER BY a.code"},
    {"A balance is not the sum of its entries",
     "SELECT b.account_id FROM ledger_balances b WHERE b.tenant_id = :tenant AND b.posted <> COALESCE("
     "(SELECT SUM(e.amount) FROM ledger_entries e WHERE e.tenant_id = b.tenant_id "
     "AND e.account_id = b.account_id), 0) ORDER BY b.account_id"},
    {"A held amount is not the sum of the account's active holds",
     "SELECT b.account_id FROM ledger_balances b WHERE b.tenant_id = :tenant AND b.held <> COALESCE("
     "(SELECT SUM(h.remaining) FROM ledger_holds h WHERE h.tenant_id = b.tenant_id "
     "AND h.account_id = b.account_id AND h.status = 'active'), 0) ORDER BY b.account_id"},
    {"A balance is below its floor",
     "SELECT account_id FROM ledger_balances WHERE tenant_id = :tenant AND (held < 0 OR "
     "posted - held < floor) ORDER BY account_id"},
    {"A floor is not the one that was last set",
     "SELECT b.account_id FROM ledger_balances b JOIN ledger_accounts a "
     "ON a.tenant_id = b.tenant_id AND a.id = b.account_id LEFT JOIN ledger_floor_changes c "
     "ON c.tenant_id = b.tenant_id AND c.account_id = b.account_id AND c.number = (SELECT MAX(m.number) "
     "FROM ledger_floor_changes m WHERE m.tenant_id = b.tenant_id AND m.account_id = b.account_id) "
     "WHERE b.tenant_id = :tenant AND "
     "(COALESCE(b.floor, 0) <> COALESCE(CASE WHEN c.id IS NULL THEN a.opening_floor ELSE c.floor END, 0) OR "
     "(b.floor IS NULL) <> ((CASE WHEN c.id IS NULL THEN a.opening_floor ELSE c.floor END) IS NULL)) "
     "ORDER BY b.account_id"},
    {"A snapshot is not the sum of the sealed entries",
     "SELECT a.code FROM ledger_accounts a LEFT JOIN ledger_snapshots s "
     "ON s.tenant_id = a.tenant_id AND s.account_id = a.id WHERE a.tenant_id = :tenant AND a.is_system "
     "AND COALESCE(s.posted, 0) <> COALESCE((SELECT SUM(e.amount) FROM ledger_entries e JOIN ledger_chain c "
     "ON c.tenant_id = e.tenant_id AND c.subject_id = e.transaction_id "
     "WHERE e.tenant_id = a.tenant_id AND e.account_id = a.id), 0) ORDER BY a.code"},

    {"What remains of a hold is not what its events leave",
     "SELECT h.id FROM ledger_holds h WHERE h.tenant_id = :tenant AND h.remaining <> COALESCE("
     "(SELECT SUM(CASE WHEN e.kind = 'placed' THEN e.amount ELSE -e.amount END) FROM ledger_hold_events e "
     "WHERE e.tenant_id = h.tenant_id AND e.hold_id = h.id), -1) ORDER BY h.id"},
    {"A hold was not placed exactly once with its amount",
     "SELECT h.id FROM ledger_holds h WHERE h.tenant_id = :tenant AND (SELECT COUNT(*) "
     "FROM ledger_hold_events e WHERE e.tenant_id = h.tenant_id AND e.hold_id = h.id AND e.kind = 'placed' "
     "AND e.amount = h.amount) <> 1 ORDER BY h.id"},
    {"A hold has a status that no event of it explains",
     "SELECT h.id FROM ledger_holds h WHERE h.tenant_id = :tenant AND ((h.status = 'active') <> "
     "(h.remaining > 0) OR (h.status <> 'active' AND NOT EXISTS (SELECT 1 FROM ledger_hold_events e "
     "WHERE e.tenant_id = h.tenant_id AND e.hold_id = h.id AND e.kind = h.status))) ORDER BY h.id"},
    {"A settlement did not take from the held account what its event says",
     "SELECT v.id FROM ledger_hold_events v JOIN ledger_holds h "
     "ON h.tenant_id = v.tenant_id AND h.id = v.hold_id WHERE v.tenant_id = :tenant AND v.kind = 'settled' "
     "AND NOT EXISTS (SELECT 1 FROM ledger_transactions t JOIN ledger_entries e "
     "ON e.tenant_id = t.tenant_id AND e.transaction_id = t.id WHERE t.tenant_id = v.tenant_id "
     "AND t.id = v.transaction_id AND t.hold_id = h.id AND e.account_id = h.account_id "
     "AND e.amount = -v.amount) ORDER BY v.id"},
    {"A transaction settled a hold without exactly one event that says so",
     "SELECT t.id FROM ledger_transactions t WHERE t.tenant_id = :tenant AND t.hold_id IS NOT NULL "
     "AND (SELECT COUNT(*) FROM ledger_hold_events v WHERE v.tenant_id = t.tenant_id "
     "AND v.hold_id = t.hold_id AND v.transaction_id = t.id AND v.kind = 'settled') <> 1 ORDER BY t.id"},

    {"A transaction was reversed more than once",
     "SELECT reverses_id FROM ledger_transactions WHERE tenant_id = :tenant AND reverses_id IS NOT NULL "
     "GROUP BY reverses_id HAVING COUNT(*) > 1 ORDER BY reverses_id"},
    {"A reversal reverses nothing, or another reversal",
     "SELECT r.id FROM ledger_transactions r LEFT JOIN ledger_transactions t "
     "ON t.tenant_id = r.tenant_id AND t.id = r.reverses_id WHERE r.tenant_id = :tenant "
     "AND r.reverses_id IS NOT NULL AND (t.id IS NULL OR t.reverses_id IS NOT NULL) ORDER BY r.id"},
    {"A reversal is not the opposite of its original",
     "SELECT r.id FROM ledger_transactions r WHERE r.tenant_id = :tenant AND r.reverses_id IS NOT NULL "
     "AND ((SELECT COUNT(*) FROM ledger_entries e WHERE e.tenant_id = r.tenant_id "
     "AND e.transaction_id = r.id) <> (SELECT COUNT(*) FROM ledger_entries e "
     "WHERE e.tenant_id = r.tenant_id AND e.transaction_id = r.reverses_id) OR EXISTS (SELECT 1 "
     "FROM ledger_entries e LEFT JOIN ledger_entries o ON o.tenant_id = e.tenant_id "
     "AND o.transaction_id = r.reverses_id AND o.account_id = e.account_id AND o.amount = -e.amount "
     "WHERE e.tenant_id = r.tenant_id AND e.transaction_id = r.id AND o.transaction_id IS NULL)) "
     "ORDER BY r.id"},

    {"A transaction is neither sealed nor waiting for it, or both",
     "SELECT t.id FROM ledger_transactions t WHERE t.tenant_id = :tenant AND "
     "EXISTS (SELECT 1 FROM ledger_chain c WHERE c.tenant_id = t.tenant_id AND c.subject_id = t.id) = "
     "EXISTS (SELECT 1 FROM ledger_unsealed u WHERE u.tenant_id = t.tenant_id AND u.subject_id = t.id) "
     "ORDER BY t.id"},
    {"An event of a hold is neither sealed nor waiting for it, or both",
     "SELECT v.id FROM ledger_hold_events v WHERE v.tenant_id = :tenant AND "
     "EXISTS (SELECT 1 FROM ledger_chain c WHERE c.tenant_id = v.tenant_id AND c.subject_id = v.id) = "
     "EXISTS (SELECT 1 FROM ledger_unsealed u WHERE u.tenant_id = v.tenant_id AND u.subject_id = v.id) "
     "ORDER BY v.id"},
    {"An account is neither sealed nor waiting for it, or both",
     "SELECT a.code FROM ledger_accounts a WHERE a.tenant_id = :tenant AND "
     "EXISTS (SELECT 1 FROM ledger_chain c WHERE c.tenant_id = a.tenant_id AND c.subject_id = a.id) = "
     "EXISTS (SELECT 1 FROM ledger_unsealed u WHERE u.tenant_id = a.tenant_id AND u.subject_id = a.id) "
     "ORDER BY a.code"},
    {"A change of a floor is neither sealed nor waiting for it, or both",
     "SELECT f.id FROM ledger_floor_changes f WHERE f.tenant_id = :tenant AND "
     "EXISTS (SELECT 1 FROM ledger_chain c WHERE c.tenant_id = f.tenant_id AND c.subject_id = f.id) = "
     "EXISTS (SELECT 1 FROM ledger_unsealed u WHERE u.tenant_id = f.tenant_id AND u.subject_id = f.id) "
     "ORDER BY f.id"},
};

}  // namespace

std::span<const Rule> rules() {
    return all_rules;
}

}  // namespace pamoja::ledger::internal
