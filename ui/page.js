// The page: what can be pressed names what it does in data-do. Only what the server drew has such a name.
import { Asking } from './page_asking.js';
import { Reading } from './page_reading.js';
import { Keeping } from './page_keeping.js';
import { Filters } from './page_filters.js';
import { Adding } from './page_adding.js';
import { Writing } from './page_writing.js';
import { listenToKeys } from './page_keys.js';
import { watchConnection } from './page_telling.js';

export const start = async (element, trigger, server) => {
  const app = element.querySelector('.fn-app');
  if (app.dataset.started) return;
  app.dataset.started = 'yes';
  const page = { app, find: (selector) => app.querySelector(selector) };
  page.call = (name, data = {}) => watchConnection(page, () => server[name](data));
  page.filters = new Filters(page);
  page.reading = new Reading(page);
  page.keeping = new Keeping(page);
  page.adding = new Adding(page);
  page.writing = new Writing(page);
  page.asking = new Asking(page, trigger);

  const doing = {
    ...page.asking.doing(), ...page.reading.doing(), ...page.keeping.doing(), ...page.filters.doing(), ...page.adding.doing(),
    skip: () => page.find('#fn-question').focus(),
    keys: () => page.find('#fn-keys').showModal(),
    close: (button) => button.closest('dialog').close(),
  };
  app.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]');
    if (button && button.matches('button') && doing[button.dataset.do]) {
      event.preventDefault();
      doing[button.dataset.do](button);
    }
  });
  app.addEventListener('submit', (event) => {
    const form = event.target.closest('form[data-do]');
    if (!form) return;
    event.preventDefault();
    doing[form.dataset.do]?.(form);
  });
  for (const dialog of app.querySelectorAll('dialog')) {
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  }
  listenToKeys(page);

  const facts = page.call('holds').then((holds) => page.apply(holds));
  page.apply = (holds) => {
    page.find('#fn-holds').textContent = holds.searched;
    page.find('#fn-add-button').hidden = !holds.mayChange;
    page.find('#fn-link').hidden = !holds.mayFetch;
    page.filters.offer(holds);
  };
  page.refresh = () => page.call('holds').then(page.apply);
  await Promise.all([facts, page.keeping.resume()]);
  page.asking.resume();
  page.call('suggest').then((questions) => page.asking.suggest(questions));
};
