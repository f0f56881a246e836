// Somebody else saved the same file meanwhile: both stay, and whoever comes second sees what differs before choosing.

import { h } from './parts.js';

export function choose({ say, theirs, file, link }) {
  return new Promise((resolve) => {
    // Of a diagram elements are told, of a table its rows.
    const lines = file.lines.filter((line) => !['same', 'gap'].includes(line.kind)).map((line) => h('li', {}, h('b', {}, say(line.kind)), ' ',
      line.left !== null && h('del', {}, line.left), line.left !== null && line.right !== null && ' → ', line.right !== null && h('ins', {}, line.right)));
    const answer = (word) => { dialog.close(); dialog.remove(); resolve(word); };
    const rows = file.changes.map((change) => h('li', {}, h('b', {}, say(change.kind)), ' ', change.name || change.element, ' ', h('span', { class: 'hash' }, change.element),
      change.details.map((one) => h('div', { class: 'soft' }, `${one.what}: ${one.before || '–'} → ${one.after || '–'}`))));
    rows.push(...lines);
    const dialog = h('dialog', { 'aria-labelledby': 'rivals-h', oncancel: () => answer('stay') },
      h('header', {}, h('h2', { id: 'rivals-h' }, say('moved_on', { who: theirs.name, at: new Date(theirs.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) }))),
      h('div', { class: 'body stack' }, h('p', {}, say('moved_more')),
      rows.length ? h('ul', { class: 'differs' }, rows) : h('p', { class: 'soft' }, say('same'))),
      h('footer', { class: 'wrapping' },
        h('button', { type: 'button', class: 'button main', onclick: () => answer('over') }, say('save_over')),
        h('button', { type: 'button', class: 'button', onclick: () => answer('theirs') }, say('load_theirs')),
        h('a', { class: 'button', href: link, target: '_blank', rel: 'noopener' }, say('look_theirs')),
        h('button', { type: 'button', class: 'button quiet', onclick: () => answer('stay') }, say('go_on'))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
