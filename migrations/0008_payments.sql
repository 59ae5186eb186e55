-- Money between us and outside parties. A payment is one intended movement; the reference makes it happen
-- once, and
-- the provider's receipt can complete one payment only.
-- owner: payments
CREATE TABLE payments (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    direction TEXT NOT NULL,
    purpose TEXT NOT NULL,
    purpose_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    phone TEXT NOT NULL,
    reference TEXT NOT NULL,
    account_reference TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    merchant_request_id TEXT,
    checkout_request_id TEXT,
    receipt TEXT,
    receipt_number TEXT,
    result_code TEXT,
    result_text TEXT,
    transaction_date TEXT,
    checks BIGINT NOT NULL,
    initiated_at BIGINT NOT NULL,
    completed_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reference),
    UNIQUE (tenant_id, conversation_id),
    UNIQUE (tenant_id, checkout_request_id),
    UNIQUE (tenant_id, receipt)
);
CREATE INDEX payments_by_user ON payments (tenant_id, user_id, initiated_at);
CREATE INDEX payments_by_purpose ON payments (tenant_id, purpose_id, initiated_at);
CREATE INDEX payments_by_status ON payments (tenant_id, status, initiated_at);

-- What providers told us, word for word and before anything is made of it. `digest` recognises a repetition.
-- owner: payments
CREATE TABLE payment_events (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    match_id TEXT NOT NULL,
    payment_id TEXT,
    body TEXT NOT NULL,
    source TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, digest)
);
CREATE INDEX payment_events_by_match ON payment_events (tenant_id, match_id);
{append_only payment_events}

-- What became of an event; an event without a row here has not been applied.
-- owner: payments
CREATE TABLE payment_event_outcomes (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    payment_id TEXT,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, event_id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES payment_events (tenant_id, id)
);

CREATE INDEX payment_event_outcomes_by_payment ON payment_event_outcomes (tenant_id, payment_id);

-- Money that arrived and that nothing explains. It lies on the suspense account until an operator says
-- whose it is.
-- owner: payments
CREATE TABLE suspense_items (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    receipt TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    phone TEXT NOT NULL,
    bill_reference TEXT NOT NULL,
    reason TEXT NOT NULL,
    event_id TEXT,
    received_at BIGINT NOT NULL,
    resolved_at BIGINT,
    resolved_by TEXT,
    resolved_payment_id TEXT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, receipt)
);
