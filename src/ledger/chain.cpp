#include "ledger/chain.hpp"

#include "base/hex.hpp"
#include "crypto/digest.hpp"
#include "ledger/internal/subjects.hpp"

namespace pamoja::ledger {
namespace {

constexpr std::size_t faults_max = 20;
constexpr std::int64_t links_per_batch = 500;

struct Waiting {
    std::string subject_id;
    SubjectKind subject_kind = SubjectKind::transaction;

    void describe(Fields& f) {
        f("subject_id", subject_id);
        f("subject_kind", subject_kind);
    }
};

struct Head {
    std::int64_t sequence = 0;
    std::string hash = std::string(64, '0');

    void describe(Fields& f) {
        f("sequence", sequence);
        f("hash", hash);
    }
};

std::string hash_of(const ChainLink& link, const std::string& subject) {
    return to_hex(crypto::sha256(std::to_string(link.sequence) + "\n" + link.previous_hash + "\n" +
                                 name_of(link.subject_kind) + "\n" + subject));
}

std::optional<Head> find_head(Tx& tx) {
    return tx.maybe<Head>("FROM ledger_chain_heads WHERE tenant_id = :tenant");
}

// Writing the head first makes a second pass wait here, before it makes links of its own.
Head lock_head(Tx& tx) {
    if (tx.run("UPDATE ledger_chain_heads SET sequence = sequence WHERE tenant_id = :tenant") == 1) {
        return *find_head(tx);
    }
    const Head first;
    tx.insert("ledger_chain_heads", first);
    return first;
}

void move_head(Tx& tx, const ChainLink& last) {
    tx.run("UPDATE ledger_chain_heads SET sequence = $1, hash = $2 WHERE tenant_id = :tenant", last.sequence,
           last.hash);
}

void add_to_snapshots(Tx& tx, const std::string& last_id, std::int64_t sequence) {
    tx.run(
        "INSERT INTO ledger_snapshots (tenant_id, account_id, currency, posted, sequence) "
        "SELECT e.tenant_id, e.account_id, e.currency, CAST(SUM(e.amount) AS BIGINT), CAST($2 AS BIGINT) "
        "FROM ledger_unsealed u JOIN ledger_entries e "
        "ON e.tenant_id = u.tenant_id AND e.transaction_id = u.subject_id "
        "JOIN ledger_accounts a ON a.tenant_id = e.tenant_id AND a.id = e.account_id "
        "WHERE u.tenant_id = :tenant AND u.subject_id <= $1 AND a.is_system "
        "GROUP BY e.tenant_id, e.account_id, e.currency "
        "ON CONFLICT (tenant_id, account_id) DO UPDATE SET "
        "posted = ledger_snapshots.posted + excluded.posted, sequence = excluded.sequence",
        last_id, sequence);
}

std::vector<ChainLink> links_of(Tx& tx, const Head& head, const std::vector<Waiting>& waiting) {
    const auto subjects = internal::unsealed_subjects(tx, waiting.back().subject_id);
    std::vector<ChainLink> links;
    std::string previous = head.hash;
    for (const Waiting& subject : waiting) {
        ChainLink link{.sequence = head.sequence + static_cast<std::int64_t>(links.size()) + 1,
                       .subject_kind = subject.subject_kind,
                       .subject_id = subject.subject_id,
                       .previous_hash = previous,
                       .hash = {},
                       .sealed_at = tx.now()};
        link.hash = hash_of(link, subjects.at(subject.subject_id));
        previous = link.hash;
        links.push_back(std::move(link));
    }
    return links;
}

class Verification {
  public:
    explicit Verification(Tx& tx) : tx_(tx) {}

    std::vector<std::string> run() {
        while (faults_.size() < faults_max && verify_batch()) {
        }
        const Head head = find_head(tx_).value_or(Head());
        if (faults_.size() < faults_max &&
            (head.sequence != expected_.sequence || head.hash != expected_.hash)) {
            faults_.push_back("The chain ends at link " + std::to_string(expected_.sequence) +
                              ", but its head is another.");
        }
        return std::move(faults_);
    }

  private:
    bool verify_batch() {
        const auto links = tx_.all<ChainLink>(
            "FROM ledger_chain WHERE tenant_id = :tenant AND sequence > $1 ORDER BY sequence LIMIT $2",
            expected_.sequence, links_per_batch);
        if (links.empty()) return false;
        const auto subjects = internal::sealed_subjects(tx_, expected_.sequence, links.back().sequence);
        for (const ChainLink& link : links) {
            if (faults_.size() < faults_max) verify(link, subjects);
            expected_ = {link.sequence, link.hash};
        }
        return true;
    }

    void verify(const ChainLink& link, const internal::SubjectTexts& subjects) {
        const auto subject = subjects.find(link.subject_id);
        if (link.sequence != expected_.sequence + 1) {
            fault(link, "does not follow the one before it");
        } else if (link.previous_hash != expected_.hash) {
            fault(link, "does not name the hash of the one before it");
        } else if (subject == subjects.end()) {
            fault(link, "stands for something that is gone");
        } else if (link.hash != hash_of(link, subject->second)) {
            fault(link, "does not match what it stands for");
        }
    }

    void fault(const ChainLink& link, const char* what) {
        faults_.push_back("Link " + std::to_string(link.sequence) + " of the chain (" +
                          name_of(link.subject_kind) + " " + link.subject_id + ") " + what + ".");
    }

    Tx& tx_;
    Head expected_;
    std::vector<std::string> faults_;
};

}  // namespace

void ChainLink::describe(Fields& f) {
    f("sequence", sequence);
    f("subject_kind", subject_kind);
    f("subject_id", subject_id);
    f("previous_hash", previous_hash);
    f("hash", hash);
    f("sealed_at", sealed_at);
}

std::int64_t seal(Tx& tx, std::int64_t limit) {
    const auto waiting =
        tx.all<Waiting>("FROM ledger_unsealed WHERE tenant_id = :tenant ORDER BY subject_id LIMIT $1", limit);
    if (waiting.empty()) return 0;
    const auto links = links_of(tx, lock_head(tx), waiting);
    const std::string& last_id = waiting.back().subject_id;
    tx.insert_all("ledger_chain", links);
    move_head(tx, links.back());
    add_to_snapshots(tx, last_id, links.back().sequence);
    tx.run("DELETE FROM ledger_unsealed WHERE tenant_id = :tenant AND subject_id <= $1", last_id);
    return static_cast<std::int64_t>(waiting.size());
}

std::vector<TenantId> tenants_to_seal(Tx& tx, const TenantSlice& slice) {
    return tenants_with(tx, slice, "ledger_unsealed", "TRUE");
}

std::optional<ChainLink> chain_head(Tx& tx) {
    return tx.maybe<ChainLink>("FROM ledger_chain WHERE tenant_id = :tenant ORDER BY sequence DESC");
}

std::vector<std::string> verify_chain(Tx& tx) {
    return Verification(tx).run();
}

}  // namespace pamoja::ledger
