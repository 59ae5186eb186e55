#include "audit/entries.hpp"

#include <array>

namespace pamoja::audit {
namespace {

constexpr std::size_t details_bytes_max = 8192;

constexpr std::array secret_words{"password", "passcode",      "passphrase", "pin",      "token", "secret",
                                  "otp",      "totp",          "cvv",        "bvn",      "nin",   "cookie",
                                  "session",  "authorization", "hash",       "signature"};

bool is_secret_word(const std::string& word) {
    return std::ranges::find(secret_words, word) != secret_words.end();
}

// Looks at each word of "new_password", "newPassword" and "PIN".
bool promises_secret(std::string_view name) {
    std::string word;
    bool was_lower = false;
    for (const char c : name) {
        const bool is_upper = c >= 'A' && c <= 'Z';
        const bool is_lower = c >= 'a' && c <= 'z';
        if ((is_upper && was_lower) || (!is_upper && !is_lower)) {
            if (is_secret_word(word)) return true;
            word.clear();
        }
        if (is_upper || is_lower) word += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
        was_lower = is_lower;
    }
    return is_secret_word(word);
}

void remove_secrets(json::Value& value) {
    if (auto* object = value.object()) {
        for (auto& [name, member] : *object) {
            if (promises_secret(name)) {
                member = json::Value("[removed]");
            } else {
                remove_secrets(member);
            }
        }
    }
    if (auto* array = value.array()) {
        for (auto& item : *array) remove_secrets(item);
    }
}

}  // namespace

void Entry::describe(Fields& f) {
    f("id", id);
    f("actor", event.actor);
    f("action", event.action);
    f("subject", event.subject);
    f("details", event.details);
    f("trace_id", event.trace_id);
    f("ip_address", event.ip_address);
    f("recorded_at", recorded_at);
}

Entry record(Tx& tx, const Event& event) {
    Entry entry{tx.new_id<EntryId>(), event, tx.now()};
    remove_secrets(entry.event.details);
    if (json::to_text(entry.event.details).size() > details_bytes_max) {
        throw std::logic_error("audit details are too long: " + event.action);
    }
    tx.insert("audit_entries", entry);
    tx.run("INSERT INTO audit_unsealed (tenant_id, entry_id) VALUES (:tenant, $1)", entry.id);
    return entry;
}

Page<Entry> entries_about(Tx& tx, std::string_view subject, PageRequest page) {
    return tx.page<Entry>(page, "FROM audit_entries WHERE tenant_id = :tenant AND subject = $1", "id DESC",
                          subject);
}

Page<Entry> entries_by(Tx& tx, std::string_view actor, PageRequest page) {
    return tx.page<Entry>(page, "FROM audit_entries WHERE tenant_id = :tenant AND actor = $1", "id DESC",
                          actor);
}

}  // namespace pamoja::audit
