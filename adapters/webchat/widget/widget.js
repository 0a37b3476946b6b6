/*! Lastword web chat. One file, no dependencies; frames are described in adapters/webchat/src/frames.rs.
 *  <script src="https://rate.example/widget.js" data-connection="site" async></script> */
(() => {
'use strict';
const doc = document;
const page = doc.documentElement;
const script = doc.currentScript || doc.querySelector('script[data-connection][src*="widget.js"]');
const set = script ? script.dataset : {};
const connection = set.connection;
if (!connection) return console.warn('Lastword: the script tag needs data-connection="…".');
const shelf = (window.Lastword = window.Lastword || {});
if (shelf[connection]) return;
shelf[connection] = {};
const base = script.src.replace(/\/widget\.js([?#].*)?$/, '');
const api = `${base}/widget/${encodeURIComponent(connection)}`;

// Words. `{n}` and `{m}` are numbers. Other languages, and a site's own words, come with the answer of POST …/visitor.
const KEYS = 'title rate open close placeholder send you support star good bad resolved saved kept lost back refused'.split(' ');
const WORDS = 'Chat with us|Your feedback|Open chat|Close|Write a message|Send|You|Support|{n} of {m}|Good|Bad|Was your issue resolved?|Saved, thank you|Will be sent when you are back online|Connection lost, trying again…|Reconnected|This could not be sent'.split('|');
const lang = (set.lang || page.lang || navigator.language || 'en').replace(/_/g, '-');
const dirOf = tag => (/^(ar|he|fa|ur)\b/i.test(tag) ? 'rtl' : 'ltr');
let texts = {};
let brand = {};
const T = key => texts[key] || WORDS[KEYS.indexOf(key)];

// Storage: each item under its own key, so that tabs never overwrite each other's lists.
const prefix = `lastword:${connection}:`;
// What the browser does not keep for us, this page does.
const spare = {};
let disk = spare;
let visit = {};
try { [disk, visit] = [localStorage, sessionStorage]; } catch { /* forbidden by the visitor */ }
const store = {
  get: key => spare[prefix + key] ?? disk[prefix + key] ?? null,
  set(key, value) { try { disk[prefix + key] = value; } catch { spare[prefix + key] = value; } },
  drop(key) { for (const place of [spare, disk]) delete place[prefix + key]; },
  under: start => [...new Set([disk, spare].flatMap(Object.keys))].filter(key => key.startsWith(prefix + start)).sort().map(key => key.slice(prefix.length)),
};

// Elements are made of nodes and text only: nothing that a server or a person says is ever read as HTML.
const h = (what, attrs, ...kids) => {
  const [tag, ...names] = what.split('.');
  const el = doc.createElement(tag);
  if (names[0]) el.className = names.join(' ');
  if (tag === 'button') el.type = 'button';
  for (const [key, value] of Object.entries(attrs)) {
    if (typeof value === 'function') el.addEventListener(key, value);
    else if (value != null && value !== false) el.setAttribute(key, value === true ? '' : value);
  }
  el.append(...kids.filter(Boolean));
  return el;
};
// Addresses in a text can be opened.
const linked = text => text.split(/((?:https?:\/\/|\bwww\.)[^\s<>"]+[^\s<>".,;:!?)»”])/).map((part, i) =>
  i % 2 ? h('a', { href: part.replace(/^www/, 'https://www'), target: '_blank', rel: 'noopener noreferrer' }, part) : part);
// Who answers: the first letters of the first and the last name.
const face = name => {
  const [first, ...rest] = (name || '').trim().split(/\s+/);
  const letters = [first, rest.pop()].filter(Boolean).map(part => [...part][0]).join('');
  return h('span.face', { 'aria-hidden': 'true' }, letters ? letters.toLocaleUpperCase(lang) : icon(CHAT));
};
const attr = (el, name, value) => el.setAttribute(name, value);
const icon = (d, transform) => {
  const [svg, path] = ['svg', 'path'].map(tag => doc.createElementNS('http://www.w3.org/2000/svg', tag));
  attr(svg, 'viewBox', '0 0 24 24');
  attr(svg, 'aria-hidden', 'true');
  attr(path, 'd', d);
  if (transform) attr(path, 'transform', transform);
  svg.append(path);
  return svg;
};
const THUMB = 'M3 11h4v10H3zM7 11l4-8c1.7 0 3 1.3 3 3l-.6 4H19a2 2 0 0 1 2 2.3l-1.2 7a2 2 0 0 1-2 1.7H7z';
const STAR = 'M12 2.5l2.9 6 6.6.9-4.8 4.6 1.2 6.5-5.9-3.1-5.9 3.1 1.2-6.5-4.8-4.6 6.6-.9z';
const SEND = 'M4 12l16-8-6 16-3-7z';
const CHAT = 'M5 4h14a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-8l-5 4v-4H5a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z';

const CSS = `
:host{all:initial;display:block}
:host([data-inline]),.inline{height:100%;border-radius:inherit}
[hidden]{display:none!important}
*{box-sizing:border-box;margin:0}
.root{--bg:#fff;--soft:#f2f5f6;--line:#d9e0e3;--edge:#76858c;--ink:#17242a;--dim:#55646b;--acc:var(--lastword-accent,var(--b0,#0b6b62));--on:var(--lastword-on-accent,var(--b1,#fff));--tint:color-mix(in srgb,var(--acc) 10%,var(--bg));--star:#b45309;--bad:#b3261e;--shade:0 1px 2px #0f23291a,0 12px 40px #0f232933;
color-scheme:light;color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;text-align:start}
.root.dark{--bg:#141b1f;--soft:#1f292e;--line:#324047;--edge:#82939b;--ink:#e9eff1;--dim:#a7b5bb;--acc:var(--lastword-accent-dark,var(--b2,#6dd3c4));--on:var(--lastword-on-accent-dark,var(--b3,#06231f));--star:#fbbf24;--bad:#ffb4ab;--shade:0 0 0 1px #324047,0 16px 48px #0009;color-scheme:dark}
button,textarea{font:inherit;color:inherit;letter-spacing:inherit}
button{cursor:pointer;border:0;background:none;padding:0;min-height:44px;min-width:44px;touch-action:manipulation}
:focus-visible{outline:3px solid var(--acc);outline-offset:2px}
svg{width:24px;height:24px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round;flex:none}
.open,.mark,.shut,.tick,.go,.stars button{display:grid;place-items:center}
.panel,.log,.msg,.card,.box{display:flex;flex-direction:column}
.open,.go,.msg.visitor p{background:var(--acc);color:var(--on)}
.open,.mark,.shut,.tick,.go{border-radius:50%}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.open{position:fixed;z-index:2147483000;inset-block-end:20px;inset-inline-end:20px;width:60px;height:60px;box-shadow:var(--shade);transition:transform .15s}
.open:hover{transform:translateY(-2px)}
.badge{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-width:22px;padding:0 6px;border-radius:11px;background:var(--bad);color:var(--bg);font-size:13px;line-height:22px;font-weight:600}
.panel{position:fixed;z-index:2147483000;inset-block-end:20px;inset-inline-end:20px;width:384px;height:min(620px,calc(100dvh - 40px));background:var(--bg);border-radius:20px;box-shadow:var(--shade);overflow:hidden;animation:rise .22s ease-out}
.start .panel,.start .open{inset-inline:20px auto}
.beside .panel{width:360px;height:auto;max-height:min(620px,calc(100dvh - 40px))}
.inline .panel{position:static;width:100%;height:100%;max-height:none;min-height:240px;border-radius:inherit;box-shadow:none;animation:none}
header{display:flex;align-items:center;gap:12px;padding-block:14px 12px;padding-inline:20px 12px;border-block-end:1px solid var(--line)}
header svg{width:20px;height:20px}
.mark{width:36px;height:36px;background:var(--tint);color:var(--acc)}
h2{font-size:16px;font-weight:650;flex:1;overflow-wrap:anywhere}
h2 small{display:block;font-size:13px;font-weight:400;color:var(--dim)}
.mark img{max-width:100%;max-height:100%;border-radius:6px}
.shut{color:var(--dim)}
.shut:hover{background:var(--soft);color:var(--ink)}
.net{font-size:14px;color:var(--dim);background:var(--soft);padding:6px 20px}
.net:empty{display:none}
.log{flex:1;min-height:0;overflow-y:auto;overscroll-behavior:contain;padding:20px;gap:12px;position:relative;outline-offset:-3px}
.msg{max-width:84%;align-self:flex-start}
.msg p,.said{white-space:pre-wrap;overflow-wrap:anywhere}
.msg p{background:var(--soft);padding:9px 14px;border-radius:18px;border-end-start-radius:6px}
.msg.operator{position:relative;padding-inline-start:38px}
.face{display:inline-grid;place-items:center;width:30px;height:30px;border-radius:50%;background:var(--tint);color:var(--acc);font-size:12px;font-weight:650;line-height:1}
.face svg{width:16px;height:16px}
.msg .face{position:absolute;inset-inline-start:0;inset-block-start:5px}
.ask .face{display:grid;width:44px;height:44px;margin:0 auto 8px;font-size:16px}
.msg.visitor{align-self:flex-end;align-items:flex-end}
.msg.visitor p{border-radius:18px;border-end-end-radius:6px}
.msg.notice{align-self:center;max-width:100%;text-align:center}
.msg.notice p{background:none;color:var(--dim);font-size:14px;padding:0}
.msg small{color:var(--dim);font-size:12.5px;padding:2px 6px}
.msg.wait p{opacity:.8}
.msg.fail p{background:none;border:1px solid var(--bad);color:var(--ink)}
.card{border:1px solid var(--line);background:var(--bg);border-radius:18px;padding:18px;gap:14px;align-items:stretch;animation:rise .22s ease-out;flex:none}
.card:focus{outline:0;border-color:var(--acc);box-shadow:0 0 0 3px var(--tint)}
.root.beside .card{border:0;padding:0 0 14px;box-shadow:none}
.beside header{border:0;padding-block-end:0;min-height:44px}
.beside.asked header{position:absolute;inset-block-start:0;inset-inline-end:0;z-index:1;padding:8px}
.beside.asked :is(h2,.mark){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.beside.asked .ask{padding-inline:32px}
.beside.asked .done .ask{padding-inline-start:0}
.card.alert{border-inline-start:5px solid var(--bad)}
.ask{font-size:17px;font-weight:620;text-align:center;text-wrap:balance;white-space:pre-wrap;overflow-wrap:anywhere}
.done .ask{display:flex;gap:10px;align-items:center;text-align:start;font-size:16px}
.tick{width:30px;height:30px;background:var(--tint);color:var(--acc);flex:none}
.tick svg{width:18px;height:18px;stroke-width:2.5}
.row{display:flex;flex-wrap:wrap;gap:8px}
.row.two{gap:12px}
.two button{flex:1;min-height:84px;padding:12px;border:1.5px solid var(--edge);border-radius:16px;display:grid;justify-items:center;align-content:center;gap:6px;transition:background .15s,border-color .15s}
.two svg{width:30px;height:30px}
:where(.row) button:hover{border-color:var(--acc);background:var(--soft)}
.root [aria-pressed=true]{background:var(--tint);border-color:var(--acc);color:var(--acc);box-shadow:inset 0 0 0 1px var(--acc)}
[aria-pressed=true] path{fill:var(--acc);fill-opacity:.2}
.stars{display:flex;justify-content:center;gap:4px}
.stars button{flex:1;max-width:56px;height:52px;border-radius:12px;color:var(--edge);transition:transform .12s}
.stars svg{width:34px;height:34px;stroke-width:1.4}
.stars .on{color:var(--star)}
.stars .on path{fill:currentColor}
.stars button:hover{transform:scale(1.08)}
.rate{position:relative}
.over{position:absolute;inset-inline:0;inset-block-start:100%;text-align:center;color:var(--dim);font-size:13px;line-height:16px}
.hint{text-align:center;color:var(--dim);font-size:14px}
.hint:empty{display:none}
.label{font-size:14px;color:var(--dim);font-weight:550;width:100%}
.chip{padding:0 16px;border:1.5px solid var(--edge);border-radius:22px}
.apart{border-block-start:1px solid var(--line);padding-block-start:6px;justify-content:center}
.again{padding:0 12px;border-radius:22px;color:var(--dim);font-size:14px;text-decoration:underline;text-underline-offset:3px}
.quiet{order:1;flex-basis:100%;font-size:12px;text-decoration:none}
a{color:inherit;overflow-wrap:anywhere;text-underline-offset:2px}
.card a{color:var(--acc)}
.past .more{display:none}
.box{gap:8px}
textarea{width:100%;resize:none;border:1.5px solid var(--edge);border-radius:14px;background:var(--bg);padding:10px 14px;min-height:46px;max-height:140px;field-sizing:content;font-size:16px;line-height:1.4}
textarea::placeholder{color:var(--dim);opacity:1}
.open:hover,.go:hover{filter:brightness(1.08)}
.said{border-inline-start:3px solid var(--acc);padding-inline-start:12px}
.write,.why{display:flex;gap:8px;align-items:flex-end}
.write{padding:12px 16px max(14px,env(safe-area-inset-bottom));border-block-start:1px solid var(--line)}
.go{width:46px;height:46px;flex:none}
[dir=rtl] .go svg{transform:scaleX(-1)}
.live .tick{animation:pop .45s cubic-bezier(.3,1.6,.6,1)}
.live .tick path{stroke-dasharray:24;animation:draw .5s .12s ease-out backwards}
@keyframes pop{from{transform:scale(.3);opacity:0}}
@keyframes draw{from{stroke-dashoffset:24}}
@keyframes rise{from{opacity:0;transform:translateY(10px)}}
@media (max-width:479.9px){.root:not(.inline) .panel{inset:auto 0 0;width:100%;max-height:92dvh;border-radius:20px 20px 0 0}
.root:not(.inline):not(.beside) .panel{height:92dvh}}
@media (max-width:400px){header{padding-block:6px}.log{padding:12px}.card{padding:12px;gap:8px}.chip{flex:auto;padding:0 10px;font-size:14px}
.apart{gap:0}.again{padding:0 8px;font-size:13px}.quiet{flex-basis:auto;font-size:12px}.hint:not(:empty){font-size:13px}}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
@media (forced-colors:active){button,.panel{border:1px solid}[aria-pressed=true]{outline:2px solid}}
`;

// State of this tab.
let mode = set.mode;
let { session, sessionSignature: signature } = set;
let token = null;
// The newest frame that waited for us when we came.
let cursor = 0;
// The newest frame we have shown.
let after = 0;
// Not yet known.
let online = null;
let ws = null;
let shown = false;
let unread = 0;
let count = 0;
// Frame id → what to do when it is kept or refused.
const waiting = new Map();
// Frame ids sent over the present socket.
const flying = new Set();
// Question key → its card.
const cards = new Map();
// Frame id or key → message.
const bubbles = new Map();
// Comment token → its form, so that a new settle never wipes what is being typed.
const boxes = new Map();
const inline = set.mount;
const fresh = !store.get('token');

// What is seen.
const host = h('lastword-widget', { 'data-connection': connection, 'data-inline': !!inline });
const shadow = host.attachShadow({ mode: 'open' });
// Which no content security policy of the page forbids.
const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);
shadow.adoptedStyleSheets = [sheet];
const badge = h('span.badge', { hidden: true, 'aria-hidden': 'true' });
const opener = h('button.open', { hidden: true, 'aria-expanded': 'false', click: () => open(true) }, icon(CHAT), badge);
const title = h('h2', { id: 'title' });
const sign = h('span.mark', {}, icon(CHAT));
const shut = h('button.shut', { click: close }, icon('M6 6l12 12M18 6L6 18'));
const net = h('p.net', { role: 'status', 'aria-live': 'polite' });
const log = h('div.log', { role: 'log', 'aria-live': 'off', 'aria-labelledby': 'title', tabindex: 0 });
const entry = h('textarea', { rows: 1, maxlength: 4000, dir: 'auto', keydown: submitOnEnter });
const go = h('button.go', { type: 'submit' }, icon(SEND));
const write = h('form.write', { submit: say }, entry, go);
const panel = h('section.panel', { hidden: true, role: inline ? 'region' : 'dialog', 'aria-labelledby': 'title' },
  h('header', {}, sign, title, !inline && shut), net, log, write);
const root = h('div.root', { lang, dir: dirOf(lang), keydown: e => e.key === 'Escape' && !inline && !e.isComposing && close() }, panel, opener);
shadow.append(root);

const darkly = matchMedia('(prefers-color-scheme: dark)');
const theme = () => {
  const asked = set.theme || page.dataset.theme;
  root.classList.toggle('dark', asked ? asked === 'dark' : darkly.matches);
};
const dress = () => {
  const beside = mode === 'beside';
  const name = (el, words) => attr(el, 'aria-label', words);
  root.classList.toggle('beside', beside);
  root.classList.toggle('inline', !!inline);
  root.classList.toggle('start', set.side === 'start' || (beside && !set.side));
  // Then the question is the heading.
  root.classList.toggle('asked', !!cards.size);
  write.hidden = beside;
  title.replaceChildren(T(beside ? 'rate' : 'title'), ...(brand.name ? [' ', h('small', {}, brand.name)] : []));
  name(shut, T('close'));
  name(entry, (entry.placeholder = comments() ? wanted.label : T('placeholder')));
  name(go, T('send'));
  name(opener, (beside ? T('rate') : T('open')) + (unread ? ` (${unread})` : ''));
  badge.textContent = unread;
  badge.hidden = !unread;
  // Beside another chat there is nothing to open until there is a question.
  opener.hidden = !!inline || shown || !mode || (beside && !question());
  attr(opener, 'aria-expanded', shown);
  panel.hidden = !shown || (inline && beside && !log.childElementCount);
};
const question = () => [...cards.values()].reverse().find(card => card.open);
const focused = () => (doc.activeElement === host ? shadow.activeElement : doc.activeElement) || doc.body;
const typing = () => focused().matches('input,textarea,select') || focused().isContentEditable;

function open(byHand) {
  shown = true;
  unread = 0;
  store.set('seen', after);
  dress();
  down();
  if (byHand) {
    wake();
    const card = question();
    if (card) card.el.focus();
    else (mode === 'beside' ? log : entry).focus();
  }
}
function close() {
  if (!shown || inline) return;
  const inside = doc.activeElement === host;
  shown = false;
  const card = question();
  // Put away for this visit; the next one shows it again.
  if (card) visit[prefix] = card.key;
  dress();
  if (inside && !opener.hidden) opener.focus();
}
function down() {
  const last = (question() || {}).el || log.lastElementChild;
  log.scrollTop = last && last.matches('.card') ? last.offsetTop - 8 : log.scrollHeight;
}

// Sending: kept first, then sent under the same id until somebody answers for it.
function send(frame, answered) {
  const random = crypto.getRandomValues(new Uint32Array(2));
  const id = `${Date.now().toString(36)}-${(1e6 + count++).toString(36)}-${random[0].toString(36)}${random[1].toString(36)}`;
  // Grows from frame to frame, whatever the clock does.
  const at = Math.max(Date.now(), +store.get('at') + 1);
  store.set('at', at);
  store.set('out:' + id, JSON.stringify({ ...frame, id, at }));
  waiting.set(id, answered);
  wake();
  flush();
  return id;
}
function outbox() {
  return store.under('out:').map(key => {
    try { return JSON.parse(store.get(key)); } catch { return store.drop(key), null; }
  }).filter(Boolean);
}
function answer(reply) {
  const { kind, id, code, detail } = reply;
  flying.delete(id);
  clearTimeout(overdue);
  if (flying.size) watch();
  if (kind === 'error' && code === 'busy') return void again();
  if (kind === 'error') console.warn(`Lastword: ${code}: ${detail}`);
  if (!id) return;
  store.drop('out:' + id);
  const told = waiting.get(id);
  waiting.delete(id);
  if (told) told(kind === 'ack');
  const bubble = bubbles.get(id);
  if (bubble) {
    bubble.classList.remove('wait');
    if (kind !== 'ack') bubble.classList.add('fail'), bubble.append(h('small', {}, T('refused')));
  }
}
let overdue;
// A network that went away without a word is noticed by the answer that does not come.
function watch() {
  clearTimeout(overdue);
  overdue = setTimeout(() => ws && ws.hangUp(), 10000);
}
let posting = false;
async function flush() {
  if (!online || posting) return;
  posting = true;
  const tried = new Set(ws && flying);
  try {
    for (let frame; (frame = outbox().find(({ id }) => !tried.has(id)));) {
      const { id } = frame;
      tried.add(id);
      if (ws) {
        flying.add(id);
        ws.send(JSON.stringify(frame));
        watch();
      } else {
        // One by one: a frame that is refused does not hold up the others.
        const { acks } = await call('POST', '/frames', [frame]).catch(({ status, message }) => {
          if (![400, 413, 422].includes(status)) throw status;
          return { acks: [{ kind: 'error', id, code: 'refused', detail: message }] };
        });
        acks.forEach(answer);
      }
    }
  } catch { again(); }
  posting = false;
}
const again = () => setTimeout(flush, 2000 + Math.random() * 3000);

// The connection: a socket; after two that never opened, long polling.
async function call(method, path, body, query = '', signal = null) {
  const headers = body ? { 'content-type': 'application/json' } : {};
  if (path !== '/visitor') headers.authorization = `Bearer ${token}`;
  const response = await fetch(api + path + query, { method, headers, signal, credentials: 'omit', body: body && JSON.stringify(body) });
  if (!response.ok) throw Object.assign(Error(`HTTP ${response.status}`), { status: response.status });
  return response.json();
}
async function register() {
  const ask = async () => {
    const got = await call('POST', '/visitor', { token: store.get('token'), lang, session, signature });
    store.set('token', (token = got.token));
    if (got.session_refused) console.warn(`Lastword: the session ${session} is not signed for this page: see data-session-signature.`);
    return got;
  };
  // Two tabs that open at once become one visitor.
  const got = await (navigator.locks ? navigator.locks.request(prefix, ask) : ask());
  mode = mode || got.mode;
  texts = got.texts || {};
  brand = got.brand || {};
  (brand.colors || []).forEach((color, i) => root.style.setProperty(`--b${i}`, color));
  if (brand.logo) sign.replaceChildren(h('img', { src: `${base}/r/logo?${brand.logo}`, alt: '', error: () => sign.replaceChildren(icon(CHAT)) }));
  cursor = got.cursor || 0;
  if (set.open != null || inline) shown = true;
  dress();
  // A visitor who never opened the chat costs the server no connection.
  if (shown || mode === 'beside' || cursor || session || (!fresh && store.get('active'))) wake();
}
let wake;
const awake = new Promise(resolve => (wake = () => (store.set('active', 1), resolve())));
let kick = () => {};
const pause = ms => new Promise(resolve => { kick = resolve; setTimeout(resolve, ms); });
let tries = 0;
// Sockets in a row that never opened.
let refusals = 0;
let lastNews;
function link(up) {
  if (up === online) return;
  online = up;
  clearTimeout(lastNews);
  // A blink is not worth a word.
  if (!up) lastNews = setTimeout(() => { net.textContent = T('lost'); }, 1200);
  else if (net.textContent) {
    net.textContent = T('back');
    lastNews = setTimeout(() => { net.textContent = ''; }, 2500);
  }
}
function socket() {
  return new Promise(resolve => {
    const line = new WebSocket(`${api.replace(/^http/, 'ws')}/socket?after=${after}`, ['lastword', token]);
    line.hangUp = () => {
      line.onopen = line.onmessage = line.onclose = null;
      line.close();
      if (ws !== line && navigator.onLine) refusals += 1;
      ws = null;
      clearTimeout(overdue);
      flying.clear();
      link(false);
      resolve();
    };
    line.onclose = line.hangUp;
    line.onopen = () => {
      ws = line;
      refusals = 0;
      link(true);
      flush();
    };
    line.onmessage = event => {
      tries = 0;
      take(JSON.parse(event.data));
    };
  });
}
async function poll() {
  // Then a socket is tried again.
  const until = Date.now() + 300000;
  for (let wait = 0; Date.now() < until; wait = 25) {
    const began = Date.now();
    const { frames } = await call('GET', '/frames', null, `?after=${after}&wait=${wait}`, AbortSignal.timeout(40000));
    tries = 0;
    link(true);
    frames.forEach(take);
    await flush();
    // A server that does not hold the request.
    if (wait && !frames.length && Date.now() - began < 2000) await pause(2000);
  }
  refusals = 0;
}
async function run() {
  for (;;) {
    try {
      if (!token) await register();
      await awake;
      if (refusals < 2) await socket();
      if (refusals > 1) await poll();
    } catch ({ status }) {
      link(false);
      if (status > 400 && status < 405) {
        if (!token) {
          root.hidden = true;
          return console.warn(`Lastword: this page (${location.origin}) may not use the connection "${connection}": is it among its origins?`);
        }
        // Ask who we are, again.
        token = null;
      } else refusals = 0;
    }
    await pause(Math.min(30000, 500 * 2 ** tries++) * (0.5 + Math.random() / 2));
  }
}

// Frames.
let settled;
// The name of the last operator who wrote.
let answering;
// Something that has to be scrolled to.
let news;
// The comment that the card just asked for.
let wanted;
// A comment was typed since the last card.
let commented;
// With a chat of its own there is one place to type. Only a card that asks for reasons has asked why.
const inChat = frame => mode !== 'beside' && frame.comment && frame.choices.some(({ kind }) => kind === 'reason');
const comments = () => wanted && Date.now() < wanted.until && !outbox().some(({ token }) => token === wanted.token);
function take(frame) {
  if (frame.kind === 'ack' || frame.kind === 'error') return answer(frame);
  if (frame.seq && frame.seq <= after) return;
  if (frame.seq) after = frame.seq;
  const live = after > cursor;
  // A backlog is not read out.
  attr(log, 'aria-live', live ? 'polite' : 'off');
  // Whatever comes after "what went wrong?" ends it.
  if (frame.kind !== 'alert') wanted = inChat(frame) && { ...frame.comment, until: (live ? Date.now() : frame.at) + 3600000 };
  if (frame.kind === 'message') message(frame);
  else if (frame.kind === 'question' || frame.kind === 'alert') put(frame.key, () => ask(frame), frame.kind === 'question', live);
  else if (frame.kind === 'settle') put(frame.replaces || frame.key, () => thanks(frame), false, live);
  const unsent = wanted ? outbox().filter(({ token }) => token === wanted.token) : [];
  unsent.forEach(pending);
  commented ||= unsent.length;
  if (frame.kind === 'message' && frame.from !== 'visitor' && !shown && after > +store.get('seen')) unread += 1;
  clearTimeout(settled);
  // Once the burst is over: a question may be settled in it.
  settled = setTimeout(() => attend(live), 40);
}
function attend(live) {
  const card = question();
  if (card && !shown && visit[prefix] !== card.key) open(false);
  else if (mode === 'beside' && live && unread) open(false);
  // What is not yet sent is the newest.
  log.append(...log.querySelectorAll('.wait'));
  if (shown) store.set('seen', after);
  // Nothing moves under the hands of who is writing a comment.
  if (shown && news && !focused().closest('.card form')) down();
  news = false;
  dress();
  attr(log, 'aria-live', 'polite');
  if (card && live && shown && !card.met && !typing() && !card.el.contains(focused()) && (focused() === doc.body || doc.activeElement === host)) card.el.focus();
  if (card) card.met = true;
}
function put(key, build, isOpen, live) {
  const old = cards.get(key);
  const inside = old && old.el.contains(focused()) && focused();
  // May take a comment box over from the old card, and the focus with it.
  const el = build();
  // A moment of thanks, once.
  if (live && old && old.open && !isOpen) el.classList.add('live');
  // The thanks for a comment come after it.
  if (old && !commented) old.el.replaceWith(el);
  else log.append(el);
  if (old && commented) old.el.remove();
  commented = null;
  news ||= !old || old.open;
  cards.delete(key);
  cards.set(key, { key, el, open: isOpen, met: old && old.met });
  for (const card of cards.values()) card.el.classList.toggle('past', card.el !== el && !card.open);
  // Who was on the old card is now on the new one; who typed goes on typing.
  if (inside && live) (el.contains(inside) ? inside : el).focus();
}
function message({ key, from, text, name, at, replaces }) {
  // An echo is named {visitor}:{id}.
  const mine = key.split(':').pop();
  if (bubbles.has(key)) return bubbles.get(key);
  const edited = bubbles.get(replaces);
  if (edited) {
    edited.querySelector('p').replaceChildren(...linked(text));
    bubbles.set(key, edited);
    return edited;
  }
  news = true;
  if (from === 'operator') answering = name;
  const el = h('div', { class: `msg ${['operator', 'visitor'].includes(from) ? from : 'notice'}` },
    from === 'operator' && face(name), from !== 'notice' && h('span.sr', {}, `${from === 'visitor' ? T('you') : name || T('support')}: `),
    h('p', { dir: 'auto' }, ...linked(text)),
    from !== 'notice' && h('small', {}, [from === 'operator' && name, at && new Date(at).toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit' })].filter(Boolean).join(' · ')));
  const early = from === 'visitor' && bubbles.get(mine);
  if (early) early.replaceWith(el);
  else log.append(el);
  bubbles.set(key, el);
  if (from === 'visitor') bubbles.set(mine, el);
  return el;
}
function say(event) {
  event.preventDefault();
  const text = entry.value.trim();
  if (!text) return;
  entry.value = '';
  const { token } = (comments() && wanted) || {};
  commented ||= token;
  const told = ok => { if (ok) wanted = null; dress(); };
  pending({ id: token ? send({ kind: 'comment', token, text }, told) : send({ kind: 'message', text }), text });
  dress();
  down();
}
function pending({ id, text }) {
  message({ key: id, from: 'visitor', text }).classList.add('wait');
}
function submitOnEnter(event) {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    write.requestSubmit();
  }
}

// Cards. What was chosen is remembered only to be shown; what counts is what the server says.
const marks = () => {
  try { return new Set(JSON.parse(store.get('marks'))); } catch { return new Set(); }
};
function mark(token, on) {
  const all = marks();
  all.delete(token);
  if (on) all.add(token);
  store.set('marks', JSON.stringify([...all].slice(-60)));
}
function card(frame, kind, ...heading) {
  const id = `card${count++}`;
  const el = h('div', { class: `card ${kind}`, role: 'group', tabindex: -1, 'aria-labelledby': id, lang: frame.lang, dir: dirOf(frame.lang || lang) },
    h('p', { id, class: 'ask' }, ...heading));
  const hint = h('p.hint', {});
  const choices = frame.choices || [];
  const of = kind => choices.filter(choice => choice.kind === kind);
  const apart = ['change', 'opt_out', 'opt_in'].flatMap(of);
  if (choices.some(choice => /^✓/.test(choice.label))) for (const { label, token } of choices) mark(token, /^✓/.test(label));
  if (of('score').length) el.append((of('score').length > 2 ? stars : thumbs)(of('score'), id, hint));
  const more = h('div.box.more', {},
    ...['reason', 'resolved', 'acknowledge'].map(kind => of(kind).length > 0 && chips(of(kind), kind, hint, id)),
    frame.comment && !inChat(frame) && comment(frame.comment),
    // What is not one more reason stands last.
    apart.length > 0 && chips(apart, 'change', hint, id, inChat(frame)));
  if (more.firstChild) el.append(more);
  el.append(hint);
  return el;
}
const ask = frame => card(frame, frame.kind, frame.kind === 'question' && answering && face(answering), h('span', {}, ...linked(frame.text)));
const thanks = frame => card(frame, 'done', h('span.tick', {}, icon('M5 13l4 4L19 7')), h('span', {}, ...linked(frame.text)));

// The taps of one group: `paint` shows what is marked, at once and again when the server has answered.
function taps(choices, several, paint, hint) {
  const told = (choice, on) => ok => {
    if (!ok) mark(choice.token, !on);
    paint();
    hint.textContent = T(ok ? 'saved' : 'refused');
  };
  const unsent = choice => outbox().find(frame => frame.kind === 'press' && frame.token === choice.token);
  for (const choice of choices) {
    const frame = unsent(choice);
    if (frame) waiting.set(frame.id, told(choice, marks().has(choice.token)));
  }
  return choice => {
    if (!several && marks().has(choice.token) && unsent(choice)) return;
    const on = !several || !marks().has(choice.token);
    if (!several) for (const rival of choices) mark(rival.token, false);
    mark(choice.token, on);
    hint.textContent = online ? '' : T('kept');
    send({ kind: 'press', token: choice.token }, told(choice, on));
    paint();
  };
}
function pressable(choices, several, hint, make) {
  const paint = () => buttons.forEach((button, i) => attr(button, 'aria-pressed', marks().has(choices[i].token)));
  const tap = taps(choices, several, paint, hint);
  const buttons = choices.map((choice, i) => make(choice, i, () => tap(choice)));
  paint();
  return buttons;
}
function thumbs(choices, id, hint) {
  return h('div.row.two', {}, ...pressable(choices, false, hint, ({ label }, i, click) => {
    const good = /👍/.test(label) || (i === 0 && !/👎/.test(label));
    const words = label.replace(/👍|👎|[\u{1f3fb}-\u{1f3ff}\ufe0f]|^✓/gu, '').trim() || T(good ? 'good' : 'bad');
    return h('button', { click }, icon(THUMB, !good && 'matrix(1 0 0 -1 0 24)'), h('span', {}, words));
  }));
}
// The reasons answer the text of the card, so they have no question of their own.
function chips(choices, kind, hint, heading, way) {
  const title = kind === 'resolved' && T('resolved');
  const id = `label${count++}`;
  const apart = kind === 'change';
  return h(apart ? 'div.row.apart' : 'div.row', { role: 'group', 'aria-labelledby': title ? id : heading }, title && h('span.label', { id }, title),
    ...pressable(choices, kind === 'reason', hint, ({ label, kind: is }, i, click) => h(apart ? `button.again${is === 'opt_out' ? '.quiet' : ''}` : 'button.chip', { click }, label.replace(/^✓\s*/, ''))),
    // The way to write something else than the comment.
    way && h('button.again', { click: () => { wanted = null; dress(); entry.focus(); } }, T('title')));
}
// A radio group that sends: arrows only move, Enter or Space decides.
function stars(choices, id, hint) {
  const steps = choices
    .map((choice, i) => ({ ...choice, n: (choice.label.match(/[★⭐]/gu) || []).length || choices.length - i }))
    .sort((a, b) => a.n - b.n);
  const name = n => T('star').replace('{n}', n).replace('{m}', steps.length);
  // Over the card's edge: it takes no room.
  const words = h('p.over', { 'aria-hidden': 'true' });
  const chosen = () => steps.findIndex(step => marks().has(step.token));
  const show = at => {
    buttons.forEach((button, i) => button.classList.toggle('on', i <= at));
    words.textContent = at < 0 ? '' : name(steps[at].n);
  };
  const paint = () => {
    const at = chosen();
    buttons.forEach((button, i) => {
      attr(button, 'aria-checked', i === at);
      button.tabIndex = i === Math.max(at, 0) ? 0 : -1;
    });
    show(at);
  };
  const tap = taps(steps, false, paint, hint);
  const move = event => {
    const at = buttons.indexOf(focused());
    const ahead = getComputedStyle(row).direction === 'rtl' ? -1 : 1;
    const to = { ArrowRight: at + ahead, ArrowLeft: at - ahead, ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: steps.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[(to + steps.length) % steps.length].focus();
  };
  const buttons = steps.map((step, i) => h('button', {
    role: 'radio', 'aria-label': name(step.n),
    click: () => tap(step), pointerenter: () => show(i), focus: () => show(i), blur: () => show(chosen()),
  }, icon(STAR)));
  const row = h('div.stars', { role: 'radiogroup', 'aria-labelledby': id, keydown: move, pointerleave: () => show(chosen()) }, ...buttons);
  paint();
  return h('div.rate', {}, row, words);
}
function comment({ label, token, max_chars }) {
  if (boxes.has(token)) return boxes.get(token);
  const id = `box${count++}`;
  const hint = text => { (form.closest('.card') || form).lastChild.textContent = text; };
  const field = h('textarea', { id, rows: 1, maxlength: max_chars, dir: 'auto', placeholder: label });
  const form = h('form.why', { submit: event => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    send({ kind: 'comment', token, text }, told);
    hint(online ? '' : T('kept'));
    sent(text).focus();
  } });
  const blank = [h('label.sr', { for: id }, label), field, h('button.go', { type: 'submit', 'aria-label': T('send') }, icon(SEND))];
  const told = ok => {
    if (!ok) form.replaceChildren(...blank);
    hint(T(ok ? 'saved' : 'refused'));
  };
  const sent = text => {
    const said = h('p.said', { dir: 'auto', tabindex: -1 }, text);
    form.replaceChildren(said);
    return said;
  };
  form.append(...blank);
  const unsent = outbox().find(frame => frame.kind === 'comment' && frame.token === token);
  if (unsent) {
    field.value = unsent.text;
    waiting.set(unsent.id, told);
    sent(unsent.text);
  }
  boxes.set(token, form);
  return form;
}

function start() {
  ((inline && doc.querySelector(inline)) || doc.body).append(host);
  darkly.addEventListener('change', theme);
  new MutationObserver(theme).observe(page, { attributes: true, attributeFilter: ['data-theme'] });
  theme();
  outbox().filter(frame => frame.kind === 'message').forEach(pending);
  // Two tabs that began together may each have become a visitor: the one whose token was kept is who we are.
  addEventListener('storage', ({ key }) => {
    const kept = key === prefix + 'token' && token && store.get('token');
    if (!kept || kept === token) return;
    token = kept;
    after = 0;
    if (ws) ws.hangUp();
  });
  addEventListener('online', () => kick());
  addEventListener('offline', () => ws && ws.hangUp());
  doc.addEventListener('visibilitychange', () => doc.hidden || kick());
  Object.assign(shelf[connection], {
    open: () => open(true),
    close,
    // For a page that learns the other desk's session id only later.
    session(id, signed) { session = id; signature = signed; register().catch(() => {}); },
    // For a page that knows the right moment.
    async rate(id = session, signed = signature) {
      [session, signature] = [id, signed];
      await register();
      const got = await call('POST', '/rate', { session, signature });
      if (got.reason) console.info(`Lastword: the visitor is not asked: ${got.reason}.`);
      else {
        delete visit[prefix];
        wake();
        if (question()) open(true);
      }
      return got;
    },
  });
  run();
}
if (doc.readyState === 'loading') addEventListener('DOMContentLoaded', start);
else start();
})();
