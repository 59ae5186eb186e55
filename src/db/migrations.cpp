#include "db/migrations.hpp"

#include <algorithm>
#include <cctype>

namespace pamoja {
namespace {

std::string without_comments(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        result.append(line.substr(0, line.find("--")));
        result += '\n';
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return result;
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

// Drops the sections of the other engine, and the marks of ours.
std::string for_engine(std::string text, Engine engine) {
    const std::string other = engine == Engine::sqlite ? "{only postgres}" : "{only sqlite}";
    constexpr std::string_view end = "{end}";
    for (auto at = text.find(other); at != std::string::npos; at = text.find(other)) {
        text.erase(at, text.find(end, at) + end.size() - at);
    }
    replace_all(text, engine == Engine::sqlite ? "{only sqlite}" : "{only postgres}", "");
    replace_all(text, end, "");
    replace_all(text, "{blob}", engine == Engine::sqlite ? "BLOB" : "BYTEA");
    return text;
}

void add_append_only(std::vector<std::string>& statements, const std::string& table, Engine engine) {
    if (engine == Engine::sqlite) {
        for (const char* change : {"UPDATE", "DELETE"}) {
            statements.push_back("CREATE TRIGGER " + table + "_refuses_" + change + " BEFORE " + change +
                                 " ON " + table + " BEGIN SELECT RAISE(ABORT, 'immutable: " + table +
                                 "'); END");
        }
        return;
    }
    statements.push_back(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'immutable: %', TG_TABLE_NAME USING ERRCODE = 'PJ001'; END $$");
    statements.push_back("CREATE TRIGGER " + table +
                         "_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON " + table +
                         " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()");
}

// Where the semicolon that ends the first statement stands. The body of a trigger on SQLite has semicolons of
// its own and ends with END.
std::size_t end_of_statement(std::string_view text) {
    const auto semicolon = text.find(';');
    const auto statement = trimmed(text.substr(0, semicolon));
    const bool has_body =
        statement.starts_with("CREATE TRIGGER") && statement.find("BEGIN") != std::string::npos;
    if (!has_body) return semicolon;
    const auto end = text.find("END;", semicolon);
    return end == std::string_view::npos ? end : end + 3;
}

// Calls found(table) for each name that follows FROM, JOIN, INTO, UPDATE or TABLE.
template <class F>
void for_each_table(std::string_view sql, F found) {
    std::string word;
    bool is_expected = false;
    const auto finish = [&] {
        if (word.empty()) return;
        if (is_expected) found(word);
        std::string upper = word;
        std::ranges::transform(upper, upper.begin(),
                               [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        is_expected =
            upper == "FROM" || upper == "JOIN" || upper == "INTO" || upper == "UPDATE" || upper == "TABLE";
        word.clear();
    };
    for (const char c : sql) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
            word += c;
        } else {
            finish();
            // A subselect or a list of columns is no table.
            if (c == '(') is_expected = false;
        }
    }
    finish();
}

std::vector<std::string> find_tenant_tables() {
    std::vector<std::string> tables;
    for (const auto& migration : all_migrations()) {
        for (const auto& statement : statements_of(migration.text, Engine::sqlite)) {
            if (!statement.starts_with("CREATE TABLE") || statement.find("tenant_id") == std::string::npos)
                continue;
            for_each_table(statement.substr(0, statement.find('(')),
                           [&](const std::string& table) { tables.push_back(table); });
        }
    }
    std::ranges::sort(tables);
    return tables;
}

}  // namespace

std::vector<std::string> statements_of(std::string_view migration, Engine engine) {
    std::vector<std::string> statements;
    const std::string text = for_engine(without_comments(migration), engine);
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto length = std::min(rest.size(), end_of_statement(rest));
        auto statement = trimmed(rest.substr(0, length));
        rest.remove_prefix(std::min(rest.size(), length + 1));
        constexpr std::string_view append_only = "{append_only ";
        while (statement.starts_with(append_only)) {
            const auto close = statement.find('}');
            add_append_only(statements, statement.substr(append_only.size(), close - append_only.size()),
                            engine);
            statement = trimmed(std::string_view(statement).substr(close + 1));
        }
        if (!statement.empty()) statements.push_back(std::move(statement));
    }
    return statements;
}

void create_migration_table(Tx& tx) {
    tx.run(
        "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)");
}

void apply_migration(Tx& tx, const Migration& migration, Engine engine) {
    if (tx.value<std::string>("SELECT name FROM schema_migrations WHERE name = $1", migration.name)) return;
    for (const auto& statement : statements_of(migration.text, engine)) tx.run(statement);
    tx.run("INSERT INTO schema_migrations (name, applied_at) VALUES ($1, $2)", migration.name, tx.now());
}

bool is_writable(Database& database) {
    try {
        return database.write(every_tenant(), [](Tx& tx) {
            return tx.run("UPDATE schema_migrations SET applied_at = applied_at WHERE name = $1",
                          all_migrations().front().name) == 1;
        });
    } catch (const std::exception&) {
        return false;
    }
}

const std::vector<std::string>& tenant_tables() {
    static const std::vector<std::string> tables = find_tenant_tables();
    return tables;
}

void require_tenant(std::string_view sql, const TenantId& tenant) {
    if (tenant == every_tenant() || sql.find(":tenant") != std::string_view::npos) return;
    for_each_table(sql, [&](const std::string& table) {
        if (std::ranges::binary_search(tenant_tables(), table)) {
            throw std::logic_error("a statement on a tenant's table does not name :tenant: " +
                                   std::string(sql));
        }
    });
}

std::string number_parameters(std::string_view sql, std::size_t parameters, char prefix) {
    constexpr std::string_view tenant = ":tenant";
    std::string result;
    result.reserve(sql.size() + 8);
    bool is_quoted = false;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql[i] == '\'') is_quoted = !is_quoted;
        if (!is_quoted && sql[i] == '$') {
            result += prefix;
        } else if (!is_quoted && sql.substr(i, tenant.size()) == tenant) {
            result += prefix + std::to_string(parameters + 1);
            i += tenant.size() - 1;
        } else {
            result += sql[i];
        }
    }
    return result;
}

}  // namespace pamoja
