// Runs at the end of a report: the buttons choose outcomes, the box words; a question is shown when both fit.
const rows = [...document.querySelectorAll('details')];
const buttons = [...document.querySelectorAll('button')];
const box = document.querySelector('input');
const status = document.querySelector('[role=status]');
const all = buttons.find((button) => !button.value);
let texts;

const show = () => {
  const outcomes = new Set(buttons.filter((one) => one.ariaPressed === 'true').map((one) => one.value));
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  texts ||= rows.map((row) => row.textContent.toLowerCase());
  let shown = 0;
  rows.forEach((row, i) => {
    const fits = (all.ariaPressed === 'true' || outcomes.has(row.dataset.outcome)) && words.every((word) => texts[i].includes(word));
    row.hidden = !fits;
    shown += fits;
  });
  status.textContent = `${shown.toLocaleString('en')} of ${rows.length.toLocaleString('en')} shown`;
};

if (box) {
  buttons.forEach((button) =>
    button.addEventListener('click', () => {
      if (button === all) buttons.forEach((one) => (one.ariaPressed = 'false'));
      else button.ariaPressed = button.ariaPressed === 'true' ? 'false' : 'true';
      all.ariaPressed = String(!buttons.some((one) => one !== all && one.ariaPressed === 'true'));
      show();
    }),
  );
  box.addEventListener('input', show);
  document.querySelector('fieldset').disabled = false;
  show();
}
