// A relying party by others (openid-client, jose) against a tenant's OpenID provider, over the items of OpenID
// Connect's Basic certification and what belongs to it.
const assert = require("node:assert/strict");
const { randomUUID, webcrypto } = require("node:crypto");
const { test, before, after } = require("node:test");
const { Browser } = require("./browser");
const platform = require("./platform");
const { Receiver } = require("./receiver");

// Node.js 18 has it, but not under this name.
globalThis.crypto ??= webcrypto;

const returnTo = "https://app.example.com/done";
const goodbye = "https://app.example.com/bye";
const password = "correct horse battery";
const email = `ann-${randomUUID()}@example.com`;
let oidc;
let jose;
let receiver;
let administrator;
let user;
let clients;
let config;
let keys;

const configOf = (made, authentication) =>
  oidc.discovery(new URL(platform.issuer), made.client_id, made.client_secret, authentication, {
    execute: [oidc.allowInsecureRequests],
  });

before(async () => {
  oidc = await import("openid-client");
  jose = await import("jose");
  receiver = await new Receiver().start();
  administrator = await platform.signIn();
  user = await platform.newUser(administrator, {
    email,
    password,
    first_name: "Ann",
    last_name: "Njeri",
    phone: "+254700123456",
  });
  const usual = { redirect_uris: [returnTo], post_logout_redirect_uris: [goodbye] };
  clients = {
    basic: await platform.newClient(administrator, {
      ...usual,
      name: "Shop",
      backchannel_logout_uri: receiver.url("/logout"),
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      scopes: ["openid", "profile", "email", "address", "phone", "offline_access", "api", "orders:read"],
    }),
    post: await platform.newClient(administrator, {
      ...usual,
      name: "Poster",
      token_endpoint_auth_method: "client_secret_post",
    }),
    open: await platform.newClient(administrator, { ...usual, name: "Page", type: "public" }),
  };
  config = await configOf(clients.basic, oidc.ClientSecretBasic(clients.basic.client_secret));
  keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
});

after(() => receiver.stop());

const addressOf = (parameters, at = config) =>
  oidc.buildAuthorizationUrl(at, { redirect_uri: returnTo, scope: "openid", ...parameters });

// Goes through the pages until the application has its answer.
async function authorize(browser, parameters, at = config) {
  let place = await browser.visit(addressOf(parameters, at));
  if (!place.left && browser.asksForPassword) place = await browser.submit("sign_in", { email, password });
  if (!place.left && browser.asksForConsent) place = await browser.submit("allow");
  assert.ok(place.left, place.html);
  return place.left;
}

async function signedIn(parameters = {}, { browser = new Browser(), at = config, checks = {} } = {}) {
  const address = await authorize(browser, parameters, at);
  return oidc.authorizationCodeGrant(at, address, { idTokenExpected: true, ...checks });
}

// The library reads the challenge and not the body.
const notKnown = (error) => error.status === 401 && error.cause[0].scheme === "basic";

const errorOf = (place) => place.left.searchParams.get("error");

test("the discovery document", async () => {
  const found = config.serverMetadata();
  assert.equal(found.issuer, platform.issuer);
  assert.deepEqual(found.response_types_supported, ["code"]);
  assert.deepEqual(found.subject_types_supported, ["public"]);
  assert.ok(found.id_token_signing_alg_values_supported.includes("RS256"));
  assert.ok(found.scopes_supported.includes("openid"));
  assert.equal(found.claims_parameter_supported, true);
  assert.equal(found.request_parameter_supported, false);
  assert.equal(found.request_uri_parameter_supported, false);
  assert.equal(found.backchannel_logout_supported, true);
  for (const name of ["authorization", "token", "userinfo", "introspection", "revocation", "end_session"]) {
    assert.ok(found[`${name}_endpoint`].startsWith(platform.issuer), name);
  }
  const elsewhere = await fetch(`${platform.url}/v1/oidc/nobody/.well-known/openid-configuration`);
  assert.equal(elsewhere.status, 404);
});

test("an ID token is signed with RS256 by a key of the set", async () => {
  const nonce = oidc.randomNonce();
  const state = oidc.randomState();
  const tokens = await signedIn({ nonce, state }, { checks: { expectedNonce: nonce, expectedState: state } });
  const { payload, protectedHeader } = await jose.jwtVerify(tokens.id_token, keys, {
    issuer: platform.issuer,
    audience: clients.basic.client_id,
    algorithms: ["RS256"],
  });
  assert.ok(protectedHeader.kid);
  assert.equal(payload.sub, user.id);
  assert.equal(payload.acr, "urn:pamoja:password");
  assert.equal(typeof payload.auth_time, "number");
  assert.equal(typeof payload.at_hash, "string");
  assert.equal(tokens.expires_in, 900);
});

