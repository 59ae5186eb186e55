-- How a person proves a sign-in besides the password, and which hosts lead to a tenant.
-- owner: identity
ALTER TABLE tenants ADD COLUMN status TEXT NOT NULL DEFAULT 'active';

-- A secret is sealed; it is empty where codes are sent to an address instead. The last step is that of the
-- newest code that was accepted: it and all older ones are void.
CREATE TABLE mfa_methods (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    type TEXT NOT NULL,
    sealed_secret TEXT NOT NULL,
    address TEXT NOT NULL,
    last_step BIGINT NOT NULL,
    verified_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, type),
    FOREIGN KEY (tenant_id, user_id) REFERENCES people (tenant_id, id)
);

-- Codes that were sent. The binding is who asked for one: a device that is signing in, or a session.
CREATE TABLE mfa_codes (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    type TEXT NOT NULL,
    binding TEXT NOT NULL,
    digest TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_id, type, binding),
    FOREIGN KEY (tenant_id, user_id) REFERENCES people (tenant_id, id)
);

-- A code that was used is deleted.
CREATE TABLE mfa_recovery_codes (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, digest),
    FOREIGN KEY (tenant_id, user_id) REFERENCES people (tenant_id, id)
);

-- Like the tenants, their domains stand above tenants: a request's host is looked up before its tenant is
-- known, and the platform's administrators care for all of them. Any number of tenants may claim a domain;
-- one of them can have it.
CREATE TABLE tenant_domains (
    owner TEXT NOT NULL REFERENCES tenants (id),
    domain TEXT NOT NULL,
    is_primary BOOLEAN NOT NULL,
    token TEXT NOT NULL,
    verified_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, domain)
);
CREATE UNIQUE INDEX tenant_domains_verified ON tenant_domains (domain) WHERE verified_at IS NOT NULL;
