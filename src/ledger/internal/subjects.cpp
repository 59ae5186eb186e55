#include "ledger/internal/subjects.hpp"

#include "json/writer.hpp"
#include "ledger/accounts.hpp"
#include "ledger/internal/hold_events.hpp"

namespace pamoja::ledger::internal {
namespace {

struct MetadataRow {
    std::string transaction_id;
    std::string name;
    std::string value;

    void describe(Fields& f) {
        f("transaction_id", transaction_id);
        f("name", name);
        f("value", value);
    }
};

// Two parameters bound the ids that `ids` selects.
template <class Bound>
struct Range {
    std::string ids;
    Bound first;
    Bound last;

    // The rows of a table whose `column` names one of the subjects.
    template <class T>
    std::vector<T> rows(Tx& tx, const std::string& table, const std::string& column,
                        const std::string& order) const {
        return tx.all<T>("FROM " + table + " WHERE tenant_id = :tenant AND " + column + " IN (" + ids +
                             ") ORDER BY " + order,
                         first, last);
    }
};

void write_amount(json::Writer& writer, const std::optional<Money>& amount) {
    writer.name("amount");
    if (amount) {
        writer.integer(amount->minor());
    } else {
        writer.null();
    }
}

void write_instant(json::Writer& writer, std::string_view name, const std::optional<Timestamp>& instant) {
    writer.name(name);
    if (instant) {
        writer.integer(instant->micros());
    } else {
        writer.null();
    }
}

template <class Tag>
std::string text_of(const std::optional<Id<Tag>>& id) {
    return id ? id->text() : std::string();
}

std::string text_of(const Account& account) {
    json::Writer writer;
    writer.begin_object();
    writer.member("account", account.id.text());
    writer.member("code", account.code);
    writer.member("kind", name_of(account.kind));
    writer.member("owner", account.owner.value_or(""));
    writer.member("currency", account.currency.code());
    writer.member("is_system", account.is_system);
    write_amount(writer, account.opening_floor);
    writer.end_object();
    return writer.take();
}

std::string text_of(const FloorChange& change) {
    json::Writer writer;
    writer.begin_object();
    writer.member("floor_change", change.id.text());
    writer.member("account", change.account_id.text());
    writer.member("number", change.number);
    writer.member("currency", change.currency.code());
    write_amount(writer, change.floor);
    writer.member("reason", change.reason);
    write_instant(writer, "changed_at", change.changed_at);
    writer.end_object();
    return writer.take();
}

void write_hold(json::Writer& writer, const Hold& hold) {
    writer.name("hold");
    writer.begin_object();
    writer.member("id", hold.id.text());
    writer.member("account", hold.account_id.text());
    writer.member("reference", hold.reference);
    writer.member("currency", hold.amount.currency().code());
    write_amount(writer, hold.amount);
    write_instant(writer, "expires_at", hold.expires_at);
    write_instant(writer, "placed_at", hold.placed_at);
    writer.end_object();
}

std::string text_of(const HoldEvent& event, const Hold& hold) {
    json::Writer writer;
    writer.begin_object();
    writer.member("hold_event", event.id.text());
    write_hold(writer, hold);
    writer.member("kind", name_of(event.kind));
    writer.member("currency", event.amount.currency().code());
    write_amount(writer, event.amount);
    writer.member("transaction", text_of(event.transaction_id));
    writer.member("reason", event.reason);
    write_instant(writer, "happened_at", event.happened_at);
    writer.end_object();
    return writer.take();
}

void write_entries(json::Writer& writer, const std::vector<Entry>& entries) {
    writer.name("entries");
    writer.begin_array();
    for (const Entry& entry : entries) {
        writer.begin_object();
        writer.member("account", entry.account_id.text());
        writer.member("currency", entry.amount.currency().code());
        write_amount(writer, entry.amount);
        write_instant(writer, "effective_at", entry.effective_at);
        writer.end_object();
    }
    writer.end_array();
}

std::string text_of(const Transaction& transaction) {
    json::Writer writer;
    writer.begin_object();
    writer.member("transaction", transaction.id.text());
    writer.member("reference", transaction.reference);
    writer.member("memo", transaction.memo);
    write_instant(writer, "effective_at", transaction.effective_at);
    write_instant(writer, "recorded_at", transaction.recorded_at);
    writer.member("reverses", text_of(transaction.reverses_id));
    writer.member("hold", text_of(transaction.hold_id));
    writer.member("fingerprint", transaction.fingerprint);
    writer.name("metadata");
    writer.begin_object();
    for (const auto& [name, value] : transaction.metadata) writer.member(name, value);
    writer.end_object();
    write_entries(writer, transaction.entries);
    writer.end_object();
    return writer.take();
}

template <class Bound>
void add_transactions(Tx& tx, const Range<Bound>& range, SubjectTexts& texts) {
    auto transactions = range.template rows<Transaction>(tx, "ledger_transactions", "id", "id");
    std::map<std::string, Transaction*> by_id;
    for (Transaction& transaction : transactions) by_id.emplace(transaction.id.text(), &transaction);
    for (const Entry& entry : range.template rows<Entry>(tx, "ledger_entries", "transaction_id",
                                                         "transaction_id, amount, account_id")) {
        const auto found = by_id.find(entry.transaction_id.text());
        if (found != by_id.end()) found->second->entries.push_back(entry);
    }
    for (const MetadataRow& row :
         range.template rows<MetadataRow>(tx, "ledger_metadata", "transaction_id", "transaction_id, name")) {
        const auto found = by_id.find(row.transaction_id);
        if (found != by_id.end()) found->second->metadata.emplace(row.name, row.value);
    }
    for (const auto& [id, transaction] : by_id) texts.emplace(id, text_of(*transaction));
}

template <class Bound>
void add_hold_events(Tx& tx, const Range<Bound>& range, SubjectTexts& texts) {
    const auto events = range.template rows<HoldEvent>(tx, "ledger_hold_events", "id", "id");
    if (events.empty()) return;
    const Range<Bound> hold_range{
        "SELECT hold_id FROM ledger_hold_events WHERE tenant_id = :tenant AND id IN (" + range.ids + ")",
        range.first, range.last};
    std::map<HoldId, Hold> holds;
    for (Hold& hold : hold_range.template rows<Hold>(tx, "ledger_holds", "id", "id")) {
        holds.emplace(hold.id, std::move(hold));
    }
    for (const HoldEvent& event : events) {
        const auto hold = holds.find(event.hold_id);
        if (hold != holds.end()) texts.emplace(event.id.text(), text_of(event, hold->second));
    }
}

template <class Bound>
SubjectTexts texts_of(Tx& tx, const Range<Bound>& range) {
    SubjectTexts texts;
    add_transactions(tx, range, texts);
    add_hold_events(tx, range, texts);
    for (const Account& account : range.template rows<Account>(tx, "ledger_accounts", "id", "id")) {
        texts.emplace(account.id.text(), text_of(account));
    }
    for (const FloorChange& change :
         range.template rows<FloorChange>(tx, "ledger_floor_changes", "id", "id")) {
        texts.emplace(change.id.text(), text_of(change));
    }
    return texts;
}

}  // namespace

SubjectTexts unsealed_subjects(Tx& tx, const std::string& last_id) {
    return texts_of(tx, Range<std::string>{"SELECT subject_id FROM ledger_unsealed WHERE tenant_id = :tenant "
                                           "AND subject_id > $1 AND subject_id <= $2",
                                           "", last_id});
}

SubjectTexts sealed_subjects(Tx& tx, std::int64_t first, std::int64_t last) {
    return texts_of(tx, Range<std::int64_t>{"SELECT subject_id FROM ledger_chain WHERE tenant_id = :tenant "
                                            "AND sequence > $1 AND sequence <= $2",
                                            first, last});
}

}  // namespace pamoja::ledger::internal
