// The panel next to a chat. The desk's page around the frame reports which chat it shows. Its message is accepted only from the desk's
// origin, and is never proof of anything. The login's secret is stored for this tab; nothing else is stored here.
const panel = document.getElementById('panel');
const [enter, refused, waiting, failed, chat, leave] =
  ['enter', 'refused', 'waiting', 'failed', 'chat', 'leave'].map(id => document.getElementById(id));
const { path, origin, ask } = panel.dataset;
let session = panel.dataset.session;
let turn = 0; // Only the newest response is shown: people switch chats faster than responses arrive.

// Browsers may refuse storage to frames; then the secret lasts as long as this page.
const KEY = `lastword ${path}`;
let secret = '';
try { secret = sessionStorage.getItem(KEY) ?? ''; } catch { /* kept in the page alone */ }

function keep(value) {
  secret = value;
  try { value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY); } catch { /* as above */ }
}

const post = (what, fields) => fetch(`${path}/${what}`, {
  method: 'POST', headers: { 'lastword-panel': secret || 'nobody' }, body: new URLSearchParams(fields), credentials: 'omit',
});

function show() {
  enter.hidden = !!secret;
  waiting.hidden = !secret || !!session;
  leave.hidden = !secret;
  failed.hidden = true;
  if (!secret || !session) chat.replaceChildren();
}

async function load(what = 'chat', fields = {}) {
  show();
  if (!secret || !session) return;
  const mine = ++turn;
  try {
    const answer = await post(what, { ...fields, session });
    if (mine !== turn) return;
    if (answer.status === 401) {
      keep('');
      return show();
    }
    if (!answer.ok) throw new Error(`${answer.status}`);
    const words = await answer.text();
    if (mine !== turn) return;
    chat.innerHTML = words;
    // The result of an action is shown above the chat.
    if (what === 'act') scrollTo(0, 0);
  } catch {
    if (mine !== turn) return;
    failed.hidden = false;
    for (const button of chat.querySelectorAll('button')) button.disabled = false;
  }
}

enter.addEventListener('submit', async event => {
  event.preventDefault();
  refused.hidden = true;
  try {
    const answer = await post('sign-in', new FormData(enter));
    const words = await answer.text();
    if (answer.ok) {
      keep(words);
      enter.reset();
      return load();
    }
    const told = (answer.headers.get('content-type') ?? '').startsWith('text/plain');
    refused.textContent = told ? words : failed.textContent;
  } catch {
    refused.textContent = failed.textContent;
  }
  refused.hidden = false;
});

leave.addEventListener('click', async () => {
  await post('sign-out', {}).catch(() => {});
  keep('');
  show();
});

chat.addEventListener('submit', event => {
  event.preventDefault();
  const form = event.target;
  for (const button of form.querySelectorAll('button')) button.disabled = true;
  load('act', { ...Object.fromEntries(new FormData(form)), act: form.dataset.act });
});

addEventListener('message', ({ source, origin: from, data }) => {
  if (source !== window.parent || from !== origin || typeof data !== 'string') return;
  let told;
  try { told = JSON.parse(data); } catch { return; }
  const id = told?.event === 'appContext' ? told.data?.conversation?.id : undefined;
  if ((typeof id !== 'number' && typeof id !== 'string') || String(id) === session) return;
  session = String(id);
  load();
});

if (ask && window.parent !== window) window.parent.postMessage(ask, origin);
load();
