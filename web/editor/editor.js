// The editor of one diagram of a draft: opens it, saves what the modeler writes, and loses nothing on the way.

import Modeler from 'bpmn-js/lib/Modeler';
import behaviours from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';

import { Findings } from './findings.js';
import { Keeping } from './keeping.js';
import { Panel } from './panel.js';
import { h } from './parts.js';
import { choose } from './rivals.js';
import { Settings } from './settings.js';
import { NoConnection, Refused, Service } from './talking.js';
import { missing, translating } from './translate.js';
import { speaking } from './words.js';

const studio = document.querySelector('[data-draft]');
const facts = studio.dataset;
const zh = facts.lang.startsWith('zh');
const say = speaking(zh);
const part = (name) => studio.querySelector(`[data-part="${name}"]`);
const service = new Service(facts.draft, facts.csrf, facts.lang);
const keeping = new Keeping(facts.draft, facts.path);

const modeler = new Modeler({
  container: part('drawing'),
  moddleExtensions: { zeebe },
  additionalModules: [behaviours, { translate: translating(zh).translate }],
  bpmnRenderer: { defaultFillColor: 'var(--drawn-fill)', defaultStrokeColor: 'var(--drawn)', defaultLabelColor: 'var(--drawn)' },
});

// Which save this drawing began from; what was renamed in English and not saved yet; whether something is unsaved.
let version = 0;
let renamed = {};
let dirty = false;
let saving = null;
let again = null;

const text = async () => (await modeler.saveXML({ format: true })).xml;

function tell(...said) { part('state').replaceChildren(...said); }

function note(...said) { part('note').replaceChildren(...said); part('note').hidden = !said.length; }

function now() { return new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }); }

// --- unsaved work --------------------------------------------------------------------------------------

let keepSoon = null;

function touched() {
  dirty = true;
  tell(say('unsaved'));
  clearTimeout(keepSoon);
  keepSoon = setTimeout(keep, 500);
}

async function keep() {
  if (dirty) keeping.put({ xml: await text(), version, renamed, at: new Date().toISOString() });
}

addEventListener('beforeunload', (event) => { if (dirty) event.preventDefault(); });
addEventListener('pagehide', () => { keep(); });

