-- Work that follows from a transaction is written in it, so that neither exists without the other.
-- live_key is the unique_key while the job is waiting or running; a dead job's key is free again.
-- again_at: somebody asked for the same key while the job ran, so it runs once more at that time.
-- owner: jobs
CREATE TABLE jobs (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    lane TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
    run_at BIGINT NOT NULL,
    again_at BIGINT,
    attempts BIGINT NOT NULL,
    attempts_max BIGINT NOT NULL,
    unique_key TEXT,
    live_key TEXT,
    runner_id TEXT,
    last_error TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    died_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, live_key)
);
CREATE INDEX jobs_due ON jobs (lane, run_at, id) WHERE state = 'waiting';
CREATE INDEX jobs_of_runner ON jobs (runner_id) WHERE state = 'running';
CREATE INDEX jobs_dead ON jobs (tenant_id, died_at, id) WHERE state = 'dead';

-- The signs of life of the processes that run jobs: one row to renew, however many jobs one has in hand.
-- Processes belong to no tenant.
CREATE TABLE job_runners (
    id TEXT PRIMARY KEY,
    lease_until BIGINT NOT NULL
);

-- When each schedule runs next; one row decides among all processes who enqueues the run.
CREATE TABLE job_schedules (
    tenant_id TEXT NOT NULL,
    name TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name)
);
CREATE INDEX job_schedules_due ON job_schedules (next_at);
