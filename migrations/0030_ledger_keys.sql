-- Posting is what the server does most, so the rows of the books keep to the keys that somebody looks up: a
-- transaction is found by its hold through the hold's events, and few transactions reverse another.
{only postgres}
ALTER TABLE ledger_transactions DROP CONSTRAINT ledger_transactions_tenant_id_reverses_id_key;
CREATE UNIQUE INDEX ledger_transactions_by_reversed
    ON ledger_transactions (tenant_id, reverses_id) WHERE reverses_id IS NOT NULL;
DROP INDEX ledger_transactions_by_hold;
{end}

-- SQLite can drop a constraint only with its table. There the rows also move into the tree of their primary
-- key, which saves each of them a second tree. The old tables go last, because they refer to each other.
{only sqlite}
ALTER TABLE ledger_transactions RENAME TO old_ledger_transactions;
ALTER TABLE ledger_entries RENAME TO old_ledger_entries;
ALTER TABLE ledger_metadata RENAME TO old_ledger_metadata;
ALTER TABLE ledger_hold_events RENAME TO old_ledger_hold_events;
ALTER TABLE ledger_balances RENAME TO old_ledger_balances;
ALTER TABLE ledger_unsealed RENAME TO old_ledger_unsealed;
ALTER TABLE ledger_chain RENAME TO old_ledger_chain;

-- owner: ledger
CREATE TABLE ledger_transactions (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    reference TEXT NOT NULL,
    memo TEXT NOT NULL,
    effective_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    reverses_id TEXT,
    hold_id TEXT,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reference),
    FOREIGN KEY (tenant_id, reverses_id) REFERENCES ledger_transactions (tenant_id, id),
    FOREIGN KEY (tenant_id, hold_id) REFERENCES ledger_holds (tenant_id, id)
) WITHOUT ROWID;

-- owner: ledger
CREATE TABLE ledger_entries (
    tenant_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount <> 0 AND amount BETWEEN -1000000000000000 AND 1000000000000000),
    currency TEXT NOT NULL,
    effective_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, transaction_id, account_id),
    FOREIGN KEY (tenant_id, transaction_id) REFERENCES ledger_transactions (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id, currency) REFERENCES ledger_accounts (tenant_id, id, currency)
) WITHOUT ROWID;

-- owner: ledger
CREATE TABLE ledger_metadata (
    tenant_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant_id, transaction_id, name),
    FOREIGN KEY (tenant_id, transaction_id) REFERENCES ledger_transactions (tenant_id, id)
) WITHOUT ROWID;

-- owner: ledger
CREATE TABLE ledger_hold_events (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    hold_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    transaction_id TEXT,
    reason TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, hold_id) REFERENCES ledger_holds (tenant_id, id),
    FOREIGN KEY (tenant_id, transaction_id) REFERENCES ledger_transactions (tenant_id, id)
) WITHOUT ROWID;

-- owner: ledger
CREATE TABLE ledger_balances (
    tenant_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    posted BIGINT NOT NULL CHECK (posted BETWEEN -4000000000000000000 AND 4000000000000000000),
    held BIGINT NOT NULL CHECK (held BETWEEN 0 AND 4000000000000000000),
    floor BIGINT,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id, currency) REFERENCES ledger_accounts (tenant_id, id, currency),
    CHECK (floor IS NULL OR posted - held >= floor)
) WITHOUT ROWID;

-- owner: ledger
CREATE TABLE ledger_unsealed (
    tenant_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    PRIMARY KEY (tenant_id, subject_id)
) WITHOUT ROWID;

-- owner: ledger
CREATE TABLE ledger_chain (
    tenant_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    sealed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, sequence),
    UNIQUE (tenant_id, subject_id)
) WITHOUT ROWID;

INSERT INTO ledger_transactions (tenant_id, id, reference, memo, effective_at, recorded_at, reverses_id,
                                 hold_id, fingerprint)
SELECT tenant_id, id, reference, memo, effective_at, recorded_at, reverses_id, hold_id, fingerprint
FROM old_ledger_transactions ORDER BY tenant_id, id;
INSERT INTO ledger_entries (tenant_id, transaction_id, account_id, amount, currency, effective_at)
SELECT tenant_id, transaction_id, account_id, amount, currency, effective_at
FROM old_ledger_entries ORDER BY tenant_id, transaction_id, account_id;
INSERT INTO ledger_metadata (tenant_id, transaction_id, name, value)
SELECT tenant_id, transaction_id, name, value
FROM old_ledger_metadata ORDER BY tenant_id, transaction_id, name;
INSERT INTO ledger_hold_events (tenant_id, id, hold_id, kind, amount, currency, transaction_id, reason,
                                happened_at)
SELECT tenant_id, id, hold_id, kind, amount, currency, transaction_id, reason, happened_at
FROM old_ledger_hold_events ORDER BY tenant_id, id;
INSERT INTO ledger_balances (tenant_id, account_id, currency, posted, held, floor)
SELECT tenant_id, account_id, currency, posted, held, floor
FROM old_ledger_balances ORDER BY tenant_id, account_id;
INSERT INTO ledger_unsealed (tenant_id, subject_id, subject_kind)
SELECT tenant_id, subject_id, subject_kind FROM old_ledger_unsealed ORDER BY tenant_id, subject_id;
INSERT INTO ledger_chain (tenant_id, sequence, subject_kind, subject_id, previous_hash, hash, sealed_at)
SELECT tenant_id, sequence, subject_kind, subject_id, previous_hash, hash, sealed_at
FROM old_ledger_chain ORDER BY tenant_id, sequence;

DROP TABLE old_ledger_chain;
DROP TABLE old_ledger_unsealed;
DROP TABLE old_ledger_balances;
DROP TABLE old_ledger_hold_events;
DROP TABLE old_ledger_metadata;
DROP TABLE old_ledger_entries;
DROP TABLE old_ledger_transactions;

CREATE UNIQUE INDEX ledger_transactions_by_reversed
    ON ledger_transactions (tenant_id, reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX ledger_transactions_by_time ON ledger_transactions (tenant_id, effective_at, id);
CREATE INDEX ledger_entries_by_account
    ON ledger_entries (tenant_id, account_id, effective_at, transaction_id, amount);
CREATE INDEX ledger_metadata_by_value ON ledger_metadata (tenant_id, name, value, transaction_id);
CREATE INDEX ledger_hold_events_by_hold ON ledger_hold_events (tenant_id, hold_id, id);
{append_only ledger_transactions}
{append_only ledger_entries}
{append_only ledger_metadata}
{append_only ledger_hold_events}
{append_only ledger_chain}
{end}
