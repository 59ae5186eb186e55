-- What people handed in as evidence, and what a reviewer said of each. The contents lie with the files;
-- name and
-- size are repeated here because a list shows them and a stored file never changes.
-- owner: kyc
CREATE TABLE documents (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    type TEXT NOT NULL,
    loan_id TEXT,
    description TEXT NOT NULL,
    file_id TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_size BIGINT NOT NULL,
    status TEXT NOT NULL,
    verified_at BIGINT,
    verified_by TEXT,
    notes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, file_id),
    FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id)
);
CREATE INDEX documents_of_user ON documents (tenant_id, user_id, created_at, id);