test("a request without nonce", async () => {
  assert.equal((await signedIn()).claims().nonce, undefined);
});

test("userinfo by GET, by POST with the token in the header, and in the form", async () => {
  const { access_token } = await signedIn({ scope: "openid email" });
  const { userinfo_endpoint } = config.serverMetadata();
  const got = await oidc.fetchUserInfo(config, access_token, user.id);
  assert.equal(got.email, email);
  const headers = { Authorization: `Bearer ${access_token}` };
  const byHeader = await fetch(userinfo_endpoint, { method: "POST", headers });
  const body = new URLSearchParams({ access_token });
  const byForm = await fetch(userinfo_endpoint, { method: "POST", body });
  assert.deepEqual(await byHeader.json(), got);
  assert.deepEqual(await byForm.json(), got);
  const refused = await fetch(userinfo_endpoint, { headers: { Authorization: "Bearer nonsense" } });
  assert.equal(refused.status, 401);
  assert.match(refused.headers.get("www-authenticate"), /^Bearer error="invalid_token"/);
});

for (const [scope, expected] of [
  ["profile", ["family_name", "given_name", "name", "updated_at"]],
  ["email", ["email", "email_verified"]],
  ["phone", ["phone_number", "phone_number_verified"]],
  ["address", []],
  [
    "profile email phone address",
    ["email", "email_verified", "family_name", "given_name", "name", "phone_number", "phone_number_verified",
      "updated_at"],
  ],
]) {
  test(`the scope ${scope}`, async () => {
    const { access_token } = await signedIn({ scope: `openid ${scope}` });
    const { sub, ...claims } = await oidc.fetchUserInfo(config, access_token, user.id);
    assert.deepEqual(Object.keys(claims).sort(), expected);
  });
}

test("single claims that a request calls essential", async () => {
  const claims = JSON.stringify({
    userinfo: { name: { essential: true } },
    id_token: { email: { essential: true }, auth_time: { essential: true } },
  });
  const tokens = await signedIn({ claims });
  assert.equal(tokens.claims().email, email);
  assert.equal((await oidc.fetchUserInfo(config, tokens.access_token, user.id)).name, "Ann Njeri");
});

for (const parameters of [
  { display: "page" },
  { display: "popup" },
  { ui_locales: "se sw" },
  { claims_locales: "se" },
  { acr_values: "1 2" },
  { extra: "foobar" },
  { login_hint: "ann@example.com" },
]) {
  test(`${Object.keys(parameters)[0]}=${Object.values(parameters)[0]} does not get in the way`, async () => {
    assert.equal((await signedIn(parameters)).claims().sub, user.id);
  });
}

test("login_hint stands in the form", async () => {
  const browser = new Browser();
  const page = await browser.visit(addressOf({ login_hint: 'bob"@example.com' }));
  assert.ok(page.html.includes('value="bob&quot;@example.com"'));
});

test("prompt=none without and with somebody signed in", async () => {
  const browser = new Browser();
  assert.equal(errorOf(await browser.visit(addressOf({ prompt: "none" }))), "login_required");
  const first = await signedIn({}, { browser });
  const place = await browser.visit(addressOf({ prompt: "none" }));
  const again = await oidc.authorizationCodeGrant(config, place.left, { idTokenExpected: true });
  assert.equal(again.claims().sub, first.claims().sub);
  assert.equal(again.claims().auth_time, first.claims().auth_time);
  assert.equal(again.claims().sid, first.claims().sid);
});

test("prompt=login and max_age ask for the password again", async () => {
  const browser = new Browser();
  const first = await signedIn({}, { browser });
  const stays = await browser.visit(addressOf({ max_age: "10000" }));
  assert.ok(stays.left);
  for (const parameters of [{ prompt: "login" }, { max_age: "1" }]) {
    await platform.advanceClock(2);
    await browser.visit(addressOf(parameters));
    assert.ok(browser.asksForPassword);
    const place = await browser.submit("sign_in", { email, password });
    const checks = { idTokenExpected: true, maxAge: parameters.max_age && 1 };
    const tokens = await oidc.authorizationCodeGrant(config, place.left, checks);
    assert.ok(tokens.claims().auth_time > first.claims().auth_time);
    assert.equal(tokens.claims().sid, first.claims().sid);
  }
});

