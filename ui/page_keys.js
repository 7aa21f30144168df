// Keys that work while nothing is typed, and Escape.
const typing = (where) => where.matches?.('input:not([type=checkbox], [type=file]), textarea, select, [contenteditable]');

export const listenToKeys = (page) => {
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || page.app.querySelector('dialog[open]')) return;
    if (event.key === 'Escape') return escape(page, event);
    if (typing(event.target)) return;
    const found = {
      '/': () => page.find('#fn-question').focus(),
      '?': () => page.find('#fn-keys').showModal(),
      n: () => page.reading.step(1),
      p: () => page.reading.step(-1),
      c: () => page.reading.copyOpen(),
    }[event.key] || (/^[1-9]$/.test(event.key) && (() => page.reading.nth(Number(event.key))));
    if (!found) return;
    event.preventDefault();
    found();
  });
};

const escape = (page, event) => {
  const side = page.find('#fn-side');
  if (page.find('#fn-panel').contains(event.target) || page.app.classList.contains('fn-reads')) page.reading.back();
  else if (side.contains(event.target)) {
    page.keeping.side(false);
    page.find('#fn-side-button').focus();
  } else if (event.target === page.find('#fn-question')) {
    const last = [...page.find('#fn-talk').querySelectorAll('.fn-asked')].pop();
    (last || page.find('#fn-scroll')).focus({ preventScroll: true });
  } else return;
  event.preventDefault();
};
