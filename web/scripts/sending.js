// What is sent is not sent into the void: where the service cannot be reached the page stays as it is, says so, and offers to try again.
// Forms that send themselves (form.js) see to it on their own.

const PATIENCE = 15000;
const ready = new WeakSet();
let asking = false;

// Nobody there, or only somebody in front of the service who says that it is not there.
async function reached() {
  try {
    const answer = await fetch('/static/styles/seal.svg', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
    return answer.status < 502;
  } catch {
    return false;
  }
}

function tell(form, submitter) {
  hush();
  const said = document.createElement('p');
  said.className = 'toast';
  said.dataset.toast = '';
  said.setAttribute('role', 'alert');
  const again = document.createElement('button');
  again.type = 'button';
  again.textContent = document.body.dataset.again;
  again.addEventListener('click', () => {
    hush();
    if (form.isConnected) form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  });
  said.append(document.body.dataset.lost, again);
  document.body.append(said);
}

function hush() { document.querySelector('[data-toast]')?.remove(); }

// Asked on the window and on the way down, before anybody else hears that the form is sent.
addEventListener('submit', async (event) => {
  const { target: form, submitter } = event;
  if (form.getAttribute('method') !== 'post' || form.matches('[data-rules]') || ready.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (asking) return;
  asking = true;
  const there = await reached();
  asking = false;
  if (!there) { tell(form, submitter); return; }
  hush();
  ready.add(form);
  form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  ready.delete(form);
}, true);
