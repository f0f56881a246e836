// Small pieces of a page: made without markup, so that no text of a diagram can become some.

export function h(tag, facts = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name === 'value') made.value = value;
    else if (name === 'checked') made.checked = value;
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function icon(name, label) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  if (label) { svg.setAttribute('role', 'img'); svg.setAttribute('aria-label', label); } else svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

let count = 0;

// A labelled field. `key` lets the focus find its way back when the panel is drawn anew.
export function field(label, control, { help, wrong } = {}) {
  const id = control.id || `p-${++count}`;
  control.id = id;
  const more = [help && h('span', { class: 'help', id: `${id}-h` }, help), wrong && h('span', { class: 'error', id: `${id}-e`, role: 'alert' }, wrong)].filter(Boolean);
  if (more.length) control.setAttribute('aria-describedby', more.map((one) => one.id).join(' '));
  if (wrong) control.setAttribute('aria-invalid', 'true');
  return h('div', { class: 'field' }, h('label', { for: id }, label), control, more);
}

export function text(key, value, changed, facts = {}) {
  return h('input', { class: 'input', 'data-key': key, value: value ?? '', spellcheck: 'false', autocomplete: 'off', ...facts, onchange: (event) => changed(event.target.value.trim()) });
}

export function area(key, value, changed, facts = {}) {
  return h('textarea', { class: 'area', 'data-key': key, rows: 3, value: value ?? '', ...facts, onchange: (event) => changed(event.target.value) });
}

export function select(key, value, options, changed, { none, strange } = {}) {
  const known = options.some((option) => option.value === value);
  return h('select', { class: 'select', 'data-key': key, onchange: (event) => changed(event.target.value) },
    none !== undefined && h('option', { value: '', selected: !value }, none),
    value && !known && h('option', { value, selected: true }, `${value} ${strange ?? ''}`),
    options.map((option) => h('option', { value: option.value, selected: option.value === value }, option.text)));
}

export function tick(key, label, checked, changed) {
  const box = h('input', { type: 'checkbox', 'data-key': key, checked, onchange: (event) => changed(event.target.checked) });
  return h('label', { class: 'check' }, box, h('span', {}, label));
}
