-- What a workflow consists of: the latest version of each definition, for lists and for who starts one.
-- owner: workflows
CREATE TABLE workflow_definitions (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    entity_type TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX workflow_definitions_by_name ON workflow_definitions (tenant_id, name, id);

-- Every version that was ever written. Workflows in progress point at theirs, so none may change.
-- owner: workflows
CREATE TABLE workflow_definition_versions (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id, version),
    FOREIGN KEY (tenant_id, id) REFERENCES workflow_definitions (tenant_id, id)
);
{append_only workflow_definition_versions}

-- The runs. What their current step says of role, assignee and due time is repeated here, because lists ask
-- for it.
-- owner: workflows
CREATE TABLE workflows (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    definition_id TEXT NOT NULL,
    definition_version BIGINT NOT NULL,
    entity_type TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    status TEXT NOT NULL,
    current_step_key TEXT,
    waits_for_role TEXT,
    assignee_id TEXT,
    due_at BIGINT,
    started_by TEXT NOT NULL,
    decided_by TEXT,
    decided_at BIGINT,
    decision_comment TEXT NOT NULL,
    version BIGINT NOT NULL,
    history_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, definition_id, definition_version)
        REFERENCES workflow_definition_versions (tenant_id, id, version)
);
CREATE INDEX workflows_by_age ON workflows (tenant_id, created_at, id);
CREATE INDEX workflows_by_status ON workflows (tenant_id, status, created_at, id);
CREATE INDEX workflows_of_entity ON workflows (tenant_id, entity_type, entity_id, created_at, id);

-- Where each step of a run stands, and what was submitted.
-- owner: workflows
CREATE TABLE workflow_steps (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    workflow_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    step_key TEXT NOT NULL,
    status TEXT NOT NULL,
    round BIGINT NOT NULL,
    data TEXT NOT NULL,
    submitted_by TEXT,
    submitted_at BIGINT,
    completed_at BIGINT,
    decided_by TEXT,
    assignee_id TEXT,
    assignee_role TEXT,
    approver_role TEXT,
    due_at BIGINT,
    reminded_at BIGINT,
    escalated_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, workflow_id, position),
    FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id)
);

-- Who did what to a run, and what followed from it.
-- owner: workflows
CREATE TABLE workflow_history (
    tenant_id TEXT NOT NULL,
    workflow_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    event TEXT NOT NULL,
    step_key TEXT,
    actor_id TEXT NOT NULL,
    comment TEXT NOT NULL,
    from_status TEXT NOT NULL,
    to_status TEXT NOT NULL,
    details TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, workflow_id, number),
    FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id)
);
{append_only workflow_history}
