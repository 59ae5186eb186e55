-- Every row of every other table belongs to one of these. A face has its own tenants.
-- owner: identity
CREATE TABLE tenants (
    id TEXT PRIMARY KEY,
    face TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
