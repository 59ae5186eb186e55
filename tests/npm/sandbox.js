// The control calls of the sandbox at PAMOJA_SANDBOX_URL.
const url = process.env.PAMOJA_SANDBOX_URL || "http://127.0.0.1:8100";

async function control(method, path, body) {
  const response = await fetch(url + path, { method, body: body && JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text;
}

// A phone of its own for each test, so that tests disturb neither each other nor what else uses the sandbox.
let phones = Math.floor(Math.random() * 89_000_000) + 10_000_000;
const newPhone = () => `2547${phones++}`;

module.exports = {
  url,
  newPhone,
  // What Safaricom publishes for its own sandbox.
  shortCode: "174379",
  passkey: "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
  next: (phone, outcome, delay_ms = 0) => control("POST", "/control/mpesa/next", { phone, outcome, delay_ms }),
  certificate: () => control("GET", "/control/mpesa/certificate"),
  // What moved from and to a phone, as [direction, kind, amount].
  moved: async (phone) => {
    const statement = JSON.parse(await control("GET", "/control/mpesa/statement"));
    return statement.entries
      .filter((entry) => entry.phone === `+${phone}`)
      .map((entry) => [entry.direction, entry.kind, entry.amount]);
  },
};
