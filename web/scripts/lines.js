// A text with its line numbers: they follow what is typed, a finding leads to its line, and unsaved text stays in the browser.

const form = document.querySelector('.texted');
const area = form.querySelector('textarea');
const numbers = form.querySelector('.numbers');
const key = `kesu:${form.dataset.keep}`;
const first = area.value;

function count() {
  const lines = area.value.split('\n').length;
  while (numbers.children.length < lines) numbers.append(document.createElement('li'));
  while (numbers.children.length > lines) numbers.lastElementChild.remove();
  area.rows = Math.min(lines + 1, 400);
}

function go(line) {
  const at = area.value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(at, area.value.indexOf('\n', at) < 0 ? area.value.length : area.value.indexOf('\n', at));
  numbers.children[line - 1]?.scrollIntoView({ block: 'center' });
}

function keep() {
  try { localStorage.setItem(key, area.value); } catch { /* no room: the window still asks before it closes */ }
}

area.addEventListener('input', () => { count(); keep(); });

// What was typed and not saved is offered again, until it is saved or thrown away.
function drop() { try { localStorage.removeItem(key); } catch { /* nothing was kept then */ } }

function offer() {
  const offered = document.querySelector('[data-kept]');
  let kept = null;
  try { kept = localStorage.getItem(key); } catch { /* nothing was kept then */ }
  if (form.dataset.unsaved) { keep(); return; } // what is shown is it
  if (kept === null || kept === first || form.dataset.saved) { drop(); return; }
  offered.hidden = false;
  offered.querySelector('[data-take]').addEventListener('click', () => { area.value = kept; offered.hidden = true; count(); area.focus(); });
  offered.querySelector('[data-throw]').addEventListener('click', () => { drop(); offered.hidden = true; });
}

offer();

let sending = false;
form.addEventListener('submit', () => { sending = true; });
addEventListener('beforeunload', (event) => { if ((form.dataset.unsaved || area.value !== first) && !sending) event.preventDefault(); });

document.addEventListener('click', (event) => {
  const line = event.target.closest('[data-line]')?.dataset.line;
  if (line) { event.preventDefault(); go(Number(line)); }
});
