// The designer of a form: what was entered and not saved stays in the browser, and another type shows what it can be set to.

const form = document.querySelector('[data-designer]');
const key = `kesu:${form.dataset.designer}`;

function entered() {
  return [...new FormData(form)].filter(([name]) => name !== 'csrf' && name !== 'act');
}

const first = JSON.stringify(entered());
let sending = false;

function drop() { try { localStorage.removeItem(key); } catch { /* nothing was kept then */ } }

function keep() {
  try { localStorage.setItem(key, JSON.stringify(entered())); } catch { /* no room: the window still asks before it closes */ }
}

// Taken up again it is sent as it would have been, to be shown and not to be saved.
function take(kept) {
  const again = document.createElement('form');
  again.method = 'post';
  again.action = form.action;
  for (const [name, value] of [...kept, ['csrf', form.elements.csrf.value], ['act', 'show']]) {
    const input = document.createElement('textarea');
    input.name = name;
    input.value = value;
    again.append(input);
  }
  again.hidden = true;
  document.body.append(again);
  sending = true;
  again.submit();
}

function offer() {
  let kept = null;
  try { kept = localStorage.getItem(key); } catch { /* nothing was kept then */ }
  if (kept === null || kept === first || form.dataset.saved) { drop(); return; }
  if (form.dataset.unsaved) return; // what is shown is it
  const offered = document.querySelector('[data-kept]');
  offered.hidden = false;
  offered.querySelector('[data-take]').addEventListener('click', () => take(JSON.parse(kept)));
  offered.querySelector('[data-throw]').addEventListener('click', () => { drop(); offered.hidden = true; });
}

offer();
if (form.dataset.unsaved) keep();
form.addEventListener('input', keep);
form.addEventListener('submit', ({ submitter }) => { sending = !submitter?.formTarget && !('stay' in (submitter?.dataset ?? {})); });
form.addEventListener('change', (event) => {
  if (event.target.name.endsWith('-type')) form.querySelector('[data-preview]').click();
});
addEventListener('beforeunload', (event) => {
  if (!sending && (form.dataset.unsaved || JSON.stringify(entered()) !== first)) event.preventDefault();
});
