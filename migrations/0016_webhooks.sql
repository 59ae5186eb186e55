-- What a tenant's own systems are told over HTTP: where to, under which secrets, and a log of every attempt.
-- failing_since is the first failure after the last success; paused_until keeps all deliveries of an endpoint
-- back after it asked for time. A removed endpoint keeps its log, but no secret.
-- owner: webhooks
CREATE TABLE webhook_endpoints (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    event_types TEXT NOT NULL,
    is_ordered BOOLEAN NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    disabled_reason TEXT NOT NULL,
    failures_in_a_row BIGINT NOT NULL,
    failing_since BIGINT,
    paused_until BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    removed_at BIGINT,
    PRIMARY KEY (tenant_id, id)
);

-- Several secrets are live while a rotation is under way: each signs until it expires.
CREATE TABLE webhook_secrets (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    sealed_secret TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints (tenant_id, id)
);
CREATE INDEX webhook_secrets_of_endpoint ON webhook_secrets (tenant_id, endpoint_id, created_at, id);

-- One row an event, however many endpoints get it: the body byte for byte as it is signed.
CREATE TABLE webhook_messages (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX webhook_messages_by_time ON webhook_messages (tenant_id, created_at, id);

CREATE TABLE webhook_deliveries (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    ordering_key TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    response_status BIGINT NOT NULL,
    error_class TEXT NOT NULL,
    next_attempt_at BIGINT,
    event_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, endpoint_id, message_id),
    FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints (tenant_id, id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES webhook_messages (tenant_id, id)
);
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (tenant_id, endpoint_id, created_at, id);
CREATE INDEX webhook_deliveries_of_message ON webhook_deliveries (tenant_id, message_id);
CREATE INDEX webhook_deliveries_in_order
    ON webhook_deliveries (tenant_id, endpoint_id, ordering_key, event_at, message_id)
    WHERE status = 'pending' AND ordering_key <> '';

CREATE TABLE webhook_attempts (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    url TEXT NOT NULL,
    timestamp_seconds BIGINT NOT NULL,
    signature TEXT NOT NULL,
    response_status BIGINT NOT NULL,
    response_excerpt TEXT NOT NULL,
    error_class TEXT NOT NULL,
    duration_ms BIGINT NOT NULL,
    attempted_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, delivery_id) REFERENCES webhook_deliveries (tenant_id, id)
);
CREATE INDEX webhook_attempts_of_delivery ON webhook_attempts (tenant_id, delivery_id, attempted_at, id);
