-- Those who offer services for booking, what they offer and when. Times of day are wall time in the
-- provider's own zone, never offsets, so that a plan survives the days on which clocks are moved.
-- owner: providers
CREATE TABLE providers (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    provider_type TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    status TEXT NOT NULL,
    status_reason TEXT NOT NULL,
    user_id TEXT,
    time_zone TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_id)
);
CREATE INDEX providers_by_age ON providers (tenant_id, created_at, id);

-- A service that is taken off the list stays as a row, because bookings name it.
-- owner: providers
CREATE TABLE provider_services (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    service_name TEXT NOT NULL,
    description TEXT NOT NULL,
    duration_minutes BIGINT NOT NULL CHECK (duration_minutes > 0),
    price BIGINT NOT NULL CHECK (price >= 0),
    currency TEXT NOT NULL,
    buffer_before_minutes BIGINT NOT NULL CHECK (buffer_before_minutes >= 0),
    buffer_after_minutes BIGINT NOT NULL CHECK (buffer_after_minutes >= 0),
    minimum_notice_minutes BIGINT NOT NULL CHECK (minimum_notice_minutes >= 0),
    horizon_days BIGINT CHECK (horizon_days > 0),
    capacity BIGINT NOT NULL CHECK (capacity > 0),
    slot_interval_minutes BIGINT CHECK (slot_interval_minutes > 0),
    is_offered BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES providers (tenant_id, id)
);
CREATE INDEX provider_services_of_provider ON provider_services (tenant_id, provider_id, created_at, id);

-- The weekly plan: when a provider works on a day of the week, and the breaks within (JSON).
-- owner: providers
CREATE TABLE provider_working_hours (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    day_of_week TEXT NOT NULL,
    start_time TEXT NOT NULL,
    end_time TEXT NOT NULL,
    breaks TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, provider_id, day_of_week, start_time),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES providers (tenant_id, id)
);

-- What holds on one date in place of the weekly plan; no hours (JSON) mean that the day is off.
-- owner: providers
CREATE TABLE provider_date_overrides (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    date TEXT NOT NULL,
    hours TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, provider_id, date),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES providers (tenant_id, id)
);

-- owner: providers
CREATE TABLE provider_time_off (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (starts_at < ends_at),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES providers (tenant_id, id)
);
CREATE INDEX provider_time_off_of_provider ON provider_time_off (tenant_id, provider_id, ends_at, id);

-- What a provider handed in to be let in, and what a reviewer said of it.
-- owner: providers
CREATE TABLE provider_documents (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    document_type TEXT NOT NULL,
    file_id TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    handed_in_by TEXT NOT NULL,
    reviewed_by TEXT,
    reviewed_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES providers (tenant_id, id)
);
CREATE INDEX provider_documents_of_provider ON provider_documents (tenant_id, provider_id, created_at, id);
