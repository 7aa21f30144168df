// The article beside the answers: opened at a quote, stepped through, left again.
import { plain, told } from './page_telling.js';

export class Reading {
  constructor(page) {
    this.page = page;
    this.panel = page.find('#fn-panel');
    this.text = page.find('#fn-page');
    this.open = null;
    this.from = null;
    this.asked = 0;
  }

  doing() {
    return {
      read: (button) => this.read(button),
      next: () => this.step(1),
      previous: () => this.step(-1),
      back: () => this.back(),
      copy: (button) => this.copy(button, button.dataset.copy),
      'copy-open': (button) => this.copyOpen(button),
    };
  }

  // Whether the panel stands beside the answers, and not over them.
  beside() {
    return matchMedia('(min-width: 900px)').matches;
  }

  all() {
    return [...this.page.find('#fn-talk').querySelectorAll('.fn-cite')];
  }

  // Open a quote because it was asked for: the sentence takes the focus, and the way back is remembered.
  async read(button, from = button) {
    button.closest('dialog')?.close();
    if (!this.panel.contains(document.activeElement)) {
      this.from = { button: from, top: this.page.find('#fn-scroll').scrollTop };
    }
    if (await this.show(button)) this.goTo(true);
  }

  async show(button) {
    const number = ++this.asked;
    this.page.find('#fn-remove').disabled = true; // it would remove the article that still stands there
    const article = await this.page.call('read', { place: button.dataset.place }).catch(() => null);
    if (!article || number !== this.asked) return false;
    this.open = button.classList.contains('fn-cite') ? button : null;
    this.id = article.id;
    this.text.innerHTML = article.html;
    const name = this.page.find('#fn-open-name');
    name.replaceChildren(Object.assign(document.createElement('b'), { textContent: plain(article.title) }), ` · ${plain(article.byline)}`);
    name.hidden = false;
    Object.assign(this.page.find('#fn-remove'), { hidden: !article.removable, disabled: false });
    for (const one of this.all()) {
      if (one === button) one.setAttribute('aria-current', 'true');
      else one.removeAttribute('aria-current');
    }
    this.place();
    this.goTo(false);
    return true;
  }

  goTo(focused) {
    const mark = this.text.querySelector('mark');
    if (focused) this.page.app.classList.add('fn-reads');
    const shown = this.text.getBoundingClientRect();
    const [top, bottom] = mark ? [mark, [...this.text.querySelectorAll('mark')].pop()].map((one, last) => one.getBoundingClientRect()[last ? 'bottom' : 'top'] - shown.top + this.text.scrollTop) : [0, 0];
    this.text.scrollTop = bottom < shown.height * 0.8 ? 0 : top - shown.height / 4; // the head stays in sight where it can
    if (focused) (mark || this.text).focus({ preventScroll: true });
  }

  place() {
    const all = this.all();
    const at = all.indexOf(this.open);
    this.page.find('#fn-which').textContent = at < 0 ? 'Article' : `Quote ${at + 1} of ${all.length}`;
    this.page.find('[data-do=previous]').disabled = at < 1;
    this.page.find('[data-do=next]').disabled = at < 0 || at === all.length - 1;
    this.page.find('#fn-copy-open').disabled = at < 0;
  }

  async step(by) {
    const all = this.all();
    const at = all.indexOf(this.open);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    if (!next) return;
    if (this.from) this.from.button = next;
    await this.read(next);
  }

  // The n-th quote of the answer that has the focus, else of the last one.
  nth(number) {
    const turn = document.activeElement.closest?.('.fn-turn') || this.open?.closest('.fn-turn') || [...this.page.find('#fn-talk').querySelectorAll('.fn-turn')].pop();
    const button = turn?.querySelectorAll('.fn-cite')[number - 1];
    if (button) this.read(button);
  }

  back() {
    this.page.app.classList.remove('fn-reads');
    const { button, top } = this.from || {};
    this.from = null;
    if (!button?.isConnected) {
      this.page.find('#fn-question').focus();
      return;
    }
    this.page.find('#fn-scroll').scrollTop = top;
    button.focus({ preventScroll: true });
    const [seen, shown] = [button.getBoundingClientRect(), this.page.find('#fn-scroll').getBoundingClientRect()];
    if (seen.top < shown.top || seen.bottom > shown.bottom) button.scrollIntoView({ block: 'center' });
  }

  copyOpen(button = this.page.find('#fn-copy-open')) {
    const copied = this.open?.closest('.fn-quote')?.querySelector('[data-copy]')?.dataset.copy;
    if (copied) this.copy(button, copied);
  }

  async copy(button, text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement('textarea'), { value: text });
      button.after(area);
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      button.focus();
      if (!done) return told(this.page, 'The browser did not let the quote be copied.');
    }
    const name = button.textContent;
    if (name !== 'Copied') {
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = name; }, 2000);
    }
    told(this.page, 'Quote copied, with its outlet, title and date.');
  }

  clear() {
    this.asked += 1;
    this.open = this.from = null;
    this.page.app.classList.remove('fn-reads');
    this.text.replaceChildren(Object.assign(document.createElement('p'), { className: 'fn-empty', textContent: 'The article behind a quote opens here, at the quoted sentence. Choose a number such as [1].' }));
    this.page.find('#fn-remove').hidden = true;
    this.page.find('#fn-open-name').hidden = true;
    this.place();
    this.page.find('#fn-which').textContent = 'No quote chosen';
  }
}
