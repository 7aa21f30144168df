// What the page tells in passing, and what it does when the server does not answer.
const EVERY = 1000;
let hiding = 0;
let waiting = false;

// A text from outside as it may be shown: what turns the direction of the text after it is made visible.
export const plain = (text) => text.replace(/[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

export const told = (page, text, offer, then) => {
  const toast = page.find('#fn-toast');
  const [said, button] = [toast.querySelector('span'), toast.querySelector('button')];
  clearTimeout(hiding);
  said.textContent = plain(text);
  toast.hidden = !text;
  button.hidden = !offer;
  button.textContent = offer || '';
  button.onclick = () => { toast.hidden = true; then(); };
  if (text) hiding = setTimeout(() => { toast.hidden = true; }, offer ? 15000 : 3500);
};

// Call the server; an error it tells is thrown to the caller, a connection that is lost is waited for.
export const watchConnection = async (page, call) => {
  let found;
  try {
    found = await call();
  } catch (error) {
    if (!(await alive())) lost(page);
    throw error;
  }
  if (found && found.error) {
    told(page, found.error);
    throw new Error(found.error);
  }
  return found;
};

// The name of the server's run, '' when it does not answer.
export const alive = async () => {
  try {
    const response = await fetch('_page/alive', { cache: 'no-store' });
    return response.ok ? await response.text() : '';
  } catch {
    return '';
  }
};
const first = alive();

// Say whether the server has gone, or was started anew, since the page was loaded.
export const gone = async () => {
  const [before, now] = [await first, (await alive()) || (await alive())];
  return !now || (before && now !== before);
};

// Say that the connection is lost, and load the page anew when it is back: what was asked and typed is kept.
export const lost = (page) => {
  if (waiting) return;
  waiting = true;
  page.find('#fn-lost').hidden = false;
  const wait = async () => {
    if (await alive()) window.location.reload();
    else setTimeout(wait, EVERY);
  };
  setTimeout(wait, EVERY);
};
