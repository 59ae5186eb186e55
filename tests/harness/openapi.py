"""Holds answers against the OpenAPI document that the server publishes for each face."""
import json
import re

from jsonschema import Draft202012Validator, FormatChecker, RefResolver

UNDOCUMENTED = re.compile(r"^/(?:_dev|healthz|readyz|metrics|docs|openapi|media|control)\b")
REFUSALS = (400, 404, 405, 408, 413, 414, 415, 429, 431, 503)  # the server's own, in front of any route


class ContractViolation(AssertionError):
    """An answer is not what the face's OpenAPI document says."""


class Document:
    """One face's OpenAPI document, with a cached validator for each operation and status."""

    def __init__(self, face, content):
        self.face = face
        self.content = content
        self._resolver = RefResolver("", content)
        self._validators = {}
        self._paths = sorted(self._expand_paths(), key=lambda entry: entry[0].count("{"))

    def check(self, answer):
        """Raises ContractViolation when the answer is not documented, or not as documented."""
        path = answer.path.split("?", 1)[0]
        operation = self.operation(answer.method, path)
        if operation is None:
            if answer.status in REFUSALS or answer.status == 401:
                return
            raise ContractViolation(f"{self.face} documents no {answer.method} {path} ({answer.status})")
        template, responses = operation
        status, response = self._response(responses, answer.status)
        if response is None:
            if answer.status in REFUSALS:
                return
            where = f"{self.face} {answer.method} {template}"
            raise ContractViolation(f"{where} documents no status {answer.status}: {answer.text[:500]}")
        self._check_body(answer, template, status, response)

    def operation(self, method, path):
        """(template, responses) of the operation that a request path means, or None."""
        wanted = path.rstrip("/") or "/"
        for template, pattern, item in self._paths:
            if pattern.fullmatch(wanted) and method.lower() in item:
                return template, item[method.lower()].get("responses", {})
        return None

    def _expand_paths(self):
        urls = [server.get("url", "") for server in self.content.get("servers", [])]
        bases = {re.sub(r"^https?://[^/]+", "", url).rstrip("/") for url in urls}
        for template, item in self.content.get("paths", {}).items():
            for base in {"", *bases}:
                whole = (base + template).rstrip("/") or "/"
                parts = re.split(r"\{[^}]+\}", whole)
                yield template, re.compile("[^/]+".join(re.escape(part) for part in parts)), item

    def _response(self, responses, status):
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in responses:
                response = responses[key]
                if "$ref" in response:
                    response = self._resolver.resolve(response["$ref"])[1]
                return key, response
        return None, None

    def _check_body(self, answer, template, status, response):
        content = response.get("content", {})
        media_type = (answer.header("Content-Type") or "").split(";")[0].strip()
        where = f"{self.face} {answer.method} {template} {answer.status}"
        if not answer.body:
            if content and answer.method != "HEAD" and answer.status not in (204, 304):
                raise ContractViolation(f"{where}: no body, though one is documented")
            return
        if not content:
            raise ContractViolation(f"{where}: a body, though none is documented: {answer.body[:200]!r}")
        media = content.get(media_type, content.get("*/*"))
        if media is None:
            if media_type == "application/problem+json" and answer.status >= 400:
                return
            raise ContractViolation(f"{where}: {media_type} is not among {', '.join(content)}")
        if "json" in media_type and "schema" in media:
            self._check_schema(answer, where, (template, answer.method, status, media_type), media["schema"])

    def _check_schema(self, answer, where, key, schema):
        validator = self._validators.get(key)
        if validator is None:
            validator = Draft202012Validator(
                schema, resolver=self._resolver, format_checker=FormatChecker()
            )
            self._validators[key] = validator
        # Plain floats here: the validator's arithmetic does not mix with Decimal.
        errors = sorted(validator.iter_errors(json.loads(answer.text)), key=lambda error: list(error.path))
        if errors:
            shown = "; ".join(
                f"{'/'.join(map(str, each.path)) or '(body)'}: {each.message[:300]}" for each in errors[:5]
            )
            raise ContractViolation(f"{where}: {shown}\n{answer.text[:1000]}")


class Documents:
    """The documents of all faces of one server, fetched when first needed."""

    FACES = ("flexifinance", "chamahub", "gidinest", "upflame", "cashstage")

    def __init__(self, fetch):
        self._fetch = fetch  # face -> the parsed document, or None when the server has no such face
        self._documents = {}

    def of(self, face):
        """One face's checker, for a Client that speaks to that face alone; None without such a face."""
        if face not in self._documents:
            content = self._fetch(face)
            self._documents[face] = None if content is None else FaceChecker(Document(face, content))
        return self._documents[face]


class FaceChecker:
    """What a Client calls with each answer."""

    def __init__(self, document):
        self.document = document

    def check(self, answer):
        if not UNDOCUMENTED.match(answer.path):
            self.document.check(answer)
