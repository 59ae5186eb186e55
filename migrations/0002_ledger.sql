-- The books. Entries are the truth; balances, snapshots and the remainders of holds can be recomputed from
-- rows that never change, and `pamoja check` does so.

-- Accounts never change: a floor moves by ledger_floor_changes. The second key lets entries prove their
-- currency.
-- owner: ledger
CREATE TABLE ledger_accounts (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT,
    currency TEXT NOT NULL,
    opening_floor BIGINT,
    is_system BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    UNIQUE (tenant_id, id, currency),
    CHECK (opening_floor IS NULL OR NOT is_system)
);
CREATE INDEX ledger_accounts_by_owner ON ledger_accounts (tenant_id, owner);
{append_only ledger_accounts}

-- One row per customer account. The bounds keep sums away from the edge of 64 bits.
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
);
-- Room on each page lets an update of a balance stay on it without touching the index.
{only postgres}
ALTER TABLE ledger_balances SET (fillfactor = 50);
{end}

-- What a hold has become; its events are the truth.
-- owner: ledger
CREATE TABLE ledger_holds (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    remaining BIGINT NOT NULL CHECK (remaining BETWEEN 0 AND amount),
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    expires_at BIGINT,
    placed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reference),
    FOREIGN KEY (tenant_id, account_id, currency) REFERENCES ledger_accounts (tenant_id, id, currency),
    CHECK ((status = 'active') = (remaining > 0))
);
CREATE INDEX ledger_holds_by_account ON ledger_holds (tenant_id, account_id, status, id);
CREATE INDEX ledger_holds_by_expiry ON ledger_holds (tenant_id, status, expires_at, id);

-- A reference is booked once, and a transaction is reversed once.
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
    UNIQUE (tenant_id, reverses_id),
    FOREIGN KEY (tenant_id, reverses_id) REFERENCES ledger_transactions (tenant_id, id),
    FOREIGN KEY (tenant_id, hold_id) REFERENCES ledger_holds (tenant_id, id)
);
CREATE INDEX ledger_transactions_by_time ON ledger_transactions (tenant_id, effective_at, id);
CREATE INDEX ledger_transactions_by_hold ON ledger_transactions (tenant_id, hold_id);
{append_only ledger_transactions}

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
);
CREATE INDEX ledger_entries_by_account
    ON ledger_entries (tenant_id, account_id, effective_at, transaction_id, amount);
{append_only ledger_entries}

-- Rows of their own, because SQL does not look into JSON and statements are asked for by metadata.
-- owner: ledger
CREATE TABLE ledger_metadata (
    tenant_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant_id, transaction_id, name),
    FOREIGN KEY (tenant_id, transaction_id) REFERENCES ledger_transactions (tenant_id, id)
);
CREATE INDEX ledger_metadata_by_value ON ledger_metadata (tenant_id, name, value, transaction_id);
{append_only ledger_metadata}

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
);
CREATE INDEX ledger_hold_events_by_hold ON ledger_hold_events (tenant_id, hold_id, id);
{append_only ledger_hold_events}

-- owner: ledger
CREATE TABLE ledger_floor_changes (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    floor BIGINT,
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, account_id, number),
    FOREIGN KEY (tenant_id, account_id, currency) REFERENCES ledger_accounts (tenant_id, id, currency)
);
{append_only ledger_floor_changes}

-- What the next pass of sealing takes: transactions commit out of order, so no watermark could tell.
-- owner: ledger
CREATE TABLE ledger_unsealed (
    tenant_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    PRIMARY KEY (tenant_id, subject_id)
);

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
);
{append_only ledger_chain}

-- The last link, and the lock under which one pass at a time extends the chain.
-- owner: ledger
CREATE TABLE ledger_chain_heads (
    tenant_id TEXT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,
    hash TEXT NOT NULL
);

-- The balance of a system account up to a link of the chain. Only sealing writes it, so that posting to a
-- system account waits for nobody.
-- owner: ledger
CREATE TABLE ledger_snapshots (
    tenant_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    posted BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id, currency) REFERENCES ledger_accounts (tenant_id, id, currency)
);
