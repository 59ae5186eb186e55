// As much of a browser as a relying party's test needs: cookies, redirects and forms.
const decode = (text) =>
  text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

class Browser {
  #cookies = new Map();

  // Where it ends up: at a page of the provider's, or sent to an address elsewhere (`left`, a URL).
  async visit(address, form) {
    let url = new URL(address);
    const home = url.origin;
    let options = form && { method: "POST", body: new URLSearchParams(form) };
    for (let step = 0; step < 5; step++) {
      const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await fetch(url, { redirect: "manual", headers: cookie ? { cookie } : {}, ...options });
      for (const line of answer.headers.getSetCookie()) this.#remember(line);
      this.page = { status: answer.status, headers: answer.headers, html: await answer.text() };
      this.url = url;
      const location = answer.headers.get("location");
      if (!location) return { ...this.page, left: undefined };
      url = new URL(location, url);
      options = undefined;
      if (url.origin !== home) return { ...this.page, left: url };
    }
    throw new Error(`too many redirects at ${address}`);
  }

  // Fills in the form of the page and presses a button.
  submit(button, fields = {}) {
    const hidden = {};
    for (const [tag] of this.page.html.matchAll(/<input type="hidden"[^>]*>/g)) {
      hidden[tag.match(/name="([^"]*)"/)[1]] = decode(tag.match(/value="([^"]*)"/)[1]);
    }
    const action = decode(this.page.html.match(/<form method="post" action="([^"]*)"/)[1]);
    return this.visit(new URL(action, this.url), { ...hidden, ...fields, answer: button });
  }

  get asksForPassword() {
    return this.page.html.includes('name="password"');
  }
  get asksForConsent() {
    return this.page.html.includes('value="allow"');
  }

  #remember(line) {
    const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
    if (/Max-Age=0/.test(line)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

module.exports = { Browser };
