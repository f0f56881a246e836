// Comfort on top of pages that work without it. Listeners sit on the document, so a form that is replaced keeps them.

import './form.js';
import './list.js';
import './people.js';
import './sending.js';

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
    const send = document.querySelector('[data-submit]');
    if (send) { event.preventDefault(); send.click(); }
    return;
  }
  if (event.key === 'Escape') document.querySelectorAll('details.menu[open]').forEach((menu) => { menu.open = false; menu.querySelector('summary').focus(); });
  const typing = event.target.closest('input, textarea, select, [contenteditable]');
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') {
    event.preventDefault();
    document.querySelector('.topbar [type=search]')?.focus();
    return;
  }
  document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});

// A menu closes when something else is clicked.
document.addEventListener('click', (event) => {
  document.querySelectorAll('details.menu[open]').forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  if (event.target.closest('[data-print]')) print();
});

// What takes long says so while it is done, and is not asked for twice.
document.addEventListener('submit', ({ target }) => {
  if (!target.dataset.busy) return;
  const said = document.createElement('p');
  said.className = 'note';
  said.setAttribute('role', 'status');
  const words = document.createElement('span');
  words.append(document.createElement('progress'), ` ${target.dataset.busy}`);
  said.append(words);
  target.prepend(said);
  setTimeout(() => target.querySelectorAll('button').forEach((button) => { button.disabled = true; }));
});
addEventListener('pageshow', ({ persisted }) => { if (persisted) document.querySelectorAll('form[data-busy] button').forEach((button) => { button.disabled = false; }); });

// --- a file that was chosen is named beside the button ---

document.addEventListener('change', (event) => {
  const picked = event.target.matches('.pick > input[type=file]') && event.target.parentElement.querySelector('[data-picked]');
  if (!picked || !event.target.files.length) return;
  picked.textContent = event.target.webkitdirectory ? event.target.files[0].webkitRelativePath.split('/')[0] : [...event.target.files].map((file) => file.name).join(', ');
});
