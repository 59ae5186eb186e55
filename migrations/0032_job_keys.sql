-- Most jobs have no key, so the index of keys holds only those that have one. It also keeps the planners to
-- the primary key where many jobs are named by their ids: before, each index that begins with the tenant
-- would do.
{only postgres}
ALTER TABLE jobs DROP CONSTRAINT jobs_tenant_id_live_key_key;
{end}

-- SQLite can drop a constraint only with its table. There the rows also move into the tree of their primary
-- key, which saves each of them a second tree.
{only sqlite}
ALTER TABLE jobs RENAME TO old_jobs;
DROP INDEX jobs_due;
DROP INDEX jobs_of_runner;
DROP INDEX jobs_dead;

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
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;

INSERT INTO jobs (tenant_id, id, kind, lane, payload, state, run_at, again_at, attempts, attempts_max,
                  unique_key, live_key, runner_id, last_error, created_at, died_at)
SELECT tenant_id, id, kind, lane, payload, state, run_at, again_at, attempts, attempts_max,
       unique_key, live_key, runner_id, last_error, created_at, died_at
FROM old_jobs ORDER BY tenant_id, id;

DROP TABLE old_jobs;

CREATE INDEX jobs_due ON jobs (lane, run_at, id) WHERE state = 'waiting';
CREATE INDEX jobs_of_runner ON jobs (runner_id) WHERE state = 'running';
CREATE INDEX jobs_dead ON jobs (tenant_id, died_at, id) WHERE state = 'dead';
{end}

CREATE UNIQUE INDEX jobs_by_live_key ON jobs (tenant_id, live_key) WHERE live_key IS NOT NULL;