async function offerKept(saved) {
  const work = keeping.get();
  if (!work || (work.xml === saved && !Object.keys(work.renamed ?? {}).length)) { keeping.drop(); return; }
  note(h('span', {}, say('kept', new Date(work.at).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' })), work.version < version ? ` ${say('kept_older')}` : ''),
    h('button', { type: 'button', class: 'button small', onclick: () => takeUp(work) }, say('take_up')),
    h('button', { type: 'button', class: 'button small quiet', onclick: () => { keeping.drop(); note(); } }, say('throw_away')));
}

async function takeUp(work) {
  note();
  version = work.version;
  renamed = work.renamed ?? {};
  Object.assign(panel.names, renamed);
  await draw(work.xml);
  touched();
  findings.soon();
}

// --- saving --------------------------------------------------------------------------------------------

function save() {
  document.activeElement?.blur?.();
  saving ??= _save().finally(() => { saving = null; });
  return saving;
}

async function _save() {
  clearTimeout(again);
  const xml = await text(), names = renamed, mark = modeler.get('commandStack')._stackIdx;
  tell(say('saving'));
  try {
    const done = await service.send('PUT', '/files', { files: { [facts.path]: xml }, names }, { 'If-Match': `"${version}"` });
    version = done.version;
    renamed = renamed === names ? {} : renamed;
    // What was drawn while it was on its way is not saved yet.
    dirty = modeler.get('commandStack')._stackIdx !== mark || Object.keys(renamed).length > 0;
    if (dirty) await keep(); else keeping.drop();
    note();
    tell(dirty ? say('unsaved') : say('saved_at', now()));
  } catch (error) {
    await keep();
    await failed(error, xml);
  }
}

async function failed(error, xml) {
  tell(say('unsaved'));
  if (error instanceof NoConnection) {
    note(say('no_connection'));
    again = setTimeout(save, 15000);
  } else if (error.status === 401) {
    note(say('signed_out'), ' ', h('a', { class: 'button small', href: '/signin', target: '_blank', rel: 'noopener' }, say('sign_in')));
  } else if (error.code === 'draft-moved-on') {
    await rival(error.problem.theirs[0], xml);
  } else {
    note(say('not_saved'), error instanceof Refused ? error.message : String(error));
  }
}

addEventListener('online', () => { if (again) save(); });

async function rival(theirs, xml) {
  const { file } = await service.send('POST', '/compare', { path: facts.path, text: xml });
  const link = `/packs/drafts/${facts.draft}/file?path=${encodeURIComponent(facts.path)}`;
  const answer = await choose({ say, theirs, file, link });
  if (answer === 'over') {
    version = theirs.version;
    await _save();
  } else if (answer === 'theirs') {
    version = theirs.version;
    dirty = false;
    await draw(theirs.text);
    tell(say('saved'));
    await offerKept(theirs.text);
    findings.soon();
  }
}

// --- the drawing ---------------------------------------------------------------------------------------

async function draw(xml) {
  try {
    await modeler.importXML(xml);
    fit();
    part('drawing').dataset.ready = 'yes';
    return true;
  } catch (error) {
    const link = `/packs/drafts/${facts.draft}/file?path=${encodeURIComponent(facts.path)}&as=text`;
    note(say('unreadable'), error.message.split('\n')[0], ' ', h('a', { class: 'button small', href: link }, say('as_text')));
    return false;
  }
}

// The whole drawing beside the palette, never larger than drawn.
function fit() {
  const canvas = modeler.get('canvas'), { inner, outer } = canvas.viewbox();
  const edge = 24, left = outer.width < 720 ? edge : 132;
  const scale = Math.min(1, (outer.width - left - edge) / inner.width, (outer.height - 2 * edge) / inner.height);
  if (!(scale > 0.05) || !Number.isFinite(scale)) { canvas.zoom('fit-viewport', 'auto'); return; }
  canvas.viewbox({ x: inner.x - left / scale, y: inner.y - edge / scale, width: outer.width / scale, height: outer.height / scale });
}

const settings = new Settings(modeler);
const findings = new Findings({ modeler, service, path: facts.path, draft: facts.draft, say, box: part('findings'), state: part('checked'), text });
let panel;

async function begin() {
  const [file, choices] = await Promise.all([service.get(`/file?path=${encodeURIComponent(facts.path)}`), service.get('/choices')]);
  version = file.version;
  panel = new Panel({
    modeler, settings, box: part('panel'), choices, names: { ...choices.names }, say, zh,
    renamed: (drawn, english) => { renamed = { ...renamed, [drawn]: english }; panel.names[drawn] = english; touched(); },
  });
  if (await draw(file.text)) {
    modeler.on('commandStack.changed', () => { touched(); findings.soon(); });
    panel.draw();
    const wanted = decodeURIComponent(location.hash.slice(1));
    if (wanted) findings.jump(wanted);
  }
  tell(say('saved'));
  await offerKept(file.text);
  await findings.check();
}

const acts = {
  save,
  check: () => findings.check(),
  undo: () => modeler.get('commandStack').undo(),
  redo: () => modeler.get('commandStack').redo(),
  // After this click is over: one outside of it would close it again.
  find: () => setTimeout(() => modeler.get('searchPad').toggle()),
  bigger: () => modeler.get('zoomScroll').stepZoom(1),
  smaller: () => modeler.get('zoomScroll').stepZoom(-1),
  fit,
};

studio.addEventListener('click', (event) => {
  const name = event.target.closest('[data-act]')?.dataset.act;
  if (name && acts[name]) acts[name]();
});

document.addEventListener('keydown', (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.key === 's') { event.preventDefault(); save(); }
  if (event.key === 'f' && !event.target.closest('input, textarea')) { event.preventDefault(); acts.find(); }
});

// For tests: what nobody translated, and the modeler to draw with.
studio.kesu = { modeler, missing };

begin().catch((error) => { note(error instanceof NoConnection ? say('no_connection') : error.message); });
