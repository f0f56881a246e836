// Comfort on top of pages that work without it: keys, rows of tables, fields that depend on others.

const form = document.querySelector('form[data-rules]');

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter' && form) {
    event.preventDefault();
    form.querySelector('.actionbar .button.main')?.click();
    return;
  }
  const typing = event.target.closest('input, textarea, select, [contenteditable]');
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') {
    event.preventDefault();
    document.querySelector('.topbar [type=search]')?.focus();
    return;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (target) target.click();
});

// Rows of a table: a new one is a copy of the last with the next number and nothing in it.
document.addEventListener('click', (event) => {
  const add = event.target.closest('[data-add]');
  const remove = event.target.closest('[data-remove]');
  if (add) addRow(add.closest('[data-rows]'));
  if (remove) {
    const row = remove.closest('tr');
    if (row.parentElement.rows.length > 1) row.remove();
    else row.querySelectorAll('input, textarea, select').forEach((control) => { control.value = ''; });
    ask();
  }
});

function addRow(table) {
  const body = table.querySelector('tbody');
  const last = body.rows[body.rows.length - 1];
  const row = last.cloneNode(true);
  const prefix = table.dataset.rows;
  const numbers = [...body.querySelectorAll('[name]')].map((c) => Number(c.name.slice(prefix.length + 1).split('.')[0]) || 0);
  const next = Math.max(...numbers) + 1;
  row.querySelectorAll('[id], [name], [for], [aria-labelledby]').forEach((node) => {
    for (const key of ['id', 'name', 'for', 'aria-labelledby']) {
      const value = node.getAttribute(key);
      if (value?.startsWith(prefix + '.')) {
        const rest = value.slice(prefix.length + 1).split('.');
        rest[0] = next;
        node.setAttribute(key, `${prefix}.${rest.join('.')}`);
      }
    }
  });
  row.querySelectorAll('.error').forEach((node) => node.remove());
  row.querySelectorAll('input:not([type=radio]):not([type=checkbox]), textarea, select').forEach((c) => { c.value = ''; });
  row.querySelectorAll('[type=radio], [type=checkbox]').forEach((c) => { c.checked = false; });
  body.append(row);
  row.querySelector('input, textarea, select')?.focus();
}

// Which fields are shown and what is computed: the server's rules, asked while typing.
let waiting;
let asked = 0;

function ask() {
  if (!form) return;
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const turn = ++asked;
    const body = new FormData(form);
    for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
    const answer = await fetch(form.dataset.rules, { method: 'POST', body, headers: { 'X-CSRF-Token': body.get('csrf') ?? '' } });
    if (!answer.ok || turn !== asked) return;
    const { shown, computed } = await answer.json();
    form.querySelectorAll('[data-field]').forEach((field) => {
      field.hidden = !shown.includes(field.dataset.field);
    });
    form.querySelectorAll('[data-computed]').forEach((output) => {
      output.querySelector('b').textContent = computed[output.dataset.computed] ?? '';
    });
  }, 250);
}

form?.addEventListener('input', ask);
form?.addEventListener('change', ask);
document.querySelector('.errors')?.focus();

// The auditor's slider goes to the page of the event.
document.querySelector('[data-scrub] [type=range]')?.addEventListener('change', (event) => {
  location.href = event.target.closest('[data-scrub]').dataset.scrub + event.target.value;
});

setTimeout(() => document.querySelector('.toast')?.remove(), 4000);
