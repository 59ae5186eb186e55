-- Bookings, and the time that they hold. A held time is a stretch that a provider gives to one service,
-- buffers included; the schema itself refuses two that overlap, whoever writes them. The bookings of a
-- service with several seats share a held time, one seat each. Both rows go when the booking no longer needs
-- the time.
{only postgres}
CREATE EXTENSION IF NOT EXISTS btree_gist;
{end}

-- owner: bookings
CREATE TABLE held_times (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    service_id TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    busy_from BIGINT NOT NULL,
    busy_until BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (busy_from <= starts_at),
    CHECK (starts_at < ends_at),
    CHECK (ends_at <= busy_until),
    FOREIGN KEY (tenant_id, service_id) REFERENCES provider_services (tenant_id, id)
);
CREATE INDEX held_times_of_provider ON held_times (tenant_id, provider_id, busy_from);

{only postgres}
ALTER TABLE held_times ADD CONSTRAINT held_times_do_not_overlap EXCLUDE USING gist
    (tenant_id WITH =, provider_id WITH =, int8range(busy_from, busy_until) WITH &&);
{end}

{only sqlite}
CREATE TRIGGER held_times_do_not_overlap BEFORE INSERT ON held_times
WHEN EXISTS (SELECT 1 FROM held_times other WHERE other.tenant_id = NEW.tenant_id
             AND other.provider_id = NEW.provider_id
             AND other.busy_from < NEW.busy_until AND other.busy_until > NEW.busy_from)
BEGIN SELECT RAISE(ABORT, 'held times overlap'); END;

CREATE TRIGGER held_times_do_not_move BEFORE UPDATE ON held_times
BEGIN SELECT RAISE(ABORT, 'held times do not move'); END;
{end}

-- owner: bookings
CREATE TABLE bookings (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    booking_reference TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    service_id TEXT NOT NULL,
    service_name TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    status TEXT NOT NULL,
    scheduled_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    price BIGINT NOT NULL,
    currency TEXT NOT NULL,
    metadata TEXT NOT NULL,
    awaits_provider BOOLEAN NOT NULL,
    held_until BIGINT,
    confirmed_at BIGINT,
    closed_at BIGINT,
    closed_by TEXT,
    reason TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, booking_reference),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES providers (tenant_id, id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES provider_services (tenant_id, id)
);
CREATE INDEX bookings_of_customer ON bookings (tenant_id, customer_id, scheduled_at, id);
CREATE INDEX bookings_of_provider ON bookings (tenant_id, provider_id, scheduled_at, id);
CREATE INDEX bookings_by_time ON bookings (tenant_id, scheduled_at, id);

-- owner: bookings
CREATE TABLE held_seats (
    tenant_id TEXT NOT NULL,
    held_time_id TEXT NOT NULL,
    seat BIGINT NOT NULL,
    capacity BIGINT NOT NULL,
    booking_id TEXT NOT NULL,
    PRIMARY KEY (tenant_id, held_time_id, seat),
    UNIQUE (tenant_id, booking_id),
    CHECK (seat BETWEEN 1 AND capacity),
    FOREIGN KEY (tenant_id, held_time_id) REFERENCES held_times (tenant_id, id),
    FOREIGN KEY (tenant_id, booking_id) REFERENCES bookings (tenant_id, id)
);

-- How many references a day has. The row is written late in a transaction that makes a booking, so that
-- others wait for it as briefly as possible, and a booking that is refused leaves no gap.
-- owner: bookings
CREATE TABLE booking_numbers (
    tenant_id TEXT NOT NULL,
    day TEXT NOT NULL,
    last_number BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day)
);
