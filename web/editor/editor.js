// The editor of one diagram of a draft: opens it, saves what the modeler writes, and loses nothing on the way.

import Modeler from 'bpmn-js/lib/Modeler';
import behaviours from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';

import { Findings } from './findings.js';
import { Panel } from './panel.js';
import { Session } from './session.js';
import { Settings } from './settings.js';
import { Stage } from './stage.js';
import { NoConnection } from './talking.js';
import { missing, translating } from './translate.js';
import { speaking } from './words.js';

const studio = document.querySelector('[data-draft]');
const facts = studio.dataset;
const zh = facts.lang.startsWith('zh');
const say = speaking(zh);
const part = (name) => studio.querySelector(`[data-part="${name}"]`);

const modeler = new Modeler({
  container: part('drawing'),
  moddleExtensions: { zeebe },
  additionalModules: [behaviours, { translate: translating(zh).translate }],
  bpmnRenderer: { defaultFillColor: 'var(--drawn-fill)', defaultStrokeColor: 'var(--drawn)', defaultLabelColor: 'var(--drawn)' },
});

const text = async () => (await modeler.saveXML({ format: true })).xml;

const session = new Session({
  studio, say, write: text,
  draw: async (xml) => { await draw(xml); findings.soon(); },
  taken: (renamed) => Object.assign(panel.names, renamed),
});
const { service } = session;

// --- the drawing ---------------------------------------------------------------------------------------

async function draw(xml) {
  try {
    await modeler.importXML(xml);
    fit();
    part('drawing').dataset.ready = 'yes';
    return true;
  } catch (error) {
    session.unreadable(error);
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
const stage = new Stage(modeler);
const findings = new Findings({ stage, service, path: facts.path, draft: facts.draft, say, box: part('findings'), state: part('checked'), text });
let panel;

async function begin() {
  const [xml, choices] = await Promise.all([session.open(), service.get('/choices')]);
  panel = new Panel({
    modeler, settings, box: part('panel'), choices, names: { ...choices.names }, say, zh,
    renamed: (drawn, english) => { session.renamed = { ...session.renamed, [drawn]: english }; panel.names[drawn] = english; session.touched(); },
  });
  if (await draw(xml)) {
    modeler.on('commandStack.changed', () => { session.touched(); findings.soon(); });
    panel.draw();
    const wanted = decodeURIComponent(location.hash.slice(1));
    if (wanted) stage.jump(wanted);
  }
  session.tell(say('saved'));
  await session.offerKept(xml);
  await findings.check();
}

const acts = {
  save: () => session.save(),
  check: () => findings.check(),
  undo: () => modeler.get('commandStack').undo(),
  redo: () => modeler.get('commandStack').redo(),
  // At once, so that the first letter typed is heard; the click ends here, for one outside of it would close it again.
  find: (event) => { event.stopPropagation(); modeler.get('searchPad').toggle(); },
  bigger: () => modeler.get('zoomScroll').stepZoom(1),
  smaller: () => modeler.get('zoomScroll').stepZoom(-1),
  fit,
};

studio.addEventListener('click', (event) => {
  const name = event.target.closest('[data-act]')?.dataset.act;
  if (name && acts[name]) acts[name](event);
});

document.addEventListener('keydown', (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.key === 's') { event.preventDefault(); session.save(); }
  if (event.key === 'f' && !event.target.closest('input, textarea')) { event.preventDefault(); acts.find(event); }
});

// For tests: what nobody translated, and the modeler to draw with.
studio.kesu = { modeler, missing };

begin().catch((error) => { session.note(error instanceof NoConnection ? say('no_connection') : error.message); });
