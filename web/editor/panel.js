// The properties of what is selected: names in both languages, who, what, how long, and the rest of the dialect.
// Choices come from the pack; whatever else stands in the file is shown as it is and can be changed.

import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { area, field, h, select, text, tick } from './parts.js';
import { groupsOf } from './groups.js';
import { kindOf } from './words.js';

export class Panel {
  constructor({ modeler, settings, box, choices, names, say, zh, renamed }) {
    Object.assign(this, { modeler, settings, box, choices, names, say, zh, renamed });
    this.open = new Map();
    const bus = modeler.get('eventBus');
    bus.on(['selection.changed', 'commandStack.changed', 'import.done', 'root.set'], () => this.later());
  }

  // After the event: the focus has then come to where it goes.
  later() {
    if (this.due) return;
    this.due = setTimeout(() => { this.due = null; this.draw(); });
  }

  draw() {
    const focus = this.box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const scroll = this.box.scrollTop;
    const chosen = this.modeler.get('selection').get();
    this.box.replaceChildren(...(chosen.length > 1
      ? [h('p', { class: 'body soft' }, this.say('several', chosen.length))]
      : this.about(chosen[0]?.labelTarget ?? chosen[0] ?? this.modeler.get('canvas').getRootElement())));
    this.box.scrollTop = scroll;
    if (focus) this.box.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  }

  about(element) {
    const bo = getBusinessObject(element);
    if (!bo || !bo.$type) return [h('p', { class: 'body soft' }, this.say('pick'))];
    this.element = element;
    this.bo = bo;
    const head = h('h2', {}, (bo.name || '').replace(/\s+/g, ' ') || kindOf(bo.$type, this.zh), ' ', h('span', { class: 'hash' }, bo.id));
    return [head, this.naming(), ...groupsOf(this, element, bo), this.documenting()].filter(Boolean);
  }

  // A group that stays as its reader left it.
  group(name, ...fields) {
    const inside = fields.flat().filter(Boolean);
    if (!inside.length) return null;
    const shut = this.open.get(name) === false;
    return h('details', { open: !shut, ontoggle: (event) => this.open.set(name, event.target.open) },
      h('summary', {}, this.say(name)), h('div', {}, inside));
  }

  label(choice) { return `${choice.id} ${this.zh ? choice.label.zh : choice.label.en}`; }

  options(choices) { return choices.map((choice) => ({ value: choice.id, text: this.label(choice) })); }

  offered(key, value, choices, changed) {
    return select(key, value ?? '', this.options(choices), changed, { none: this.say('none'), strange: this.say('not_offered') });
  }

  naming() {
    const { element, bo, settings, say } = this;
    const fields = [];
    if (is(bo, 'bpmn:TextAnnotation')) fields.push(field(say('name_zh'), area('text', bo.text, (value) => settings.set(element, { text: value }))));
    else if (!isAny(bo, ['bpmn:Collaboration', 'bpmn:Association', 'bpmn:Group'])) {
      const drawn = tidy(bo.name ?? '');
      fields.push(field(say('name_zh'), area('name', bo.name, (value) => settings.set(element, { name: value || undefined }), { rows: 2 })));
      fields.push(field(say('name_en'), text('name_en', this.names[drawn] ?? '', (value) => this.renamed(tidy(bo.name ?? ''), value), { lang: 'en', disabled: !drawn })));
    }
    fields.push(field(say('id'), text('id', bo.id, (value) => this.rename(value)), { wrong: this.wrongId }));
    this.wrongId = null;
    return this.group('name', fields);
  }

  rename(id) {
    if (id === this.bo.id) return;
    if (this.settings.idFree(id, this.element)) this.settings.set(this.element, { id });
    else { this.wrongId = this.say('id_taken'); this.later(); }
  }

  documenting() {
    const holder = is(this.bo, 'bpmn:Participant') ? this.bo.processRef : this.bo;
    if (!holder || is(holder, 'bpmn:Collaboration')) return null;
    return this.group('documentation', area('documentation', this.settings.documentation(holder),
      (value) => this.settings.setDocumentation(this.element, holder, value), { 'aria-label': this.say('documentation'), rows: 4 }));
  }

