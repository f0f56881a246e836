// The gate beside the drawing: asked after each pause, its findings on the elements and in a list that leads to them.

import { h, icon } from './parts.js';
import { NoConnection } from './talking.js';

const PAUSE = 1200;

export class Findings {
  constructor({ modeler, service, path, draft, say, box, state, text }) {
    Object.assign(this, { modeler, service, path, draft, say, box, state, text });
    this.marks = [];
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
    const overlays = this.modeler.get('overlays'), registry = this.modeler.get('elementRegistry');
    this.marks.forEach((mark) => overlays.remove(mark));
    this.marks = [];
    const here = findings.filter((one) => one.file === this.path);
    const ordered = [...here, ...findings.filter((one) => one.file !== this.path)];
    ordered.forEach((finding, n) => {
      const element = finding.file === this.path && registry.get(finding.element);
      if (element) this.marks.push(overlays.add(element, 'gate', { position: place(element), html: h('span', { class: `flagmark${finding.severity === 'warning' ? ' soon' : ''}`, title: finding.text }, String(n + 1)) }));
    });
    this.box.replaceChildren(...(ordered.length ? ordered.map((finding, n) => this.row(finding, n)) : [h('p', { class: 'body soft' }, this.say('nothing'))]));
    const bad = findings.filter((one) => one.severity === 'error').length;
    this.state.className = passes ? 'ok-text' : 'late-text';
    this.state.replaceChildren(passes ? this.say('passes') : this.say('bars', bad), findings.length > bad ? ` · ${this.say('warnings', findings.length - bad)}` : '');
  }

  row(finding, n) {
    const soft = finding.severity === 'warning';
    const element = finding.file === this.path && this.modeler.get('elementRegistry').get(finding.element);
    const where = element?.businessObject.name?.replace(/\s+/g, ' ') || finding.element;
    const lead = finding.file === this.path
      ? element && h('button', { type: 'button', class: 'button small', onclick: () => this.jump(finding.element) }, this.say('show'))
      : h('a', { class: 'button small', href: `/packs/drafts/${this.draft}/file?path=${encodeURIComponent(finding.file)}#${encodeURIComponent(finding.element ?? '')}` }, this.say('open_file'));
    return h('div', { class: `finding${soft ? ' soon' : ''}` }, icon(soft ? 'soon' : 'warn', this.say(soft ? 'warning_mark' : 'error_mark')),
      h('div', {}, h('b', {}, `${n + 1} ${finding.file === this.path ? where : finding.file} `), h('span', { class: 'hash' }, finding.element ?? ''), h('div', {}, finding.text)),
      finding.remedy && h('div', { class: 'remedy' }, finding.remedy), lead);
  }

  jump(id) {
    const element = this.modeler.get('elementRegistry').get(id), canvas = this.modeler.get('canvas');
    if (!element) return;
    canvas.setRootElement(canvas.findRoot(element));
    canvas.scrollToElement(element, 120);
    this.modeler.get('selection').select(element);
    canvas.focus?.();
  }
}

// On the upper right corner of what is drawn; in the middle of a line.
function place(element) {
  if (!element.waypoints) return { top: -9, right: 9 };
  const middle = element.waypoints[Math.floor(element.waypoints.length / 2)];
  const left = Math.min(...element.waypoints.map((point) => point.x)), top = Math.min(...element.waypoints.map((point) => point.y));
  return { left: middle.x - left - 9, top: middle.y - top - 9 };
}
