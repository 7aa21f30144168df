// What a search is limited to: dates, a day in the past, and outlets.
import { plain } from './page_telling.js';

export class Filters {
  constructor(page) {
    this.page = page;
    this.form = page.find('#fn-limits');
    this.form.addEventListener('input', () => this.say());
    this.form.addEventListener('reset', () => setTimeout(() => this.say()));
    this.form.addEventListener('submit', (event) => event.preventDefault());
  }

  doing() {
    return { everything: () => { this.form.reset(); this.page.find('#fn-question').focus(); } };
  }

  offer({ outlets, first, last }) {
    for (const name of ['after', 'before']) Object.assign(this.form.elements[name], { min: first, max: last });
    const chosen = new Set(this.chosen().sources);
    const list = this.page.find('#fn-outlets div');
    list.replaceChildren(...outlets.map(([name, number]) => {
      const label = document.createElement('label');
      const box = Object.assign(document.createElement('input'), { type: 'checkbox', name: 'source', value: name, checked: chosen.has(name) });
      const said = Object.assign(document.createElement('span'), { textContent: plain(name), dir: 'auto' });
      const count = Object.assign(document.createElement('small'), { textContent: number.toLocaleString('en') });
      label.append(box, said, count);
      return label;
    }));
    this.page.find('#fn-outlets').hidden = outlets.length < 1;
    this.say();
  }

  chosen() {
    const fields = new FormData(this.form);
    return { after: fields.get('after') || '', before: fields.get('before') || '', as_of: fields.get('as_of') || '', sources: fields.getAll('source') };
  }

  drop(kind) {
    const fields = { date: ['after', 'before'], 'as of': ['as_of'] }[kind];
    if (fields) fields.forEach((name) => { this.form.elements[name].value = ''; });
    else this.form.querySelectorAll('[name=source]').forEach((one) => { one.checked = false; });
    this.say();
  }

  say() {
    const { after, before, as_of: asOf, sources } = this.chosen();
    const day = (text) => new Date(`${text}T12:00`).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
    const said = [after && `from ${day(after)}`, before && `until ${day(before)}`, asOf && `as it stood on ${day(asOf)}`, sources.length && `in ${sources.join(', ')}`].filter(Boolean);
    const line = this.page.find('#fn-limited');
    line.hidden = !said.length;
    line.querySelector('span').textContent = plain(`Searching only ${said.join(' ')}.`);
  }
}
