// How far a forecast or a move is: looked at again until it is done; what was typed meanwhile stays.

const PATIENCE = 2000;
const going = document.querySelector('[data-going]');

async function look() {
  try {
    const answer = await fetch(location.href);
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-going]');
      if (page?.dataset.going !== going.dataset.going) { location.reload(); return; }
      going.querySelector('span').replaceWith(page.querySelector('span'));
    }
  } catch { /* asked again in a while */ }
  setTimeout(look, PATIENCE);
}

if (going) setTimeout(look, PATIENCE);
