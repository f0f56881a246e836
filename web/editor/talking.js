// What the editor asks of the service, and what may come of it: an answer, a refusal, no sign-in, no connection.

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.title ?? String(status));
    this.status = status;
    this.problem = problem;
    this.code = problem.code;
  }
}

export class NoConnection extends Error {}

export class Service {
  constructor(draft, csrf, lang) { this.base = `/api/v1/drafts/${encodeURIComponent(draft)}`; this.csrf = csrf; this.lang = lang; }

  get(path) { return this._ask('GET', path); }

  async send(method, path, body, headers = {}) {
    try {
      return await this._ask(method, path, body, headers);
    } catch (error) {
      // Whoever signed in again in another window has another token: this page asks for it once.
      if (error.code !== 'csrf-missing' || !await this._renew()) throw error;
      return this._ask(method, path, body, headers);
    }
  }

  async _ask(method, path, body, headers = {}) {
    let answer;
    try {
      answer = await fetch(this.base + path, {
        method, credentials: 'same-origin', body: body === undefined ? undefined : JSON.stringify(body),
        headers: { Accept: 'application/json', 'Accept-Language': this.lang, 'Content-Type': 'application/json', 'X-CSRF-Token': this.csrf, ...headers },
      });
    } catch {
      throw new NoConnection();
    }
    // What somebody in front of the service says when it is not there.
    if (answer.status >= 502 && !answer.headers.get('Content-Type')?.includes('json')) throw new NoConnection();
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(answer.status, said);
    return said;
  }

  async _renew() {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
      const fresh = page.querySelector('[data-csrf]')?.dataset.csrf;
      if (fresh) this.csrf = fresh;
      return Boolean(fresh);
    } catch {
      return false;
    }
  }
}
