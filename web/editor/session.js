// One file of a draft under somebody's hands: saved, kept when it cannot be, and never over somebody else's work unseen.

import { Keeping } from './keeping.js';
import { h } from './parts.js';
import { choose } from './rivals.js';
import { NoConnection, Refused, Service } from './talking.js';

const AGAIN = 15000, SOON = 500;

export class Session {
  // `write` gives the text as it is now, `draw` shows another one (false: it cannot be shown), `taken` is told what was renamed.
  constructor({ studio, say, write, draw, taken = () => {} }) {
    this.facts = studio.dataset;
    Object.assign(this, { studio, say, write, draw, taken });
    this.service = new Service(this.facts.draft, this.facts.csrf, this.facts.lang);
    this.keeping = new Keeping(this.facts.draft, this.facts.path);
    // Which save this text began from; what was renamed in English and not saved yet; whether something is unsaved.
    this.version = 0;
    this.renamed = {};
    this.dirty = false;
    this.changes = 0;
    addEventListener('beforeunload', (event) => { if (this.dirty) event.preventDefault(); });
    addEventListener('pagehide', () => { this.keep(); });
    addEventListener('online', () => { if (this.again) this.save(); });
    // Back from the window in which somebody signed in again.
    addEventListener('focus', () => { if (this.signedOut) this.save(); });
  }

  part(name) { return this.studio.querySelector(`[data-part="${name}"]`); }

  tell(...said) { this.part('state').replaceChildren(...said); }

  note(...said) { this.part('note').replaceChildren(...said); this.part('note').hidden = !said.length; }

  get link() { return `/packs/drafts/${this.facts.draft}/file?path=${encodeURIComponent(this.facts.path)}`; }

  async open() {
    const file = await this.service.get(`/file?path=${encodeURIComponent(this.facts.path)}`);
    this.version = file.version;
    return file.text;
  }

  // --- unsaved work ------------------------------------------------------------------------------------

  touched() {
    this.dirty = true;
    this.changes += 1;
    this.tell(this.say('unsaved'));
    clearTimeout(this.keepSoon);
    this.keepSoon = setTimeout(() => this.keep(), SOON);
  }

  async keep() {
    if (this.dirty) this.keeping.put({ xml: await this.write(), version: this.version, renamed: this.renamed, at: new Date().toISOString() });
  }

  async offerKept(saved) {
    const work = this.keeping.get();
    if (!work || (work.xml === saved && !Object.keys(work.renamed ?? {}).length)) { this.keeping.drop(); return; }
    const at = new Date(work.at).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' });
    this.note(h('span', {}, this.say('kept', at), work.version < this.version ? ` ${this.say('kept_older')}` : ''),
      h('button', { type: 'button', class: 'button small', onclick: () => this.takeUp(work) }, this.say('take_up')),
      h('button', { type: 'button', class: 'button small quiet', onclick: () => { this.keeping.drop(); this.note(); } }, this.say('throw_away')));
  }

  async takeUp(work) {
    this.note();
    this.version = work.version;
    this.renamed = work.renamed ?? {};
    this.taken(this.renamed);
    await this.draw(work.xml);
    this.touched();
  }

  // --- saving ------------------------------------------------------------------------------------------

  save() {
    document.activeElement?.blur?.();
    this.saving ??= this._save().finally(() => { this.saving = null; });
    return this.saving;
  }

  async _save() {
    clearTimeout(this.again);
    this.again = null;
    this.signedOut = false;
    const text = await this.write(), names = this.renamed, mark = this.changes;
    this.tell(this.say('saving'));
    try {
      const done = await this.service.send('PUT', '/files', { files: { [this.facts.path]: text }, names }, { 'If-Match': `"${this.version}"` });
      this.version = done.version;
      this.renamed = this.renamed === names ? {} : this.renamed;
      // What was done while it was on its way is not saved yet.
      this.dirty = this.changes !== mark || Object.keys(this.renamed).length > 0;
      if (this.dirty) await this.keep(); else this.keeping.drop();
      this.note();
      this.tell(this.dirty ? this.say('unsaved') : this.say('saved_at', new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })));
    } catch (error) {
      await this.keep();
      await this._failed(error, text);
    }
  }

  async _failed(error, text) {
    this.tell(this.say('unsaved'));
    if (error instanceof NoConnection) {
      this.note(this.say('no_connection'));
      this.again = setTimeout(() => this.save(), AGAIN);
    } else if (error.status === 401) {
      this.signedOut = true;
      this.note(this.say('signed_out'), ' ', h('a', { class: 'button small', href: '/signin', target: '_blank', rel: 'noopener' }, this.say('sign_in')));
    } else if (error.code === 'draft-moved-on') {
      await this._rival(error.problem.theirs[0], text).catch((lost) => this._failed(lost, text));
    } else {
      this.note(this.say('not_saved'), error instanceof Refused ? error.message : String(error));
    }
  }

  async _rival(theirs, text) {
    const { file } = await this.service.send('POST', '/compare', { path: this.facts.path, text });
    const answer = await choose({ say: this.say, theirs, file, link: this.link });
    if (answer === 'over') {
      this.version = theirs.version;
      await this._save();
    } else if (answer === 'theirs') {
      this.version = theirs.version;
      this.dirty = false;
      await this.draw(theirs.text);
      this.tell(this.say('saved'));
      await this.offerKept(theirs.text);
    }
  }

  unreadable(error) {
    this.note(this.say('unreadable'), error.message.split('\n')[0], ' ', h('a', { class: 'button small', href: `${this.link}&as=text` }, this.say('as_text')));
  }
}
