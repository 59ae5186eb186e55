"""Every operation of Upflame, called by whoever must not.

That is nobody, a user without roles, and another tenant's administrator.

The operations come from the OpenAPI document, and so do the bodies, so a new operation is in the matrix at
once. An address that the world below has nothing of fails the test, so nobody forgets to add it.
"""
import json
import re
import secrets

import pytest
from harness.client import Upload
from harness.faces import ADMINISTRATOR, Person, Upflame
from harness.server import ROOT

PASSWORD = "Matrix-Pass-42!"
PICTURE = ROOT / "tests" / "api" / "files" / "id_front.png"
UNKNOWN = "01990000-0000-7000-8000-000000000000"

# Nobody needs to sign in for these. May only shrink.
OPEN = {
    "hook_sms_report", "oidc_authorize", "oidc_authorize_by_form", "oidc_consent", "oidc_discovery",
    "oidc_end_session", "oidc_end_session_by_form", "oidc_introspect", "oidc_keys", "oidc_revoke",
    "oidc_sign_in", "oidc_sign_out", "oidc_token", "oidc_userinfo", "oidc_userinfo_by_form",
    "token_refresh", "user_login",
}
CATALOGUES = ("/v1/providers", "/v1/workflow-definitions")  # everybody of the tenant chooses from these
# What everybody who is signed in has of their own: without roles it is theirs, and no address names it.
OWN = re.compile(r"^/v1/(auth|notifications|files$|bookings|providers|workflows)")


