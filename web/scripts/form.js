// A form that is filled in: fields that depend on others, computed values, drafts, files, sending without losing anything.

import { enhance } from './people.js';

const RULES_AFTER = 250;
const DRAFT_AFTER = 1500;
const main = () => document.getElementById('main');
const sheet = () => document.querySelector('form[data-rules]');

let rulesTimer;
let draftTimer;
let background = new AbortController();
let asked = 0;
let unsent = false;
let sending = false;
const touched = new Set();

// --- rows of tables ---

document.addEventListener('click', (event) => {
  const add = event.target.closest('[data-add]');
  const drop = event.target.closest('[data-drop-row]');
  const file = event.target.closest('[data-drop-file]');
  if (add) addRow(add.closest('[data-rows]'));
  if (drop) dropRow(drop.closest('tr'));
  if (file) { file.closest('.kept').remove(); changed(sheet()); }
});

function addRow(table) {
  const body = table.querySelector('tbody');
  const name = table.dataset.rows;
  const numbers = [...body.querySelectorAll('[name]')].map((c) => Number(c.name.slice(name.length + 3).split('.')[0]) || 0);
  const next = Math.max(0, ...numbers) + 1;
  const row = table.querySelector('template').content.firstElementChild.cloneNode(true);
  for (const node of row.querySelectorAll('*')) {
    for (const key of ['id', 'name', 'for', 'aria-describedby', 'aria-controls', 'data-name', 'data-computed', 'data-error', 'data-files']) {
      const value = node.getAttribute(key);
      if (value) node.setAttribute(key, value.replace(`${name}.0.`, `${name}.${next}.`).replaceAll(`${name}-0-`, `${name}-${next}-`));
    }
  }
  body.append(row);
  enhance(row);
  row.querySelector('input, textarea, select')?.focus();
}

function dropRow(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  if (next) {
    row.remove();
    next.querySelector('input, textarea, select')?.focus();
  } else {
    row.querySelectorAll('input, textarea, select').forEach((control) => { control.value = ''; });
    row.querySelector('input, textarea, select')?.focus();
  }
  changed(sheet());
}

// A choice that need not be made can be taken back by choosing it again.
document.addEventListener('pointerdown', (event) => remember(event.target));
document.addEventListener('keydown', (event) => { if (event.key === ' ') remember(event.target); });
function remember(target) {
  const radio = target.closest?.('[data-clearable] [type=radio]') ?? target.closest?.('[data-clearable] label')?.querySelector('[type=radio]');
  if (radio) radio.dataset.was = radio.checked;
}
document.addEventListener('click', (event) => {
  const radio = event.target.closest('[data-clearable] [type=radio]');
  if (radio?.dataset.was === 'true') { radio.checked = false; changed(sheet()); }
  if (radio) radio.dataset.was = radio.checked;
});

// --- what the rules say ---

function changed(form) {
  if (!form) return;
  unsent = true;
  if (sending) return; // what is being sent needs no draft any more; if it is not taken, the form lives on
  clearTimeout(rulesTimer);
  rulesTimer = setTimeout(() => ask(form), RULES_AFTER);
  if (form.dataset.draft) {
    clearTimeout(draftTimer);
    draftTimer = setTimeout(() => keep(form), DRAFT_AFTER);
  }
}

function typed(form) {
  const body = new FormData(form);
  for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
  return body;
}

function post(form, url, body, signal) {
  return fetch(url, { method: 'POST', body, signal, headers: { 'X-CSRF-Token': form.elements.csrf.value } });
}

// A draft or a question that arrived after the form itself would ask for a task that is done.
function hush() {
  clearTimeout(rulesTimer);
  clearTimeout(draftTimer);
  background.abort();
  background = new AbortController();
}

