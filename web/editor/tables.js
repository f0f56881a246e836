// The editor of the decision tables in one file of a draft: opens it, saves what the stock modeler writes, and loses nothing on the way.

import Modeler from 'dmn-js/lib/Modeler';
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';

import { Findings } from './findings.js';
import { h } from './parts.js';
import { Rows } from './rows.js';
import { Session } from './session.js';
import { TABLE_WORDS } from './table_words.js';
import { NoConnection } from './talking.js';
import { missing, translating } from './translate_tables.js';
import { speaking } from './words.js';

const studio = document.querySelector('[data-draft]');
const facts = studio.dataset;
const zh = facts.lang.startsWith('zh');
const say = speaking(zh, TABLE_WORDS);
const part = (name) => studio.querySelector(`[data-part="${name}"]`);
const words = { additionalModules: [{ translate: translating(zh).translate }] };

const modeler = new Modeler({ container: part('drawing'), drd: words, decisionTable: words, literalExpression: words, boxedExpression: words });
const text = async () => (await modeler.saveXML({ format: true })).xml;

const session = new Session({ studio, say, write: text, draw: async (xml) => { await draw(xml); findings.soon(); } });
const stage = new Rows(modeler, part('drawing'));
const findings = new Findings({ stage, service: session.service, path: facts.path, draft: facts.draft, say, box: part('findings'), state: part('checked'), text });

async function draw(xml) {
  try {
    const { warnings } = await modeler.importXML(xml);
    if (warnings.length) console.warn(warnings);
    part('drawing').dataset.ready = 'yes';
    return true;
  } catch (error) {
    session.unreadable(error);
    return false;
  }
}

// A tab for the overview where there is one, and for each decision.
function tabs() {
  const active = modeler.getActiveView();
  const views = modeler.getViews().filter((view) => view.type !== 'drd' || view.element.dmnDI);
  part('tabs').replaceChildren(...views.map((view) => h('button', {
    type: 'button', class: 'button small', 'aria-pressed': String(view.element === active?.element), onclick: () => modeler.open(view),
  }, view.type === 'drd' ? say('overview') : view.element.name || view.element.id)));
}

// Each kind of view has a history of its own; one is listened to once.
const heard = new WeakSet();

function listen() {
  const viewer = modeler.getActiveViewer(), bus = viewer?.get('eventBus', false);
  if (!bus || heard.has(bus)) return;
  heard.add(bus);
  // Opening a view empties its history, which changes nothing.
  bus.on('commandStack.changed', ({ trigger }) => { if (trigger !== 'clear') changed(); });
}

let opening = true;

function changed() {
  if (opening) return;
  session.touched();
  findings.soon();
}

async function begin() {
  const xml = await session.open();
  modeler.on('views.changed', () => { tabs(); listen(); stage.again(); });
  const drawn = await draw(xml);
  // Of a single decision nobody wants to see what it is related to first.
  const decisions = modeler.getViews().filter((view) => view.type !== 'drd');
  if (drawn && decisions.length === 1) await modeler.open(decisions[0]);
  opening = false;
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (drawn && wanted) await stage.jump(wanted);
  session.tell(say('saved'));
  await session.offerKept(xml);
  await findings.check();
}

const history = (act) => modeler.getActiveViewer()?.get('commandStack', false)?.[act]();
const acts = { save: () => session.save(), check: () => findings.check(), undo: () => history('undo'), redo: () => history('redo') };

studio.addEventListener('click', (event) => {
  const name = event.target.closest('[data-act]')?.dataset.act;
  if (name && acts[name]) acts[name]();
});

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key === 's') { event.preventDefault(); session.save(); }
});

// For tests: what nobody translated, and the modeler to work with.
studio.kesu = { modeler, missing };

begin().catch((error) => { session.note(error instanceof NoConnection ? say('no_connection') : error.message); });
