-- What was done by whom, kept so that nobody can change it afterwards without that being seen.
-- owner: audit
CREATE TABLE audit_entries (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    ip_address TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_entries_by_subject ON audit_entries (tenant_id, subject, id);
CREATE INDEX audit_entries_by_actor ON audit_entries (tenant_id, actor, id);
{append_only audit_entries};

-- The hash chain: one link an entry, in the order of sealing.
CREATE TABLE audit_links (
    tenant_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    entry_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (tenant_id, number),
    UNIQUE (tenant_id, entry_id),
    FOREIGN KEY (tenant_id, entry_id) REFERENCES audit_entries (tenant_id, id)
);
{append_only audit_links};

-- Entries that wait for their link. Ids do not commit in their order, so "after the last sealed id" would
-- miss some.
CREATE TABLE audit_unsealed (
    tenant_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    PRIMARY KEY (tenant_id, entry_id),
    FOREIGN KEY (tenant_id, entry_id) REFERENCES audit_entries (tenant_id, id)
);