async function ask(form) {
  const turn = ++asked;
  let answer;
  try { answer = await post(form, form.dataset.rules, typed(form), background.signal); } catch { return; }
  if (answer.status !== 200 || turn !== asked || !form.isConnected) return;
  // Whoever is no longer signed in is answered by another page; the form says so when it is sent.
  const said = await answer.json().catch(() => null);
  if (!said) return;
  const { shown, computed, must, wrong } = said;
  form.querySelectorAll('[data-field]').forEach((field) => { field.hidden = !shown.includes(field.dataset.field); });
  form.querySelectorAll('[data-computed]').forEach((output) => { output.querySelector('b').textContent = computed[output.dataset.computed] ?? ''; });
  form.querySelectorAll('[data-must]').forEach((mark) => { mark.hidden = !must.includes(mark.dataset.must); });
  form.querySelectorAll('[data-error]').forEach((place) => {
    const path = place.dataset.error;
    if (touched.has(path)) tell(form, path, wrong[path]?.join(' ') ?? '');
  });
}

function tell(form, path, text) {
  const place = form.querySelector(`[data-error="${CSS.escape(path)}"]`);
  if (!place) return;
  place.hidden = !text;
  place.querySelector(':scope > span').textContent = text;
  form.querySelectorAll(`[name="f.${CSS.escape(path)}"]`).forEach((control) => {
    if (text) control.setAttribute('aria-invalid', 'true'); else control.removeAttribute('aria-invalid');
  });
}

async function keep(form) {
  let said;
  try {
    const answer = await post(form, form.dataset.draft, typed(form), background.signal);
    if (!answer.ok || !form.isConnected) return;
    said = await answer.json();
  } catch { return; }
  const { kept, at, gone } = said;
  if (kept) unsent = false;
  if (gone) note(form, gone);
  const place = form.querySelector('[data-draft-said]');
  if (kept && place) place.textContent = form.dataset.kept.replace('{}', at);
}

document.addEventListener('input', (event) => {
  const form = event.target.closest('form[data-rules]');
  if (form) changed(form);
});
document.addEventListener('change', (event) => {
  const form = event.target.closest('form[data-rules]');
  if (!form || !event.target.name?.startsWith('f.')) return;
  touched.add(event.target.name.slice(2));
  changed(form);
  if (event.target.type === 'file') files(form, event.target);
});

// --- files: weighed at once, and where there is a case already, kept at once ---

async function files(form, input) {
  const box = input.closest('[data-files]');
  const path = box.dataset.files;
  const kinds = input.accept.split(',');
  for (const file of [...input.files]) {
    const ending = `.${file.name.split('.').pop().toLowerCase()}`;
    const wrong = file.size > Number(box.dataset.most) ? box.dataset.tooLarge : kinds.includes(ending) ? '' : box.dataset.wrongKind;
    tell(form, path, wrong && `${file.name}: ${wrong}`);
    if (wrong) { input.value = ''; return; }
  }
  const picked = box.querySelector('[data-picked]');
  if (picked && input.files.length) picked.textContent = [...input.files].map((file) => file.name).join(', ');
  if (!form.dataset.files) return;
  for (const file of [...input.files]) {
    box.dataset.state = box.dataset.busy;
    const body = new FormData();
    body.append('file', file);
    let answer;
    try { answer = await post(form, form.dataset.files, body); } catch { tell(form, path, box.dataset.lost); delete box.dataset.state; return; }
    delete box.dataset.state;
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) { tell(form, path, said.wrong ?? box.dataset.lost); input.value = ''; return; }
    show(box, path, said, input.multiple);
  }
  input.value = '';
  changed(form);
}

function show(box, path, said, many) {
  const list = box.querySelector('.keptfiles');
  if (!many) list.replaceChildren();
  const kept = document.createElement('span');
  kept.className = 'kept';
  kept.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-clip"/></svg><span></span><input type="hidden"><input type="hidden"><button class="iconbutton" type="button" data-drop-file><svg class="icon" aria-hidden="true"><use href="#i-bin"/></svg></button>';
  kept.children[1].textContent = said.name;
  kept.children[2].name = `f.${path}.kept`;
  kept.children[2].value = said.file;
  kept.children[3].name = `f.${path}.name`;
  kept.children[3].value = said.name;
  kept.children[4].setAttribute('aria-label', `${box.dataset.drop} ${said.name}`);
  list.append(kept);
}

