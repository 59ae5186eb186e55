// Reads {"secret", "headers", "body"} from stdin and verifies them with the library of Standard Webhooks.
const { Webhook } = require("standardwebhooks");

let text = "";
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", () => {
  const { secret, headers, body } = JSON.parse(text);
  process.stdout.write(JSON.stringify(new Webhook(secret).verify(body, headers)));
});
