// Two drawings move together, begin at the first thing that is not as it was, and show whatever is asked for.

for (const panel of document.querySelectorAll('section.panel:has(.twodrawings)')) {
  const pans = [...panel.querySelectorAll('.pan')];
  let led = null;

  for (const pan of pans) {
    pan.addEventListener('scroll', () => {
      if (led && led !== pan) return;
      led = pan;
      const twins = [...pan.closest('.twodrawings').querySelectorAll('.pan')];
      twins.filter((other) => other !== pan).forEach((other) => other.scrollTo(pan.scrollLeft, pan.scrollTop));
      requestAnimationFrame(() => { led = null; });
    });
  }

  const place = (pan, id) => pan.querySelector(`[data-element="${CSS.escape(id)}"], [data-flow="${CSS.escape(id)}"]`);
  const show = (id) => {
    const pan = pans.findLast((one) => place(one, id));
    if (!pan) return false;
    const drawing = pan.querySelector('svg'), box = place(pan, id).getBBox(), frame = drawing.viewBox.baseVal;
    pan.scrollTo(box.x + box.width / 2 - frame.x - pan.clientWidth / 2, box.y + box.height / 2 - frame.y - pan.clientHeight / 2);
    pans.forEach((one) => one.querySelectorAll('.pointed').forEach((other) => other.classList.remove('pointed')));
    pans.forEach((one) => place(one, id)?.classList.add('pointed'));
    return true;
  };

  const changes = [...panel.querySelectorAll('[data-shows]')];
  for (const change of changes) {
    if (!pans.some((pan) => place(pan, change.dataset.shows))) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button small quiet';
    button.textContent = change.parentElement.dataset.word;
    button.addEventListener('click', () => {
      show(change.dataset.shows);
      panel.querySelector('.twodrawings').scrollIntoView({ block: 'nearest' });
    });
    change.append(button);
  }
  changes.some((change) => show(change.dataset.shows));
}