// --- sending: a lost connection leaves the page as it is; a refused form comes back with its errors ---

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.matches('form[data-rules]')) return;
  event.preventDefault();
  if (sending) return;
  sending = true;
  hush();
  form.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form, event.submitter) });
    if (answer.redirected) {
      unsent = false;
      hush();
      location.assign(answer.url);
      return;
    }
    replace(await answer.text(), form);
  } catch {
    sending = false;
    note(form, form.dataset.lost);
    changed(form);
  } finally {
    sending = false;
    form.removeAttribute('aria-busy');
  }
});

// What is half filled in is kept before another form of the page is sent.
document.addEventListener('submit', async (event) => {
  const [form, mine] = [event.target, sheet()];
  if (form.matches('form[data-rules]') || !mine?.dataset.draft || !unsent) return;
  event.preventDefault();
  hush();
  await keep(mine);
  unsent = false;
  form.requestSubmit(event.submitter ?? undefined);
});

function replace(html, form) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const fresh = page.getElementById('main');
  // No page of ours: somebody in front of the service says that it is not there.
  if (!fresh) throw new Error(page.title);
  if (page.body.className !== document.body.className) {
    // Another kind of page, such as the sign-in: all of it.
    document.body.className = page.body.className;
    document.body.replaceChildren(...page.body.childNodes);
    enhance(document);
    unsent = false;
  } else {
    const chosen = [...form.querySelectorAll('input[type=file]')].filter((input) => input.files.length);
    main().replaceWith(fresh);
    enhance(document);
    chosen.forEach((old) => { const now = document.getElementById(old.id); if (now) now.files = old.files; });
  }
  document.title = page.title;
  const first = document.querySelector('[data-errors]') ?? document.querySelector('[autofocus]') ?? main();
  first.focus();
  first.scrollIntoView({ block: 'nearest' });
}

function note(form, text) {
  form.querySelector('[data-gone]')?.remove();
  const said = document.createElement('p');
  const bar = form.querySelector('.actionbar');
  said.className = `note soon ${bar ? 'inpanel' : 'full'}`;
  said.dataset.gone = '';
  said.setAttribute('role', 'alert');
  said.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-warn"/></svg><span></span>';
  said.lastElementChild.textContent = text;
  (bar ?? form.querySelector('[data-submit]')?.parentElement)?.before(said);
  said.scrollIntoView({ block: 'nearest' });
}

addEventListener('beforeunload', (event) => {
  if (unsent && sheet()) event.preventDefault();
});

// --- the same complained of before? ---

let alikeTimer;
document.addEventListener('input', (event) => {
  const form = event.target.closest('form[data-alike]');
  if (!form || !event.target.matches('input[type=text], input[type=tel], input[type=email], input:not([type])')) return;
  clearTimeout(alikeTimer);
  alikeTimer = setTimeout(async () => {
    const place = form.querySelector('[data-alike-shown]');
    try {
      const said = new FormData();
      for (const input of form.querySelectorAll('input[name=csrf], input[type=text], input[type=tel], input[type=email], input:not([type])')) {
        if (input.name && !input.name.endsWith('.find')) said.append(input.name, input.value);
      }
      const answer = await fetch(form.dataset.alike, { method: 'POST', body: said });
      if (answer.ok && place) place.innerHTML = (await answer.json()).html;
    } catch { /* only a hint */ }
  }, 500);
});

document.querySelector('[data-errors]')?.focus();

// --- what helps to decide comes after the page itself; who else is looking is asked now and then ---

for (const place of document.querySelectorAll('[data-later]')) {
  fetch(place.dataset.later).then(async (answer) => {
    if (answer.ok && !answer.redirected) place.innerHTML = await answer.text();
  }).catch(() => { /* the page is whole without it */ });
}

const seen = document.querySelector('[data-here]');
async function others() {
  if (document.hidden) return;
  try {
    const answer = await fetch(seen.dataset.here);
    if (answer.ok && !answer.redirected) seen.textContent = (await answer.json()).said;
  } catch { /* asked again in a while */ }
}
if (seen) {
  others();
  setInterval(others, 20000);
}
