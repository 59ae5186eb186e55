#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"

namespace pamoja {

// A numbered file of migrations/, embedded at build time: "0001_ledger" and its text.
struct Migration {
    std::string_view name;
    std::string_view text;
};

std::span<const Migration> all_migrations();  // in order

// The statements of a migration for one engine. Besides portable SQL the text may hold, each on its own line:
//   {append_only TABLE}     rows of TABLE refuse UPDATE and DELETE
//   {only sqlite} … {end}   (or postgres) statements of one engine
// and the type {blob}. Comments (-- to the end of the line) are dropped.
std::vector<std::string> statements_of(std::string_view migration, Engine);

// For the engines: the table of what was applied, and one migration in a transaction of every_tenant(),
// unless it was applied before.
void create_migration_table(Tx&);
void apply_migration(Tx&, const Migration&, Engine);

// Whether a small write succeeds. Does not throw.
bool is_writable(Database&);

// The tables that a tenant's rows live in: those that the migrations create with a column tenant_id.
const std::vector<std::string>& tenant_tables();

// Throws std::logic_error when a statement touches a tenant's table without naming :tenant.
void require_tenant(std::string_view sql, const TenantId&);

// The statement with :tenant as parameter number `parameters + 1` and every $N written as `prefix`N.
std::string number_parameters(std::string_view sql, std::size_t parameters, char prefix);

}  // namespace pamoja