def example(schema, root):
    """A value that a schema takes, the same each time."""
    if "$ref" in schema:
        return example(root["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], root)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        required = schema.get("required", [])
        return {name: example(schema["properties"][name], root) for name in required}
    if kind == "array":
        return [example(schema.get("items", {}), root)] * max(1, schema.get("minItems", 1))
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    formats = {"email": "nobody@example.com", "date-time": "2030-01-01T00:00:00Z", "date": "2030-01-01",
               "uri": "https://example.com/hook"}
    return {"boolean": True}.get(kind, formats.get(schema.get("format"), "value-1"))


class Tenant:
    """A tenant whose administrator made one of everything."""

    def __init__(self, server, client, platform):
        self.client, self.name = client, secrets.token_hex(6)
        self.domain = f"{self.name}.localhost"
        answer = client.post("/v1/tenants", {
            "name": self.name, "domain": self.domain, "admin_email": f"owner@{self.domain}",
            "admin_password": PASSWORD,
        }, token=platform.token).expect(201)
        self.id = answer["data"]["id"]
        self.owner = self.sign_in(f"owner@{self.domain}")
        self.guest_id = self.make("/users", self.user("guest"))["id"]
        self.guest = self.sign_in(f"guest@{self.domain}")
        self.values = self.one_of_everything(server)

    def sign_in(self, email):
        credentials = {"email": email, "password": PASSWORD}
        headers = {"X-Tenant-ID": self.id}
        answer = self.client.request("POST", "/v1/auth/login", credentials, headers=headers).expect(200)
        return answer["data"]["access_token"]

    def user(self, name):
        return {
            "email": f"{name}@{self.domain}", "password": PASSWORD, "first_name": name, "last_name": "Roy",
            "phone": "+919876543210",
        }

    def make(self, path, body, expected=201, method="POST"):
        return self.client.request(method, "/v1" + path, body, token=self.owner).expect(expected)["data"]

    def one_of_everything(self, server):
        """Path parameters: by the resource for {id}, by their name for others."""
        person = {
            "provider_type": "tutor", "first_name": "Raj", "last_name": "Roy", "email": "raj@example.com",
            "phone": "+919876543210",
        }
        provider = self.make("/providers", person)["id"]
        self.make(f"/providers/{provider}/status", {"status": "active"}, 200, "PUT")
        lesson = {"service_name": "Lesson", "price": 10}
        service = self.make(f"/providers/{provider}/services", lesson)["id"]
        off = {"starts_at": "2030-01-01T00:00:00Z", "ends_at": "2030-01-02T00:00:00Z"}
        time_off = self.make(f"/providers/{provider}/time-off", off)["id"]
        self.make(f"/providers/{provider}/overrides/2030-02-01", {"hours": []}, 200, "PUT")

        upload = Upload("id.png", PICTURE.read_bytes(), "image/png")
        stored = self.client.multipart("/v1/files", {"file": upload}, token=self.owner).expect(201)
        file = stored["data"]["id"]
        proof = {"document_type": "id", "file_id": file}
        document = self.make(f"/providers/{provider}/documents", proof)["id"]
        booking = self.make("/bookings", {"provider_id": provider, "service_id": service,
                                          "scheduled_at": "2029-12-03T10:00:00Z"})["booking_id"]
        policy = self.make("/policies", {
            "name": "P", "target": {"resource": "booking", "action": "cancel"},
            "rules": {"effect": "deny", "conditions": [{"user.role": "Banned"}]}})["id"]
        clerk = {"name": "Clerk", "role_family": "Internal", "permissions": ["user.read"]}
        role = self.make("/roles", clerk)["id"]
        definition = self.make("/workflow-definitions", {
            "name": "D", "entity_type": "expense", "steps": [{"step_key": "claim", "title": "Claim"}]})["id"]
        workflow = self.make("/workflows", {"definition_id": definition, "entity_type": "expense",
                                            "entity_id": "e1"})["id"]
        template = self.make("/notification-templates", {
            "name": "hello", "channel": "email", "subject": "Hello", "text": "Hello {{name}}"})["id"]
        notification = self.make("/notifications/send", {
            "recipient_user_id": self.guest_id, "template_name": "hello", "channel": "email",
            "variables": {"name": "Guest"}})["notification_id"]
        phone = {"token": secrets.token_hex(16), "platform": "android"}
        device = self.make("/notifications/devices", phone)["id"]
        webhook = self.make("/webhooks", {"url": f"http://127.0.0.1:{server.port}/none"})["id"]
        client_id = self.make("/oauth/clients", {
            "name": "App", "redirect_uris": ["https://app.example.com/back"]})["client_id"]
        return {
            "providers": provider, "service_id": service, "time_off_id": time_off, "date": "2030-02-01",
            "files": file, "document_id": document, "bookings": booking, "policies": policy, "roles": role,
            "role_id": role, "workflow-definitions": definition, "workflows": workflow, "stepKey": "claim",
            "notification-templates": template, "notifications": notification, "devices": device,
            "webhooks": webhook, "delivery_id": UNKNOWN, "client_id": client_id, "tenants": self.id,
            "domain": self.domain, "users": self.guest_id, "type": "totp", "secret": "guess",
        }


class Operation:
    def __init__(self, method, path, content, document):
        self.method, self.path, self.name = method.upper(), path, content["operationId"]
        self.is_open = content.get("security") == []
        media = content.get("requestBody", {}).get("content", {})
        self.is_form = "multipart/form-data" in media
        schema = media.get("application/json", {}).get("schema")
        self.body = example(schema, document) if schema else None
        query = [each for each in content.get("parameters", []) if each["in"] == "query" and each["required"]]
        self.query = "&".join(f"{each['name']}={example(each['schema'], document)}" for each in query)

    def address(self, values):
        """The path for these values; None where the world has nothing of that kind."""
        parts = self.path.split("/")
        for i, part in enumerate(parts):
            if part.startswith("{"):
                key = parts[i - 1] if part == "{id}" else part[1:-1]
                parts[i] = values.get(key, UNKNOWN) if values is not None else UNKNOWN
        return "/".join(parts) + ("?" + self.query if self.query else "")

    def named(self):
        parts = self.path.split("/")
        return [parts[i - 1] if part == "{id}" else part[1:-1]
                for i, part in enumerate(parts) if part.startswith("{")]

    def call(self, client, values, token=""):
        path = self.address(values)
        if self.is_form:
            return client.multipart(path, {"file": Upload("a.png", b"", "image/png")}, token=token)
        return client.request(self.method, path, self.body, token=token)


class Matrix:
    def __init__(self, server):
        self.client = server.client("upflame")
        platform = Person("platform", *ADMINISTRATOR)
        Upflame().login(self.client, platform)
        self.one, self.two = (Tenant(server, self.client, platform) for _ in range(2))
        document = json.loads(server.client().get("/openapi/upflame.json").expect(200).text)
        self.operations = [
            Operation(method, path, content, document)
            for path, methods in document["paths"].items() for method, content in methods.items()
        ]
        self.closed = [each for each in self.operations if not each.is_open]


@pytest.fixture(scope="module")
def matrix(server):
    return Matrix(server)


def told(answer):
    """What an answer tells, without what differs from request to request."""
    content = answer.json if answer.text.startswith("{") else answer.text
    return answer.status, {key: value for key, value in content.items() if key != "meta"}


def test_open_operations_are_those_of_the_list(matrix):
    assert {each.name for each in matrix.operations if each.is_open} == OPEN


def test_world_has_one_of_everything(matrix):
    named = {name for each in matrix.closed for name in each.named()}
    assert named - set(matrix.one.values) == set()


def test_nobody_gets_in(matrix):
    for operation in matrix.closed:
        for token in ("", "no.such.token", matrix.one.owner[:-6] + "AAAAAA"):
            answer = operation.call(matrix.client, matrix.one.values, token)
            assert answer.status == 401, f"{operation.name}: {answer.status} {answer.text[:300]}"
            assert answer["error"]["code"] == "UNAUTHORIZED"


def test_another_tenants_administrator_learns_nothing(matrix):
    """What names a thing of another tenant is answered as what names nothing, whatever the operation."""
    before = snapshot(matrix.one)
    for operation in matrix.closed:
        if not operation.named():
            continue
        real = operation.call(matrix.client, matrix.one.values, matrix.two.owner)
        absent = {**matrix.one.values, **nothing(matrix.one)}
        unknown = operation.call(matrix.client, absent, matrix.two.owner)
        assert told(real) == told(unknown), f"{operation.name}: {real.text[:300]} / {unknown.text[:300]}"
        is_refused = real.status in (400, 403, 404) or operation.named() == ["type"]
        assert is_refused, f"{operation.name}: {real.status}"
    assert snapshot(matrix.one) == before


def nothing(tenant):
    """The same addresses with ids that nothing has; what is no id stays."""
    fixed = {"date", "type", "stepKey", "secret", "domain"}
    return {key: UNKNOWN for key in tenant.values if key not in fixed}


def snapshot(tenant):
    lists = ("users", "roles", "policies", "permissions", "providers", "bookings", "workflows", "webhooks",
             "workflow-definitions", "notification-templates", "oauth/clients")
    return {name: tenant.client.get(f"/v1/{name}?limit=100", token=tenant.owner).expect(200)["data"]
            for name in lists}


def test_without_roles_nothing_of_others_is_seen_or_changed(matrix):
    before = snapshot(matrix.one)
    for operation in matrix.closed:
        if OWN.match(operation.path) and not operation.named():
            continue
        if operation.name in ("user_show", "user_update", "user_logout", "me_show", "notification_show",
                              "notification_receipt"):
            continue  # of the guest's own
        answer = operation.call(matrix.client, matrix.one.values, matrix.one.guest)
        may_see = operation.method == "GET" and operation.path.startswith(CATALOGUES)
        is_own = operation.path.startswith(("/v1/auth/", "/v1/notifications/devices"))
        assert answer.status in (400, 403, 404) or may_see or is_own, f"{operation.name}: {answer.status}"
    assert snapshot(matrix.one) == before


def test_header_may_only_repeat_the_tenant_of_the_token(matrix):
    for tenant, expected in ((matrix.one, 200), (matrix.two, 403)):
        headers = {"X-Tenant-ID": tenant.id}
        answer = matrix.client.request("GET", "/v1/auth/me", headers=headers, token=matrix.one.owner)
        assert answer.status == expected


def test_nobody_grants_more_than_they_hold(matrix):
    """A clerk who may make and grant roles cannot get out of that box."""
    one, client = matrix.one, matrix.client
    permissions = ["role.create", "role.update", "role.assign", "role.read", "user.read", "policy.create"]
    clerk_role = one.make("/roles", {
        "name": "RoleClerk", "role_family": "Internal", "permissions": permissions})["id"]
    clerk_id = one.make("/users", one.user("clerk"))["id"]
    one.make(f"/users/{clerk_id}/roles", {"role_id": clerk_role}, 200)
    clerk = one.sign_in(f"clerk@{one.domain}")
    roles = client.get("/v1/roles?limit=100", token=one.owner).expect(200)["data"]
    admin_role = next(role["id"] for role in roles if role["name"] == "Admin")
    more = {"name": "More", "role_family": "Internal", "permissions": ["booking.cancel"]}
    allow = {"name": "Open", "target": {"resource": "booking", "action": "cancel"},
             "rules": {"effect": "allow", "conditions": []}}
    for method, path, body in (
        ("POST", "/roles", more),
        ("POST", "/roles", {**more, "permissions": ["*"]}),
        ("POST", f"/users/{clerk_id}/roles", {"role_id": admin_role}),
        ("PUT", f"/roles/{clerk_role}", {"permissions": [*permissions, "booking.cancel"]}),
        ("POST", "/policies", allow),
    ):
        answer = client.request(method, "/v1" + path, body, token=clerk)
        assert answer.status == 403, f"{method} {path}: {answer.status} {answer.text[:300]}"
    reserved = {"name": "platform_admin", "role_family": "Internal", "permissions": []}
    assert client.request("POST", "/v1/roles", reserved, token=one.owner).status == 400
