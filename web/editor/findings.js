// The gate beside the work: asked after each pause, its findings on what they are about and in a list that leads there.
//
// A stage is where they stand: `name(id)` is what somebody calls it (undefined: it is not there), `mark(id, flag)` puts a
// flag on it, `clear()` takes them all away, `jump(id)` leads there.

import { h, icon } from './parts.js';
import { NoConnection } from './talking.js';

const PAUSE = 1200;

export class Findings {
  constructor({ stage, service, path, draft, say, box, state, text }) {
    Object.assign(this, { stage, service, path, draft, say, box, state, text });
    this.busy = false;
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), PAUSE);
  }

  // One question at a time: what is drawn while it is asked is asked about afterwards.
  async check() {
    clearTimeout(this.timer);
    if (this.busy) { this.again = true; return; }
    this.busy = true;
    this.again = false;
    this.state.className = '';
    this.state.replaceChildren(this.say('checking'));
    try {
      this.show(await this.service.send('POST', '/check', { files: { [this.path]: await this.text() } }));
    } catch (error) {
      const busy = error.code === 'gate-busy';
      this.state.replaceChildren(busy ? this.say('gate_busy') : this.say('check_failed'), busy || error instanceof NoConnection ? '' : error.message);
      if (busy) this.timer = setTimeout(() => this.check(), 4000);
    }
    this.busy = false;
    if (this.again) this.check();
  }

  show({ passes, findings }) {
    this.stage.clear();
    const here = findings.filter((one) => one.file === this.path);
    const ordered = [...here, ...findings.filter((one) => one.file !== this.path)];
    ordered.forEach((finding, n) => {
      if (!this.here(finding)) return;
      this.stage.mark(finding.element, () => h('span', { class: `flagmark${finding.severity === 'warning' ? ' soon' : ''}`, title: finding.text }, String(n + 1)));
    });
    this.box.replaceChildren(...(ordered.length ? ordered.map((finding, n) => this.row(finding, n)) : [h('p', { class: 'body soft' }, this.say('nothing'))]));
    const bad = findings.filter((one) => one.severity === 'error').length;
    this.state.className = passes ? 'ok-text' : 'late-text';
    this.state.replaceChildren(passes ? this.say('passes') : this.say('bars', bad), findings.length > bad ? ` · ${this.say('warnings', findings.length - bad)}` : '');
  }

  here(finding) { return finding.file === this.path && this.stage.name(finding.element) !== undefined; }

  row(finding, n) {
    const soft = finding.severity === 'warning', own = finding.file === this.path;
    const where = (own && this.stage.name(finding.element)?.replace(/\s+/g, ' ')) || finding.element;
    const lead = own
      ? this.here(finding) && h('button', { type: 'button', class: 'button small', onclick: () => this.stage.jump(finding.element) }, this.say('show'))
      : h('a', { class: 'button small', href: `/packs/drafts/${this.draft}/file?path=${encodeURIComponent(finding.file)}#${encodeURIComponent(finding.element ?? '')}` }, this.say('open_file'));
    return h('div', { class: `finding${soft ? ' soon' : ''}` }, icon(soft ? 'soon' : 'warn', this.say(soft ? 'warning_mark' : 'error_mark')),
      h('div', {}, h('b', {}, `${n + 1} ${own ? where : finding.file} `), h('span', { class: 'hash' }, finding.element ?? ''), h('div', {}, finding.text)),
      finding.remedy && h('div', { class: 'remedy' }, finding.remedy), lead);
  }
}
