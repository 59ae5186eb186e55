// Takes the callbacks that the sandbox posts, and gives them to the test in order.
const http = require("node:http");

class Receiver {
  constructor() {
    this.callbacks = [];
    this.waiting = [];
    this.server = http.createServer((request, response) => this.take(request, response));
  }

  async start() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  url(path) {
    return `http://127.0.0.1:${this.server.address().port}${path}`;
  }

  // The next callback as { path, body }; rejects when none comes within ten seconds.
  next() {
    if (this.callbacks.length > 0) return Promise.resolve(this.callbacks.shift());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no callback came")), 10_000);
      this.waiting.push((callback) => {
        clearTimeout(timer);
        resolve(callback);
      });
    });
  }

  take(request, response) {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const isForm = request.headers["content-type"] === "application/x-www-form-urlencoded";
      const body = isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
      const callback = { path: request.url, body };
      const waiting = this.waiting.shift();
      if (waiting) waiting(callback);
      else this.callbacks.push(callback);
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ ResultCode: "0", ResultDesc: "Accepted" }));
    });
  }
}

module.exports = { Receiver };
