// Picking colleagues: type a piece of a name, choose from the list (ARIA combobox with a list box), chips for who was chosen.
// Without script the same markup works: chips are check boxes, and a button looks for what was typed.

const ASK_AFTER = 180;
let asked = 0;
let timer;

export function enhance(root) {
  for (const box of root.querySelectorAll('[data-people]')) {
    if (box.closest('template') || box.classList.contains('picking')) continue;
    box.classList.add('picking');
    box.querySelector('[data-find]').hidden = true;
    box.querySelector('.found')?.remove();
    const input = box.querySelector('[role=combobox]');
    input.setAttribute('role', 'combobox');
    settle(box);
  }
}

const input = (box) => box.querySelector('[role=combobox]');
const list = (box) => box.querySelector('[role=listbox]');
const options = (box) => [...list(box).children];
const many = (box) => box.hasAttribute('data-many');
const chosen = (box) => [...box.querySelectorAll('.chip input')].map((one) => one.value);

// What was typed and not chosen is sent along, so that the server can refuse it; while somebody types it is nothing yet.
function settle(box) {
  const field = input(box);
  const text = field.value.trim();
  if (text) field.name = `${box.dataset.name}.find`; else field.removeAttribute('name');
  box.querySelector('[data-unpicked]').hidden = !text;
  if (!many(box)) box.querySelector('.asking').hidden = chosen(box).length > 0;
}

function say(box, text) { box.querySelector('[role=status]').textContent = text; }

function close(box) {
  list(box).hidden = true;
  input(box).setAttribute('aria-expanded', 'false');
  input(box).removeAttribute('aria-activedescendant');
}

async function ask(box) {
  const turn = ++asked;
  const field = input(box);
  const url = new URL(box.dataset.people, location.href);
  url.searchParams.set('q', field.value.trim());
  let answer;
  try { answer = await (await fetch(url, { headers: { Accept: 'application/json' } })).json(); } catch { say(box, box.dataset.lost); return; }
  if (turn !== asked || document.activeElement !== field) return;
  const taken = new Set(chosen(box));
  list(box).replaceChildren(...answer.people.filter((one) => !taken.has(one.name)).map((one, place) => {
    const row = document.createElement('li');
    row.id = `${field.id}-o${place}`;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-selected', 'false');
    row.dataset.pick = one.name;
    row.dataset.called = one.called;
    const small = document.createElement('small');
    small.textContent = one.name;
    row.append(one.called, ' ', small);
    return row;
  }));
  say(box, answer.said);
  const some = options(box).length > 0;
  list(box).hidden = !some;
  field.setAttribute('aria-expanded', String(some));
  field.removeAttribute('aria-activedescendant');
  box.querySelector('.listnote').textContent = answer.said;
  if (some) box.querySelector('.listbox').scrollIntoView({ block: 'nearest' });
}

function move(box, step) {
  const rows = options(box);
  if (!rows.length || list(box).hidden) { ask(box); return; }
  const at = rows.findIndex((row) => row.getAttribute('aria-selected') === 'true');
  const next = rows[(at + step + rows.length) % rows.length] ?? rows[0];
  rows.forEach((row) => row.setAttribute('aria-selected', String(row === next)));
  input(box).setAttribute('aria-activedescendant', next.id);
  next.scrollIntoView({ block: 'nearest' });
}

function pick(box, row) {
  if (!many(box)) box.querySelector('.chips').replaceChildren();
  const chip = box.querySelector('template').content.firstElementChild.cloneNode(true);
  chip.querySelector('input').value = row.dataset.pick;
  chip.querySelector('input').name = box.dataset.name;
  chip.querySelector('[data-called]').textContent = row.dataset.called;
  chip.querySelector('small').textContent = row.dataset.pick;
  chip.querySelector('button').setAttribute('aria-label', `${box.dataset.remove} ${row.dataset.called}`);
  box.querySelector('.chips').append(chip);
  input(box).value = '';
  close(box);
  settle(box);
  say(box, `${box.dataset.pickedSaid} ${row.dataset.called}`);
  changed(box);
  if (many(box)) input(box).focus(); else chip.querySelector('button').focus();
}

function drop(box, chip) {
  const name = chip.querySelector('[data-called]').textContent;
  const next = chip.nextElementSibling ?? chip.previousElementSibling;
  chip.remove();
  settle(box);
  say(box, `${box.dataset.removedSaid} ${name}`);
  changed(box);
  (many(box) && next ? next.querySelector('button') : input(box)).focus();
}

// The form asks its rules and keeps its draft when something changes.
function changed(box) { box.querySelector('.chips').dispatchEvent(new Event('input', { bubbles: true })); }

const boxOf = (event) => (event.target.matches?.('[data-people].picking [role=combobox]') ? event.target.closest('[data-people]') : null);

document.addEventListener('input', (event) => {
  const box = boxOf(event);
  if (!box) return;
  event.target.removeAttribute('name');
  box.querySelector('[data-unpicked]').hidden = true;
  clearTimeout(timer);
  timer = setTimeout(() => ask(box), ASK_AFTER);
}, true);

document.addEventListener('focusin', (event) => { const box = boxOf(event); if (box) ask(box); });
document.addEventListener('focusout', (event) => {
  const box = boxOf(event);
  if (!box) return;
  const typed = event.target.value.trim().toLowerCase();
  const exact = options(box).filter((row) => typed && [row.dataset.called, row.dataset.pick].some((one) => one.toLowerCase() === typed));
  asked += 1;
  close(box);
  if (exact.length === 1) pick(box, exact[0]); else settle(box);
});

document.addEventListener('keydown', (event) => {
  const box = boxOf(event);
  if (!box || event.isComposing) return;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    move(box, event.key === 'ArrowDown' ? 1 : -1);
  } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const rows = options(box);
    const row = rows.find((one) => one.getAttribute('aria-selected') === 'true') ?? (rows.length === 1 ? rows[0] : null);
    if (row && !list(box).hidden) pick(box, row);
  } else if (event.key === 'Escape' && !list(box).hidden) {
    event.stopPropagation();
    close(box);
  } else if (event.key === 'Backspace' && !event.target.value && many(box)) {
    const last = box.querySelector('.chip:last-child');
    if (last) drop(box, last);
  }
}, true);

// A press on the list must not take the focus from what is typed.
document.addEventListener('pointerdown', (event) => { if (event.target.closest('.picking [role=listbox]')) event.preventDefault(); });
document.addEventListener('mousedown', (event) => { if (event.target.closest('.picking [role=listbox]')) event.preventDefault(); });
document.addEventListener('click', (event) => {
  const row = event.target.closest('.picking [data-pick]');
  const button = event.target.closest('.picking [data-unpick]');
  if (row) pick(row.closest('[data-people]'), row);
  if (button) drop(button.closest('[data-people]'), button.closest('.chip'));
});

enhance(document);
