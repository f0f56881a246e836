// What is drawn and not saved, kept in the browser: through a lost connection, an expired sign-in, a closed window.

export class Keeping {
  constructor(draft, path) { this.key = `kesu:${draft}:${path}`; }

  put(work) {
    try { localStorage.setItem(this.key, JSON.stringify(work)); } catch { /* no room: the window still asks before it closes */ }
  }

  get() {
    try { return JSON.parse(localStorage.getItem(this.key)); } catch { return null; }
  }

  drop() { try { localStorage.removeItem(this.key); } catch { /* nothing was kept then */ } }
}
