-- What users were told: their inbox, and a log of what went out on the channels outside.
-- owner: notifications
CREATE TABLE notifications (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    category TEXT NOT NULL,
    template_name TEXT NOT NULL,
    title TEXT NOT NULL,
    message TEXT NOT NULL,
    data TEXT NOT NULL,
    is_read BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX notifications_of_user ON notifications (tenant_id, user_id, created_at, id);
CREATE INDEX notifications_unread ON notifications (tenant_id, user_id) WHERE read_at IS NULL;

-- sealed_letter holds the text, encrypted, until it is out; then it is blank, so that no secret stays.
CREATE TABLE notification_deliveries (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    notification_id TEXT,
    user_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    template_name TEXT NOT NULL,
    address TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    provider_id TEXT NOT NULL,
    error_class TEXT NOT NULL,
    sealed_letter TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, notification_id) REFERENCES notifications (tenant_id, id)
);
CREATE INDEX notification_deliveries_by_time ON notification_deliveries (tenant_id, created_at, id);
CREATE INDEX notification_deliveries_by_provider_id
    ON notification_deliveries (tenant_id, channel, provider_id) WHERE status = 'sent';

CREATE TABLE notification_preferences (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    category TEXT NOT NULL,
    channel TEXT NOT NULL,
    is_wanted BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, user_id, category, channel)
);
