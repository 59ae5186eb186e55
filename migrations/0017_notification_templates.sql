-- What tenants write themselves: templates beside the built-in ones. And what letting people alone takes:
-- quiet hours, the devices that a push goes to, and in the log of deliveries all that a list of them shows.
-- owner: notifications
CREATE TABLE notification_templates (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    channel TEXT NOT NULL,
    category TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    variables TEXT NOT NULL,
    is_critical BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name, channel)
);
CREATE INDEX notification_templates_by_time ON notification_templates (tenant_id, created_at, id);

-- Minutes since local midnight; from the later to the earlier they reach over midnight.
CREATE TABLE notification_quiet_hours (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    time_zone TEXT NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);

-- A token names one app on one device, whoever is signed in there: registering it moves it to that user.
CREATE TABLE notification_devices (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    token TEXT NOT NULL,
    platform TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, token)
);
CREATE INDEX notification_devices_of_user ON notification_devices (tenant_id, user_id, created_at, id);

-- reached_devices are those that took a push already, so that a retry leaves them alone.
ALTER TABLE notification_deliveries ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE notification_deliveries ADD COLUMN category TEXT NOT NULL DEFAULT 'system';
ALTER TABLE notification_deliveries ADD COLUMN is_critical BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE notification_deliveries ADD COLUMN waits_until BIGINT;
ALTER TABLE notification_deliveries ADD COLUMN delivered_at BIGINT;
ALTER TABLE notification_deliveries ADD COLUMN reached_devices TEXT NOT NULL DEFAULT '[]';
CREATE INDEX notification_deliveries_of_user ON notification_deliveries (tenant_id, user_id, created_at, id);
-- A provider's report names no tenant.
CREATE INDEX notification_deliveries_awaiting_report
    ON notification_deliveries (channel, provider_id) WHERE status = 'sent';
