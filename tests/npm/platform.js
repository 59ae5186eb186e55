// The platform's API at PAMOJA_URL, as its administrator uses it to prepare a tenant for relying parties.
const url = process.env.PAMOJA_URL || "http://127.0.0.1:8000";

async function call(method, path, { token, body } = {}) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
  return { code: response.status, ...(await response.json()) };
}

async function made(method, path, options) {
  const answer = await call(method, path, options);
  if (answer.code >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer.data;
}

module.exports = {
  url,
  tenant: "tenant123",
  issuer: `${url}/v1/oidc/tenant123`,
  call,
  signIn: async () =>
    (await made("POST", "/v1/auth/login", { body: { email: "admin@upflame.in", password: "AdminPass123!" } }))
      .access_token,
  newUser: (token, user) => made("POST", "/v1/users", { token, body: user }),
  // Of a server in development: time passes for the whole platform.
  advanceClock: (seconds) => call("POST", "/_dev/clock", { body: { advance_seconds: seconds } }),
  newClient: (token, client) => made("POST", "/v1/oauth/clients", { token, body: client }),
};
