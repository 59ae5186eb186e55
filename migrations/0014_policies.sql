-- What roles may do and what policies say in a tenant; and the decisions that edited policies are tried on.
-- owner: access
-- A permission that nobody has declared came with a role that names it.
CREATE TABLE permissions (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    resource TEXT NOT NULL,
    action TEXT NOT NULL,
    description TEXT NOT NULL,
    is_declared BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);

-- Grants name the role, so that the name never changes.
CREATE TABLE roles (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    role_family TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);

CREATE TABLE role_permissions (
    tenant_id TEXT NOT NULL,
    role_id TEXT NOT NULL,
    permission_id TEXT NOT NULL,
    PRIMARY KEY (tenant_id, role_id, permission_id),
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id),
    FOREIGN KEY (tenant_id, permission_id) REFERENCES permissions (tenant_id, id)
);

CREATE TABLE policies (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    resource TEXT NOT NULL,
    action TEXT NOT NULL,
    effect TEXT NOT NULL,
    conditions TEXT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX policies_by_target ON policies (tenant_id, resource, action, id);

-- Every version that a policy ever had, the one that took it away included.
CREATE TABLE policy_versions (
    tenant_id TEXT NOT NULL,
    policy_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    written TEXT NOT NULL,
    is_removed BOOLEAN NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, policy_id, version)
);
{append_only policy_versions}

-- A digest over everything that ever changed in the tenant's roles, permissions and policies: equal digests
-- mean equal rules, so what was compiled from them may be kept in memory under it.
CREATE TABLE access_states (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    digest TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id)
);

-- The latest decisions about guarded operations; older ones are pruned.
CREATE TABLE policy_decisions (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    id TEXT NOT NULL,
    resource TEXT NOT NULL,
    action TEXT NOT NULL,
    user_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    attributes TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    is_allowed BOOLEAN NOT NULL,
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX policy_decisions_by_target ON policy_decisions (tenant_id, resource, action, decided_at, id);
CREATE INDEX policy_decisions_by_age ON policy_decisions (tenant_id, decided_at, id);
