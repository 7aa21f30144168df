// Conversations: the current one is named in the address, and the kept ones are listed at the side.
import { told } from './page_telling.js';

const NOTED = 'Noted. It counts when this library is measured.';

export class Keeping {
  constructor(page) {
    this.page = page;
    this.current = '';
    this.turns = 0;
    this.list = page.find('#fn-kept');
    window.addEventListener('popstate', () => this.resume());
  }

  doing() {
    return {
      side: () => this.side(),
      new: () => this.begin(),
      open: (button) => this.open(button.dataset.conversation),
      rename: (form) => this.rename(form.elements.name.value),
      delete: () => this.delete(),
      judge: (button) => this.judge(button, {
        place: button.dataset.place,
        verdict: button.ariaPressed === 'true' ? '' : button.dataset.verdict,
      }),
      absent: (button) => this.judge(button, { absent: button.ariaPressed !== 'true' }),
      missing: (button) => this.judge(button, { missing: button.parentElement.querySelector('input').value }),
    };
  }

  side(open = this.page.find('#fn-side').hidden) {
    this.page.find('#fn-side').hidden = !open;
    this.page.find('#fn-side-button').ariaExpanded = String(open);
    if (open) {
      this.refresh();
      if (!this.page.reading.beside()) this.page.find('#fn-side input').focus();
    }
  }

  // Show the conversation that the address names.
  async resume() {
    const id = new URLSearchParams(location.search).get('c') || '';
    if (id && id !== this.current) await this.open(id, false);
    else if (!id && this.current) this.begin(false);
  }

  async open(id, remember = true) {
    const found = await this.page.call('open_kept', { conversation: id }).catch(() => null);
    if (!found) return this.address('');
    this.page.asking.clear?.();
    this.page.reading.clear();
    this.current = found.id;
    this.turns = found.turns;
    if (remember) this.address(found.id);
    document.title = `${found.name} – Footnote`;
    this.page.find('#fn-welcome').hidden = true;
    const talk = this.page.find('#fn-talk');
    talk.innerHTML = found.html;
    this.page.reading.place();
    const last = talk.querySelector('.fn-turn:last-child');
    last?.scrollIntoView({ block: 'start' });
    if (!this.page.reading.beside()) this.side(false);
    else last?.querySelector('.fn-asked').focus({ preventScroll: true });
    this.refresh();
  }

  begin(remember = true) {
    this.page.asking.clear();
    this.page.reading.clear();
    this.current = '';
    this.turns = 0;
    document.title = 'Footnote';
    if (remember) this.address('');
    if (!this.page.reading.beside()) this.side(false);
    this.refresh();
    this.page.find('#fn-question').focus();
  }

  grew(conversation) {
    this.turns += 1;
    if (this.current !== conversation) {
      this.current = conversation;
      this.address(conversation);
    }
    this.refresh();
  }

  address(id) {
    history.pushState(null, '', id ? `?c=${id}` : location.pathname);
  }

  async refresh() {
    if (this.page.find('#fn-side').hidden) return;
    const found = await this.page.call('kept', { conversation: this.current }).catch(() => null);
    if (found) this.list.innerHTML = found.html;
  }

  async rename(name) {
    const found = await this.page.call('rename', { conversation: this.current, name }).catch(() => null);
    if (!found) return;
    if (found.name) document.title = `${found.name} – Footnote`;
    await this.refresh();
    this.list.querySelector('[aria-current]')?.focus();
    told(this.page, 'Renamed.');
  }

  delete() {
    const dialog = this.page.find('#fn-sure');
    dialog.returnValue = '';
    dialog.addEventListener('close', async () => {
      if (dialog.returnValue !== 'yes') return;
      if (!(await this.page.call('delete', { conversation: this.current }).catch(() => null))) return;
      this.begin();
      told(this.page, 'Conversation deleted.');
    }, { once: true });
    dialog.showModal();
  }

  async judge(button, said) {
    const turn = button.closest('.fn-turn');
    const found = await this.page.call('judge', { conversation: this.current, turn: Number(turn.dataset.turn), ...said }).catch(() => null);
    if (!found) return;
    if ('place' in said) {
      const tools = button.closest('.fn-tools');
      for (const one of tools.querySelectorAll('[data-verdict]')) one.ariaPressed = String(one.dataset.verdict === found.verdict);
      const wrong = tools.querySelector('details');
      if (!wrong) return told(this.page, NOTED);
      const chosen = wrong.querySelector('[aria-pressed=true]');
      wrong.classList.toggle('fn-said', Boolean(chosen));
      wrong.querySelector('summary').textContent = chosen ? chosen.textContent : 'Something wrong?';
      if (wrong.open) wrong.querySelector('summary').focus();
      wrong.open = false;
    } else {
      const tools = button.closest('.fn-tools');
      const absent = tools.querySelector('[data-do=absent]');
      if (absent) absent.ariaPressed = String(found.absent);
      const missing = tools.querySelector('details');
      missing.classList.toggle('fn-said', Boolean(found.missing));
      missing.querySelector('summary').textContent = found.missing ? 'Missing article noted' : 'Is an article missing?';
      if (missing.open) missing.querySelector('summary').focus();
      missing.open = false;
    }
    told(this.page, NOTED);
  }
}