test("id_token_hint", async () => {
  const browser = new Browser();
  const { id_token } = await signedIn({}, { browser });
  const place = await browser.visit(addressOf({ prompt: "none", id_token_hint: id_token }));
  assert.ok(place.left.searchParams.get("code"));
  const [, payload] = id_token.split(".");
  const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")}.${payload}.`;
  for (const hint of [unsigned, `${id_token.slice(0, -8)}AAAAAAAA`]) {
    const refused = await browser.visit(addressOf({ prompt: "none", id_token_hint: hint }));
    assert.equal(errorOf(refused), "invalid_request");
  }
});

test("a code works once, and its second use ends what it gave", async () => {
  const address = await authorize(new Browser(), {});
  const tokens = await oidc.authorizationCodeGrant(config, address);
  await oidc.fetchUserInfo(config, tokens.access_token, user.id);
  await assert.rejects(oidc.authorizationCodeGrant(config, address), { error: "invalid_grant" });
  await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, user.id));
  await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), { error: "invalid_grant" });
});

test("an address that is not registered is never gone to", async () => {
  const browser = new Browser();
  for (const redirect_uri of ["https://evil.example.com/done", `${returnTo}/`, `${returnTo}?x=1`]) {
    const place = await browser.visit(addressOf({ redirect_uri }));
    assert.equal(place.status, 400);
    assert.equal(place.left, undefined);
  }
});

test("a request by POST", async () => {
  const browser = new Browser();
  await signedIn({}, { browser });
  const { authorization_endpoint } = config.serverMetadata();
  const form = {
    client_id: clients.basic.client_id,
    redirect_uri: returnTo,
    response_type: "code",
    scope: "openid",
  };
  const place = await browser.visit(authorization_endpoint, form);
  assert.ok(place.left.searchParams.get("code"));
  const stranger = new Browser();
  await stranger.visit(authorization_endpoint, form);
  assert.ok(stranger.asksForPassword);
});

test("requests that are refused, and how", async () => {
  const browser = new Browser();
  const { authorization_endpoint } = config.serverMetadata();
  const without = new URL(authorization_endpoint);
  without.search = new URLSearchParams({ client_id: clients.basic.client_id, redirect_uri: returnTo });
  assert.equal(errorOf(await browser.visit(without)), "invalid_request");
  const unsigned = new jose.UnsecuredJWT({ redirect_uri: "https://evil.example.com" }).encode();
  for (const [parameters, error] of [
    [{ request: unsigned }, "request_not_supported"],
    [{ request_uri: "https://app.example.com/request" }, "request_uri_not_supported"],
    [{ response_type: "id_token" }, "unsupported_response_type"],
    [{ scope: "nothing" }, "invalid_scope"],
  ]) {
    const place = await browser.visit(addressOf({ state: "s", ...parameters }));
    assert.equal(errorOf(place), error);
    assert.equal(place.left.searchParams.get("state"), "s");
    assert.equal(place.left.origin, "https://app.example.com");
  }
});

test("client_secret_post", async () => {
  const at = await configOf(clients.post, oidc.ClientSecretPost(clients.post.client_secret));
  assert.equal((await signedIn({}, { at })).claims().aud, clients.post.client_id);
  const wrong = await configOf(clients.post, oidc.ClientSecretPost("wrong"));
  await assert.rejects(signedIn({}, { at: wrong }), notKnown);
});

