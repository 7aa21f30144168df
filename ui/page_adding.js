// Files and texts go up one by one, links beside them; each tells how far it is and what became of it.
import { plain, told } from './page_telling.js';

export class Adding {
  constructor(page) {
    this.page = page;
    this.dialog = page.find('#fn-add');
    this.list = page.find('#fn-uploads');
    this.lines = {};
    const files = page.find('#fn-files');
    files.addEventListener('change', () => {
      this.take(files.files);
      files.value = '';
    });
    page.find('#fn-paste').addEventListener('submit', (event) => {
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(event.target));
      this.put(fields.title || 'Pasted text', 'articles', JSON.stringify(fields), 'application/json').then((added) => added && event.target.reset());
    });
    page.find('#fn-link').addEventListener('submit', (event) => {
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(event.target));
      event.target.reset();
      this.put(fields.address, 'links', JSON.stringify(fields), 'application/json');
    });
    const brings = (event) => [...(event.dataTransfer?.types || [])].includes('Files') && !page.find('#fn-add-button').hidden;
    page.app.addEventListener('dragover', (event) => {
      if (!brings(event)) return;
      event.preventDefault();
      if (!this.dialog.open) this.dialog.showModal();
      page.find('#fn-drop').classList.add('fn-over');
    });
    page.app.addEventListener('dragleave', () => page.find('#fn-drop').classList.remove('fn-over'));
    page.app.addEventListener('drop', (event) => {
      event.preventDefault();
      page.find('#fn-drop').classList.remove('fn-over');
      if (brings(event)) this.take(event.dataTransfer.files);
    });
  }

  doing() {
    return {
      add: () => this.dialog.showModal(),
      remove: () => this.remove(),
    };
  }

  take(files) {
    for (const file of files) this.put(file.name, `articles?name=${encodeURIComponent(file.name)}`, file, 'application/octet-stream');
  }

  put(name, path, body, type) {
    const row = document.createElement('li');
    const title = Object.assign(document.createElement('b'), { textContent: plain(name), dir: 'auto' });
    const bar = Object.assign(document.createElement('progress'), { max: 1 });
    bar.setAttribute('aria-label', `Adding ${plain(name)}`);
    const said = Object.assign(document.createElement('div'), { textContent: 'waits' });
    row.append(title, bar, said);
    this.list.prepend(row);
    const line = path.split('?')[0];
    const sent = (this.lines[line] || Promise.resolve()).then(() => this.send(path, body, type, bar, said));
    this.lines[line] = sent.catch(() => {});
    return sent;
  }

  async send(path, body, type, bar, said) {
    said.textContent = 'is read';
    let last = {};
    try {
      const answer = await fetch(`_page/${path}`, { method: 'POST', body, headers: { 'content-type': type, 'x-footnote': 'page' } });
      const lines = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { value, done } = await lines.read();
        if (done) break;
        const parts = (rest + value).split('\n');
        rest = parts.pop();
        for (const part of parts.filter(Boolean)) {
          last = JSON.parse(part);
          if (last.of) bar.value = last.done / last.of;
          said.textContent = last.said ? `is fetched: ${plain(last.said)}` : 'is made searchable';
        }
      }
    } catch {
      last = {};
    }
    bar.remove();
    if (last.html === undefined) {
      said.className = 'fn-refused';
      said.textContent = path === 'links' ? 'The answer was broken off. Add the link again.' : 'The upload was broken off. Try it again; larger files than 100 MB are not taken.';
      return 0;
    }
    said.innerHTML = last.html;
    if (last.added) this.changed();
    return last.added;
  }

  changed() {
    this.page.refresh();
    this.page.call('suggest').then((questions) => this.page.asking.suggest(questions)).catch(() => {});
  }

  async remove() {
    const gone = await this.page.call('remove', { id: this.page.reading.id }).catch(() => null);
    if (!gone) return;
    this.page.reading.back();
    this.page.reading.clear();
    this.changed();
    told(this.page, `Removed: ${gone.title}`, 'Undo', async () => {
      if (!(await this.page.call('restore', { id: gone.id }).catch(() => null))) return;
      this.changed();
      told(this.page, `Back in the library: ${gone.title}`);
    });
  }
}
