-- Applications of a tenant sign its people in and get tokens: clients, what they were given, and the keys
-- that sign it.
-- owner: openid
CREATE TABLE openid_clients (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    client_id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    token_endpoint_auth_method TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    post_logout_redirect_uris TEXT NOT NULL,
    backchannel_logout_uri TEXT,
    grant_types TEXT NOT NULL,
    scopes TEXT NOT NULL,
    skips_consent BOOLEAN NOT NULL,
    secret_digest TEXT NOT NULL,
    previous_secret_digest TEXT NOT NULL,
    previous_secret_until BIGINT,
    created_at BIGINT NOT NULL,
    secret_changed_at BIGINT,
    disabled_at BIGINT,
    PRIMARY KEY (tenant_id, client_id)
);

-- A browser that signed in. The cookie holds a secret of which only the digest is here; the row keeps its id,
-- the "sid" of ID tokens, when the person signs in anew and the session of identity behind it changes.
CREATE TABLE openid_browser_sessions (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    secret_digest TEXT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    methods TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, secret_digest),
    FOREIGN KEY (tenant_id, user_id) REFERENCES people (tenant_id, id)
);
CREATE INDEX openid_browser_sessions_by_expiry ON openid_browser_sessions (tenant_id, expires_at);

CREATE TABLE openid_consents (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    permissions TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, client_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES people (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES openid_clients (tenant_id, client_id)
);

-- What a client may do, for a person or for itself. A person's grant has the id of the session of identity
-- that its tokens name; a client's own has an id of its own and nobody in it.
CREATE TABLE openid_grants (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    user_id TEXT,
    browser_session_id TEXT,
    scopes TEXT NOT NULL,
    id_token_claims TEXT NOT NULL,
    userinfo_claims TEXT NOT NULL,
    authenticated_at BIGINT,
    methods TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES openid_clients (tenant_id, client_id)
);
CREATE INDEX openid_grants_by_browser ON openid_grants (tenant_id, browser_session_id);
CREATE INDEX openid_grants_by_expiry ON openid_grants (tenant_id, expires_at);

-- A used code stays for a while, since its second use ends what the first one gave.
CREATE TABLE openid_codes (
    tenant_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    client_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    browser_session_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT NOT NULL,
    nonce TEXT NOT NULL,
    scopes TEXT NOT NULL,
    id_token_claims TEXT NOT NULL,
    userinfo_claims TEXT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    methods TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    grant_id TEXT,
    PRIMARY KEY (tenant_id, digest),
    FOREIGN KEY (tenant_id, client_id) REFERENCES openid_clients (tenant_id, client_id)
);
CREATE INDEX openid_codes_by_expiry ON openid_codes (tenant_id, expires_at);

-- The installation's keys for ID tokens, sealed, so that every process signs with the same one. A key is
-- published before it signs and stays until what it signed has expired.
-- owner: openid
CREATE TABLE openid_signing_keys (
    id TEXT NOT NULL PRIMARY KEY,
    sealed_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    signs_from BIGINT NOT NULL
);
