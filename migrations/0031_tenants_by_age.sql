-- Who looks for new tenants every second, and who lists them in order of their making, must not read all.
CREATE INDEX tenants_by_age ON tenants (created_at, id);