test("a client that is not known reads so in the answer's body", async () => {
  const answer = await fetch(config.serverMetadata().token_endpoint, {
    method: "POST",
    headers: { Authorization: `Basic ${Buffer.from(`${clients.basic.client_id}:wrong`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  assert.equal(answer.status, 401);
  assert.equal((await answer.json()).error, "invalid_client");
  assert.equal(answer.headers.get("cache-control"), "no-store");
});

test("PKCE, which a public client has to use", async () => {
  const at = await configOf(clients.open, oidc.None());
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const pkce = {
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  };
  assert.equal(errorOf(await new Browser().visit(addressOf({}, at))), "invalid_request");
  for (const config of [at, await configOf(clients.basic)]) {
    const tokens = await signedIn(pkce, { at: config, checks: { pkceCodeVerifier } });
    assert.equal(tokens.claims().sub, user.id);
    const other = oidc.randomPKCECodeVerifier();
    const stolen = signedIn(pkce, { at: config, checks: { pkceCodeVerifier: other } });
    await assert.rejects(stolen, { error: "invalid_grant" });
  }
});

test("a refresh token, bound to its client, whose old copies end the grant", async () => {
  const first = await signedIn({ scope: "openid offline_access" });
  const other = await configOf(clients.post, oidc.ClientSecretPost(clients.post.client_secret));
  await assert.rejects(oidc.refreshTokenGrant(other, first.refresh_token), { error: "invalid_grant" });
  const second = await oidc.refreshTokenGrant(config, first.refresh_token);
  assert.equal(second.claims().sub, user.id);
  const third = await oidc.refreshTokenGrant(config, second.refresh_token);
  await assert.rejects(oidc.refreshTokenGrant(config, first.refresh_token), { error: "invalid_grant" });
  await assert.rejects(oidc.refreshTokenGrant(config, third.refresh_token), { error: "invalid_grant" });
});

test("many refreshes at once leave everybody signed in", async () => {
  const { refresh_token } = await signedIn({ scope: "openid offline_access" });
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => oidc.refreshTokenGrant(config, refresh_token)),
  );
  assert.equal(new Set(answers.map((answer) => answer.refresh_token)).size, 1);
});

test("a token opens the platform's API only with the scope api", async () => {
  const plain = await signedIn({ scope: "openid" });
  assert.equal((await platform.call("GET", "/v1/auth/me", { token: plain.access_token })).code, 401);
  const api = await signedIn({ scope: "openid api" });
  const me = await platform.call("GET", "/v1/auth/me", { token: api.access_token });
  assert.equal(me.data.id, user.id);
  await oidc.tokenRevocation(config, api.access_token);
  assert.equal((await platform.call("GET", "/v1/auth/me", { token: api.access_token })).code, 401);
});

test("a client's own token, introspection and revocation", async () => {
  const own = await oidc.clientCredentialsGrant(config, { scope: "orders:read" });
  const known = await oidc.tokenIntrospection(config, own.access_token);
  assert.equal(known.active, true);
  assert.equal(known.scope, "orders:read");
  assert.equal(known.client_id, clients.basic.client_id);
  await oidc.tokenRevocation(config, own.access_token);
  assert.equal((await oidc.tokenIntrospection(config, own.access_token)).active, false);
  const tokens = await signedIn();
  await oidc.tokenRevocation(config, tokens.refresh_token);
  assert.equal((await oidc.tokenIntrospection(config, tokens.access_token)).active, false);
  assert.equal((await oidc.tokenIntrospection(config, "nonsense")).active, false);
});

test("signing out, and telling the application's server", async () => {
  const browser = new Browser();
  const tokens = await signedIn({}, { browser });
  const kept = await signedIn({ scope: "openid offline_access" }, { browser });
  const place = await browser.visit(
    oidc.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: goodbye,
      state: "s2",
    }),
  );
  assert.equal(place.left.href, `${goodbye}?state=s2`);
  assert.equal(errorOf(await browser.visit(addressOf({ prompt: "none" }))), "login_required");
  await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, user.id));
  assert.equal((await oidc.fetchUserInfo(config, kept.access_token, user.id)).sub, user.id);

  const notice = await receiver.next();
  const { payload } = await jose.jwtVerify(notice.body.logout_token, keys, {
    issuer: platform.issuer,
    audience: clients.basic.client_id,
    typ: "logout+jwt",
  });
  assert.equal(payload.sid, tokens.claims().sid);
  assert.deepEqual(payload.events, { "http://schemas.openid.net/event/backchannel-logout": {} });
  assert.equal(payload.nonce, undefined);
});

test("signing out without a hint asks first", async () => {
  const browser = new Browser();
  await signedIn({}, { browser });
  const { end_session_endpoint } = config.serverMetadata();
  const asked = await browser.visit(end_session_endpoint);
  assert.match(asked.html, /Sign out of/);
  await browser.submit("stay");
  assert.ok((await browser.visit(addressOf({ prompt: "none" }))).left.searchParams.get("code"));
  await browser.visit(end_session_endpoint);
  await browser.submit("sign_out");
  assert.equal(errorOf(await browser.visit(addressOf({ prompt: "none" }))), "login_required");
});

test("a disabled client is refused with all that it has", async () => {
  const made = await platform.newClient(administrator, { name: "Short-lived", redirect_uris: [returnTo] });
  const at = await configOf(made);
  const tokens = await signedIn({}, { at });
  const path = `/v1/oauth/clients/${made.client_id}`;
  const rotated = await platform.call("POST", `${path}/rotate-secret`, { token: administrator, body: {} });
  await assert.rejects(oidc.refreshTokenGrant(at, tokens.refresh_token), notKnown);
  const fresh = await configOf(rotated.data);
  await oidc.refreshTokenGrant(fresh, tokens.refresh_token);
  assert.equal((await platform.call("DELETE", path, { token: administrator })).code, 200);
  await assert.rejects(oidc.refreshTokenGrant(fresh, tokens.refresh_token), notKnown);
  assert.equal((await new Browser().visit(addressOf({}, at))).status, 400);
});
