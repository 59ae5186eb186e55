-- What a create that carried an Idempotency-Key answered, so that a repeat gets the same answer and no
-- second effect.
-- The row is written in the transaction of the effect. A row without a status belongs to a request in
-- flight that
-- waits for an outside party; it is free again at claimed_until.
-- owner: faces/shared
CREATE TABLE idempotency_records (
    tenant_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status BIGINT,
    content_type TEXT,
    body TEXT,
    claimed_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, scope, key)
);
CREATE INDEX idempotency_records_by_age ON idempotency_records (tenant_id, created_at);
