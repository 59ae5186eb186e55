-- How far each person's identity has been checked.
-- owner: kyc
CREATE TABLE kyc_files (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    status TEXT NOT NULL,
    level TEXT NOT NULL,
    submitted_at BIGINT,
    reviewed_at BIGINT,
    reviewed_by TEXT,
    review_notes TEXT,
    next_review_on TEXT,
    documents TEXT NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX kyc_files_waiting ON kyc_files (tenant_id, status, submitted_at);
