-- Uploaded files: a row vouches for a content that lies in the storage under storage_name.
-- owner: files
CREATE TABLE files (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    storage_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, storage_name)
);
CREATE INDEX files_of_owner ON files (tenant_id, owner_id, purpose, created_at, id);
-- The sweep asks for names of all tenants.
CREATE INDEX files_by_storage_name ON files (storage_name);
