// The worklist by keys, and the task beside it.

const rows = () => [...document.querySelectorAll('tr[data-line]')];
const place = () => document.querySelector('[data-peek]');
let shown = 0;

document.addEventListener('keydown', (event) => {
  if (event.target.closest('input, textarea, select') || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { j: 1, k: -1 }[event.key];
  if (step && rows().length) {
    const at = rows().findIndex((row) => row.contains(document.activeElement));
    const next = rows()[Math.min(Math.max(at + step, 0), rows().length - 1)];
    next.querySelector('a').focus();
    next.scrollIntoView({ block: 'nearest' });
  }
  if (event.key === 'x') document.activeElement.closest('tr[data-line]')?.querySelector('.check')?.click();
});

document.addEventListener('focusin', (event) => {
  const row = event.target.closest?.('tr[data-peeked]');
  if (row) peek(row);
});
document.addEventListener('click', (event) => {
  const row = event.target.closest?.('tr[data-peeked]');
  if (row && !event.target.closest('a, input, button')) peek(row);
});

async function peek(row) {
  const aside = place();
  if (!aside || row.classList.contains('here') || getComputedStyle(aside).display === 'none') return;
  rows().forEach((other) => other.classList.toggle('here', other === row));
  const turn = ++shown;
  try {
    const answer = await fetch(row.dataset.peeked);
    if (answer.ok && !answer.redirected && turn === shown) aside.innerHTML = await answer.text();
  } catch { /* the list itself is still there */ }
}

// --- several at once ---

document.addEventListener('change', (event) => {
  if (event.target.matches('[data-all]')) document.querySelectorAll('tr[data-line] .check').forEach((box) => { box.checked = event.target.checked; });
  if (event.target.matches('.check')) count();
});

function count() {
  const bar = document.querySelector('[data-bulk]');
  if (!bar) return;
  const boxes = [...document.querySelectorAll('tr[data-line] .check')];
  const chosen = boxes.filter((box) => box.checked);
  boxes.forEach((box) => box.closest('tr').setAttribute('aria-selected', String(box.checked)));
  bar.hidden = !chosen.length;
  bar.querySelector('[data-count]').textContent = chosen.length;
}
count();

// --- what came in meanwhile: said in a bar; the rows under the reader's hand stay where they are ---

const PATIENCE = 30000;
const bar = document.querySelector('[data-news]');
let mark = bar?.dataset.mark;

async function ask() {
  if (!bar || document.hidden) return;
  try {
    const answer = await fetch(bar.dataset.news, { headers: { 'If-None-Match': `"${mark}"` } });
    if (answer.status !== 200 || answer.redirected) return;
    mark = answer.headers.get('ETag')?.replace(/^W\/|"/g, '') ?? mark;
    tell((await answer.json()).tasks);
  } catch { /* asked again in a while */ }
}

function tell(now) {
  const [came, gone, comma] = bar.dataset.words.split('|');
  const shown = [...document.querySelectorAll('tr[data-line] .check')].map((box) => box.value);
  const fresh = now.filter((task) => !shown.includes(task)).length;
  const lost = shown.filter((task) => !now.includes(task)).length;
  bar.hidden = !fresh && !lost;
  bar.querySelector('[data-said]').textContent = [fresh && came.replace('{}', fresh), lost && gone.replace('{}', lost)].filter(Boolean).join(comma);
}
if (bar) {
  setInterval(ask, PATIENCE);
  document.addEventListener('visibilitychange', ask);
}
