// Runs when the article panel is loaded: `element` is the panel, `watch` and `trigger` are Gradio's.
const panel = element.closest('#fn-panel') || element;
let chosen = false;

const show = () => {
  const mark = element.querySelector('mark');
  if (!mark) {
    panel.scrollTop = 0;
    return;
  }
  const middle = mark.getBoundingClientRect().top - panel.getBoundingClientRect().top - panel.clientHeight / 3;
  panel.scrollTop += middle;
  if (chosen) {
    mark.scrollIntoView({ block: 'center' });
    mark.focus({ preventScroll: true });
    chosen = false;
  }
};

watch('value', () => requestAnimationFrame(show));

document.addEventListener(
  'click',
  (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#cite-"], a[href^="#alone-"]');
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    if (link.getAttribute('href').startsWith('#alone-')) {
      trigger('submit', { link: link.getAttribute('href') });
      return;
    }
    chosen = true;
    trigger('click', { link: link.getAttribute('href') });
    setTimeout(() => chosen && show(), 600); // the same citation again: its article is not drawn anew
  },
  true,
);
