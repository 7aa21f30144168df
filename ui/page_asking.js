// Questions go out one after another, and their answers come in stage by stage.
import { alive, gone, lost, plain, told } from './page_telling.js';

const SIGN_WITHIN = 2500;
const WATCH_EVERY = 3000;
const DRAFT = 'footnote-draft';
const PENDING = 'footnote-pending';

// crypto.randomUUID is there only where the address is a secure one.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export class Asking {
  constructor(page, trigger) {
    this.page = page;
    this.trigger = trigger;
    this.current = null;
    this.waiting = [];
    this.box = page.find('#fn-question');
    this.talk = page.find('#fn-talk');
    this.left = { draft: sessionStorage.getItem(DRAFT), pending: sessionStorage.getItem(PENDING) };
    document.addEventListener('footnote-told', (event) => event.detail && this.receive(event.detail));
    page.find('#fn-ask').addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    this.box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.submit();
    });
    this.box.addEventListener('input', () => {
      sessionStorage.setItem(DRAFT, this.box.value);
      this.fit();
    });
  }

  doing() {
    const turn = (button) => button.closest('.fn-turn');
    const question = (button) => turn(button).querySelector('.fn-asked').textContent;
    return {
      ask: (button) => this.ask(button.textContent),
      alone: (button) => this.ask(question(button), { alone: true }),
      without: (button) => {
        this.page.filters.drop(button.dataset.filter);
        this.ask(question(button));
      },
      stop: () => this.stop(),
    };
  }

  submit() {
    const question = this.box.value.trim();
    if (!question) return;
    this.box.value = '';
    sessionStorage.removeItem(DRAFT);
    this.fit();
    this.ask(question);
  }

  ask(question, { alone = false } = {}) {
    this.waiting.push({ question, alone, ...this.page.filters.chosen() });
    this.next();
  }

  next() {
    this.page.find('#fn-next').textContent = this.current && this.waiting.length ? `${this.waiting.length === 1 ? 'Your next question follows' : `${this.waiting.length} more questions follow`} when this one is answered.` : '';
    if (this.current || !this.waiting.length) return;
    this.page.writing.stop();
    const asked = { ...this.waiting.shift(), key: newKey(), conversation: this.page.keeping.current };
    this.current = { asked, place: this.begin(asked.question), signed: false };
    sessionStorage.setItem(PENDING, JSON.stringify({ ...asked, turns: this.page.keeping.turns }));
    this.busy(true);
    this.send();
    this.watch();
  }

  // The stream of a server that goes away ends without a word.
  watch() {
    const sent = this.current;
    setTimeout(async () => {
      if (this.current !== sent) return;
      if (await gone()) lost(this.page);
      else if (this.current === sent) this.watch();
    }, WATCH_EVERY);
  }

  // Gradio's client can lose an event that is sent in the moment in which another ends: sent again, it brings both.
  send(again = 0) {
    const sent = this.current;
    this.trigger({ question: sent.asked });
    setTimeout(async () => {
      if (this.current !== sent || sent.signed) return;
      if (!(await alive())) lost(this.page);
      else if (again < 3) this.send(again + 1);
      else this.end(sent, 'The question did not reach Footnote. Ask it again.');
    }, SIGN_WITHIN);
  }

  begin(question) {
    this.page.find('#fn-welcome').hidden = true;
    const place = document.createElement('div');
    place.className = 'fn-place';
    const asked = Object.assign(document.createElement('h2'), { className: 'fn-asked', textContent: plain(question), dir: 'auto' });
    const stage = Object.assign(document.createElement('p'), { className: 'fn-stage fn-working', textContent: 'Searching' });
    place.append(asked, stage);
    this.talk.querySelectorAll('.fn-place').forEach((one) => one.classList.remove('fn-last'));
    place.classList.add('fn-last');
    this.talk.append(place);
    const scroll = this.page.find('#fn-scroll');
    scroll.scrollTop += place.getBoundingClientRect().top - scroll.getBoundingClientRect().top - 16;
    return place;
  }

  receive(message) {
    const { key, conversation, state } = message.dataset;
    const sent = this.current;
    if (!sent || (key && key !== sent.asked.key)) return;
    sent.signed = true;
    if (state === 'working') {
      const stage = sent.place.querySelector('.fn-stage');
      const said = message.firstElementChild.textContent;
      if (stage && stage.textContent !== said) stage.textContent = said;
      return;
    }
    const asked = sent.place.querySelector('.fn-asked');
    const turn = message.querySelector('.fn-turn');
    sent.place.replaceChildren(...(turn ? [] : [asked]), ...message.childNodes);
    if (turn) this.page.keeping.grew(conversation);
    const writing = sent.place.querySelector('.fn-writing');
    if (writing && !this.waiting.length) this.page.writing.begin(key, writing);
    else writing?.remove();
    this.finish();
    const first = sent.place.querySelector('.fn-quotes .fn-cite');
    if (turn && first && !turn.querySelector('.fn-nothing') && this.page.reading.beside()) this.page.reading.show(first);
    if (state !== 'done' && !this.box.value) {
      this.box.value = sent.asked.question;
      this.fit();
    }
  }

  end(sent, why) {
    sent.place.querySelector('.fn-stage')?.replaceWith(Object.assign(document.createElement('p'), { className: 'fn-message', textContent: why }));
    this.finish();
  }

  finish() {
    this.current = null;
    sessionStorage.removeItem(PENDING);
    this.busy(false);
    this.next();
  }

  stop() {
    this.page.writing.stop();
    const sent = this.current;
    if (!sent) return this.busy(false);
    this.waiting = [];
    this.page.call('stop', { key: sent.asked.key }).catch(() => {});
    this.end(sent, 'Stopped.');
    if (!this.box.value) this.box.value = sent.asked.question;
    this.box.focus();
  }

  busy(is) {
    const [send, stop] = [this.page.find('#fn-send'), this.page.find('#fn-stop')];
    const stops = is || Boolean(this.page.writing.current);
    if (!stops && document.activeElement === stop) this.box.focus();
    stop.hidden = !stops;
    send.hidden = is && !this.box.value;
    this.talk.setAttribute('aria-busy', String(is));
  }

  fit() {
    this.box.style.height = 'auto';
    this.box.style.height = `${Math.min(this.box.scrollHeight, 200)}px`;
    if (this.current) this.page.find('#fn-send').hidden = !this.box.value;
  }

  // After the page was loaded anew: what was typed stands there, and what was not answered is asked again.
  resume() {
    this.box.value ||= this.left.draft || '';
    this.fit();
    const pending = JSON.parse(this.left.pending || 'null');
    if (!this.current) sessionStorage.removeItem(PENDING);
    if (pending && !(this.page.keeping.turns > pending.turns)) {
      this.waiting.push({ ...pending });
      told(this.page, 'Asked again: the connection was lost before the answer came.');
      this.next();
    }
    if (this.page.reading.beside()) this.box.focus();
  }

  suggest(questions) {
    const list = this.page.find('#fn-suggested');
    list.replaceChildren(...questions.map((text) => {
      const button = Object.assign(document.createElement('button'), { textContent: plain(text), className: 'fn-suggestion', dir: 'auto' });
      button.dataset.do = 'ask';
      return button;
    }));
  }

  clear() {
    this.waiting = [];
    this.stop();
    this.talk.replaceChildren();
    this.page.find('#fn-welcome').hidden = false;
  }
}
