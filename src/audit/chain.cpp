#include "audit/chain.hpp"

#include <optional>

#include "base/hex.hpp"
#include "crypto/digest.hpp"

namespace pamoja::audit {
namespace {

constexpr std::int64_t rows_per_read = 500;
constexpr std::size_t violations_max = 100;

// An entry as it is stored: the details stay text, so that no character of them can change unseen.
struct StoredEntry {
    std::string id;
    std::string actor;
    std::string action;
    std::string subject;
    std::string details;
    std::string trace_id;
    std::string ip_address;
    std::int64_t recorded_at = 0;

    void describe(Fields& f) {
        f("audit_entries.id", id);
        f("audit_entries.actor", actor);
        f("audit_entries.action", action);
        f("audit_entries.subject", subject);
        f("audit_entries.details", details);
        f("audit_entries.trace_id", trace_id);
        f("audit_entries.ip_address", ip_address);
        f("audit_entries.recorded_at", recorded_at);
    }
};

struct Link {
    std::int64_t number = 0;
    std::string entry_id;
    std::string hash;

    void describe(Fields& f) {
        f("number", number);
        f("entry_id", entry_id);
        f("hash", hash);
    }
};

struct LinkedEntry {
    std::int64_t number = 0;
    std::string hash;
    StoredEntry entry;

    void describe(Fields& f) {
        f("audit_links.number", number);
        f("audit_links.hash", hash);
        f.include(entry);
    }
};

// Each part with its length before it, so that no two entries make the same text.
std::string hash_of(const TenantId& tenant, std::int64_t number, const std::string& previous,
                    const StoredEntry& entry) {
    std::string text;
    for (const std::string& part :
         {tenant.text(), std::to_string(number), previous, entry.id, entry.actor, entry.action, entry.subject,
          entry.details, entry.trace_id, entry.ip_address, std::to_string(entry.recorded_at)}) {
        text += std::to_string(part.size());
        text += ':';
        text += part;
    }
    return to_hex(crypto::sha256(text));
}

// What check() found, up to its bound.
class Violations {
  public:
    void add(std::string sentence) {
        if (!is_full()) list_.push_back(std::move(sentence));
    }
    bool is_full() const { return list_.size() >= violations_max; }
    std::vector<std::string> take() { return std::move(list_); }

  private:
    std::vector<std::string> list_;
};

void check_links(Tx& tx, Violations& violations) {
    ChainHead head;
    std::vector<LinkedEntry> links;
    do {
        links = tx.all<LinkedEntry>(
            "FROM audit_links JOIN audit_entries ON audit_entries.tenant_id = audit_links.tenant_id "
            "AND audit_entries.id = audit_links.entry_id WHERE audit_links.tenant_id = :tenant "
            "AND audit_links.number > $1 ORDER BY audit_links.number LIMIT $2",
            head.number, rows_per_read);
        for (const auto& link : links) {
            if (link.number != head.number + 1) {
                violations.add("audit: links " + std::to_string(head.number + 1) + " to " +
                               std::to_string(link.number - 1) + " are missing");
            } else if (hash_of(tx.tenant(), link.number, head.hash, link.entry) != link.hash) {
                violations.add("audit: entry " + link.entry.id + " was changed, or link " +
                               std::to_string(link.number) + " was");
            }
            head = {link.number, link.hash};
        }
    } while (!links.empty() && !violations.is_full());
    if (!violations.is_full() && head_of(tx).number != head.number) {
        violations.add("audit: links after " + std::to_string(head.number) + " have lost their entries");
    }
}

void check_completeness(Tx& tx, Violations& violations) {
    const auto loose = *tx.value<std::int64_t>(
        "SELECT COUNT(*) FROM audit_entries WHERE tenant_id = :tenant "
        "AND NOT EXISTS (SELECT 1 FROM audit_links WHERE audit_links.tenant_id = audit_entries.tenant_id "
        "AND audit_links.entry_id = audit_entries.id) "
        "AND NOT EXISTS (SELECT 1 FROM audit_unsealed WHERE audit_unsealed.tenant_id = "
        "audit_entries.tenant_id "
        "AND audit_unsealed.entry_id = audit_entries.id)");
    if (loose != 0) {
        violations.add("audit: " + std::to_string(loose) + " entries are neither sealed nor waiting for it");
    }
    const auto twice = *tx.value<std::int64_t>(
        "SELECT COUNT(*) FROM audit_unsealed JOIN audit_links ON audit_links.tenant_id = "
        "audit_unsealed.tenant_id AND audit_links.entry_id = audit_unsealed.entry_id "
        "WHERE audit_unsealed.tenant_id = :tenant");
    if (twice != 0) violations.add("audit: " + std::to_string(twice) + " sealed entries wait to be sealed");
}

}  // namespace

std::int64_t seal(Tx& tx, std::int64_t entries_max) {
    const auto waiting = tx.all<StoredEntry>(
        "FROM audit_unsealed JOIN audit_entries ON audit_entries.tenant_id = audit_unsealed.tenant_id "
        "AND audit_entries.id = audit_unsealed.entry_id WHERE audit_unsealed.tenant_id = :tenant "
        "ORDER BY audit_unsealed.entry_id LIMIT $1",
        entries_max);
    if (waiting.empty()) return 0;
    ChainHead head = head_of(tx);
    for (const auto& entry : waiting) {
        const std::int64_t number = head.number + 1;
        const Link link{number, entry.id, hash_of(tx.tenant(), number, head.hash, entry)};
        require(tx.insert_if_absent("audit_links", link), unavailable,
                "The audit log is being sealed elsewhere.");
        tx.run("DELETE FROM audit_unsealed WHERE tenant_id = :tenant AND entry_id = $1", entry.id);
        head = {link.number, link.hash};
    }
    return static_cast<std::int64_t>(waiting.size());
}

std::vector<TenantId> tenants_to_seal(Tx& tx, const TenantSlice& slice) {
    return tenants_with(tx, slice, "audit_unsealed", "TRUE");
}

ChainHead head_of(Tx& tx) {
    const auto last = tx.maybe<Link>("FROM audit_links WHERE tenant_id = :tenant ORDER BY number DESC");
    return last ? ChainHead{last->number, last->hash} : ChainHead{};
}

std::vector<std::string> check(Tx& tx) {
    Violations violations;
    check_links(tx, violations);
    check_completeness(tx, violations);
    return violations.take();
}

}  // namespace pamoja::audit
