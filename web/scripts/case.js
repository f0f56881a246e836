// Comfort on the pages of a case: diagrams begin where the case stands and can be zoomed; the slider goes at once.

for (const panel of document.querySelectorAll('section.panel:has(.diagram)')) {
  const pan = panel.querySelector('.pan');
  const drawing = pan.querySelector('svg.bpmn');
  const width = Number(drawing.getAttribute('width'));
  const height = Number(drawing.getAttribute('height'));
  let scale = 1;

  const resize = (next) => {
    const middle = [(pan.scrollLeft + pan.clientWidth / 2) / scale, (pan.scrollTop + pan.clientHeight / 2) / scale];
    scale = Math.min(2, Math.max(0.25, next));
    drawing.setAttribute('width', width * scale);
    drawing.setAttribute('height', height * scale);
    pan.scrollTo(middle[0] * scale - pan.clientWidth / 2, middle[1] * scale - pan.clientHeight / 2);
  };
  const whole = () => Math.min(1, (pan.clientWidth - 16) / width, 1);
  const show = () => {
    const token = drawing.querySelector('.now, .fired[data-element]') ?? drawing.querySelector('.done:last-of-type');
    if (!token) return;
    const box = token.getBBox();
    const frame = drawing.viewBox.baseVal;
    pan.scrollTo((box.x + box.width / 2 - frame.x) * scale - pan.clientWidth / 2, (box.y + box.height / 2 - frame.y) * scale - pan.clientHeight / 2);
  };

  // On a wide screen a diagram a little too wide is made a little smaller; on a phone it stays readable and is moved.
  if (whole() > 0.72) resize(whole());
  show();
  panel.closest('details')?.addEventListener('toggle', () => { if (whole() > 0.72) resize(whole()); show(); }, { once: true });
  panel.querySelector('.zoomers')?.removeAttribute('hidden');
  panel.querySelectorAll('[data-zoom]').forEach((button) => button.addEventListener('click', () => {
    const how = button.dataset.zoom;
    if (how === 'whole') resize(whole());
    else resize(scale * (how === 'in' ? 1.25 : 0.8));
  }));
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

const slider = document.querySelector('.slider input[type=range]');
if (slider) {
  slider.form.querySelector('[data-go]').hidden = true;
  slider.addEventListener('change', () => slider.form.requestSubmit());
  // Only the list moves, never the page: on a telephone the list is at its end.
  const here = document.querySelector('.events .here'), list = here?.closest('.events');
  if (list) list.scrollTop += Math.max(0, here.getBoundingClientRect().bottom - list.getBoundingClientRect().bottom);
  document.addEventListener('keydown', (event) => {
    if (event.target.closest('input, textarea, select, .pan, [contenteditable]') || event.ctrlKey || event.metaKey || event.altKey) return;
    document.querySelector(`[data-step="${CSS.escape(event.key)}"]`)?.click();
  });
}

// --- play: one step after the other, until somebody stops it or the history ends ---

const play = document.querySelector('[data-play]');
if (play) {
  const PACE = 1500;
  const [go, stop] = play.dataset.words.split('|');
  const next = document.querySelector('[data-step=ArrowRight]');
  const ended = !next || new URL(next.href).pathname === location.pathname;
  const playing = () => sessionStorage.getItem('playing') === play.dataset.play;
  let timer;
  const goOn = () => {
    play.textContent = playing() ? stop : go;
    clearTimeout(timer);
    if (!playing()) return;
    if (ended) { sessionStorage.removeItem('playing'); play.textContent = go; return; }
    timer = setTimeout(() => next.click(), PACE);
  };
  play.hidden = ended;
  play.addEventListener('click', () => {
    if (playing()) sessionStorage.removeItem('playing'); else sessionStorage.setItem('playing', play.dataset.play);
    goOn();
  });
  goOn();
}