  // --- kinds of fields ------------------------------------------------------------------------------------

  // One attribute of an extension element.
  attribute(label, type, name, facts = {}) {
    const { element, settings } = this;
    const holder = facts.holder ?? this.bo;
    const changed = (value) => settings.extend(element, holder, type, { [name]: value });
    const value = settings.extension(holder, type)?.get(name) ?? '';
    const control = facts.choices ? this.offered(`${type}.${name}`, value, facts.choices, changed) : text(`${type}.${name}`, value, changed);
    return field(this.say(label), control, { help: facts.help && this.say(facts.help) });
  }

  // One of our own settings, kept as a property.
  property(label, name, { choices, list, help } = {}) {
    const { element, bo, settings } = this;
    const value = settings.property(bo, name);
    const changed = (said) => settings.setProperty(element, bo, name, said);
    const control = choices ? this.offered(name, value, choices, changed) : text(name, value, changed, list ? { list: this.list(list) } : {});
    return field(this.say(label), control, { help: help && this.say(help) });
  }

  // Values to pick from while one types.
  list(values) {
    const id = `l-${values.length}-${values.join('').length}`;
    if (!document.getElementById(id)) document.body.append(h('datalist', { id }, values.map((value) => h('option', { value }))));
    return id;
  }

  // Rows of two texts that can be added to and taken from.
  rows(label, type, list, rowType, [left, right], { hidden = [] } = {}) {
    const { element, bo, settings, say } = this;
    const all = settings.rows(bo, type, list).map((row) => ({ [left]: row[left] ?? '', [right]: row[right] ?? '' }));
    const put = (rows) => settings.setRows(element, bo, type, list, rowType, rows);
    const key = `${type}.${list}`;
    const lines = all.map((row, n) => (hidden.includes(row[left]) ? null : h('div', { class: 'pairrow' },
      text(`${key}.${n}.l`, row[left], (value) => put(all.with(n, { ...row, [left]: value })), { 'aria-label': `${say(label)} ${n + 1} ${left}` }),
      text(`${key}.${n}.r`, row[right], (value) => put(all.with(n, { ...row, [right]: value })), { 'aria-label': `${say(label)} ${n + 1} ${right}` }),
      h('button', { type: 'button', class: 'iconbutton', 'data-key': `${key}.${n}.x`, 'aria-label': `${say('remove')} ${row[left]}`, onclick: () => put(all.toSpliced(n, 1)) }, '×'))));
    return h('div', { class: 'pairs', role: 'group', 'aria-label': say(label) }, h('span', { class: 'pairs-head' }, say(label),
      h('button', { type: 'button', class: 'button quiet small', 'data-key': `${key}.add`, onclick: () => put([...all, { [left]: '', [right]: '' }]) }, say('add'))), lines);
  }

  // A list of ids written with commas: ticked where they are offered, typed where it is an expression.
  ids(key, label, value, choices, changed, { help, free } = {}) {
    const feel = value.startsWith('=');
    const said = feel ? [] : value.split(',').map((one) => one.trim()).filter(Boolean);
    const strange = said.filter((one) => !choices.some((choice) => choice.id === one));
    const put = (id, on) => changed((on ? [...said, id] : said.filter((one) => one !== id)).join(', '));
    const boxes = feel ? [] : [...choices, ...strange.map((id) => ({ id, label: { zh: this.say('not_offered'), en: this.say('not_offered') } }))]
      .map((choice) => tick(`${key}.${choice.id}`, this.label(choice), said.includes(choice.id), (on) => put(choice.id, on)));
    return [
      h('div', { class: 'ticks', role: 'group', 'aria-label': this.say(label) }, h('span', { class: 'pairs-head' }, this.say(label)), boxes),
      field(this.say(free ?? 'groups_text'), text(key, value, changed), { help: help && this.say(help) }),
    ];
  }

  tick(key, label, checked, changed) { return tick(key, this.say(label), checked, changed); }
}

export function tidy(name) { return name.split(/\s+/).filter(Boolean).join(' ').replace(/([\u2e80-\uffef]) (?=[\u2e80-\uffef])/g, '$1'); }
