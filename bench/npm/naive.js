// The same transfers as a Node.js shop would write them: one commit a request.
// node naive.js DATABASE PORT ACCOUNTS
const Database = require("better-sqlite3");
const fastify = require("fastify")({ logger: false });

const [path, port, accounts] = process.argv.slice(2);
const db = new Database(path);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.pragma("foreign_keys = ON");
db.exec(`
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0));
    CREATE TABLE transfers (id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL);
    CREATE TABLE entries (
        transfer_id INTEGER NOT NULL REFERENCES transfers (id),
        account_id INTEGER NOT NULL REFERENCES accounts (id),
        amount INTEGER NOT NULL,
        PRIMARY KEY (transfer_id, account_id)
    );
    CREATE INDEX entries_by_account ON entries (account_id, transfer_id);
`);
const open = db.prepare("INSERT INTO accounts (id, balance) VALUES (?, 1000000000)");
db.transaction(() => {
    for (let id = 0; id < Number(accounts); id++) open.run(id);
})();

const insertTransfer = db.prepare("INSERT INTO transfers (reference, created_at) VALUES (?, ?)");
const insertEntry = db.prepare("INSERT INTO entries (transfer_id, account_id, amount) VALUES (?, ?, ?)");
const pay = db.prepare("UPDATE accounts SET balance = balance - ? WHERE id = ? AND balance >= ?");
const receive = db.prepare("UPDATE accounts SET balance = balance + ? WHERE id = ?");

const transfer = db.transaction(({ from, to, amount, reference }) => {
    const { lastInsertRowid: id } = insertTransfer.run(reference, Date.now());
    insertEntry.run(id, from, -amount);
    insertEntry.run(id, to, amount);
    if (pay.run(amount, from, amount).changes !== 1) throw new Error("insufficient_funds");
    receive.run(amount, to);
    return id;
});

const schema = {
    body: {
        type: "object",
        required: ["from", "to", "amount", "reference"],
        properties: {
            from: { type: "integer" },
            to: { type: "integer" },
            amount: { type: "integer", minimum: 1 },
            reference: { type: "string", maxLength: 200 },
        },
    },
};
fastify.post("/transfers", { schema }, (request, reply) => {
    try {
        reply.code(201).send({ transaction: Number(transfer(request.body)) });
    } catch (error) {
        reply.code(409).send({ code: error.message });
    }
});
fastify.get("/healthz", (_, reply) => reply.send({ status: "ok" }));
fastify.listen({ port: Number(port), host: "127.0.0.1" });
