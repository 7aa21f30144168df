// What a language model writes below the quotes comes after them; a new question or the stop button ends the waiting.
export class Writing {
  constructor(page) {
    this.page = page;
    this.current = null;
    page.app.addEventListener('click', (event) => {
      const mark = event.target.closest('a.fn-written-mark');
      if (!mark) return;
      event.preventDefault();
      const place = mark.getAttribute('href').slice(1);
      const cite = [...mark.closest('.fn-place').querySelectorAll('.fn-cite')].find((one) => one.dataset.place === place);
      if (cite) page.reading.read(cite, mark);
    });
  }

  async begin(key, where) {
    const one = { key, where };
    this.current = one;
    const found = await this.page.call('write', { key }).catch(() => ({ html: '' }));
    if (this.current !== one) return;
    this.current = null;
    if (found.html) where.innerHTML = found.html;
    else where.remove();
    this.page.asking.busy(false);
  }

  stop() {
    if (!this.current) return;
    const { key, where } = this.current;
    this.current = null;
    this.page.call('stop', { key }).catch(() => {});
    where.remove();
  }
}
