// The operator's column in Chatwoot, and the visitor's side of Chatwoot's own chat. The stand-in behind it notifies the engine by
// signed webhooks and is called by its adapter; this script only renders it and sends people's actions.
import { $, doing, entering, make, post, time } from './parts.js';

/** True if the operator works in Chatwoot. */
export const inDesk = () => document.body.dataset.view === 'desk';

// The visitor ID of this browser, stored as by Chatwoot's widget.
const KEY = 'lastword demo visitor';
function remembered() {
  const made = [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, '0')).join('');
  try {
    const known = localStorage.getItem(KEY) ?? made;
    localStorage.setItem(KEY, known);
    return known;
  } catch { return made; }
}
const me = remembered();

let desk = null;
let chosen = null; // the conversation that the operator chose; otherwise the newest
const current = () => desk?.conversations.find(({ id }) => id === chosen) ?? desk?.conversations[0];
const mine = () => desk?.conversations.find(({ visitor }) => visitor === me);

/** Messages already in `log` keep their elements, so that focus and screen readers are not disturbed. */
function drawLog(log, whose, messages, draw) {
  if (log.dataset.of !== String(whose)) log.replaceChildren();
  log.dataset.of = String(whose);
  let grew = false;
  for (const message of messages) {
    const [id, words] = [String(message.id), JSON.stringify(message)];
    const before = [...log.children].find(({ dataset }) => dataset.id === id);
    if (before?.dataset.words === words) continue;
    const element = draw(message);
    Object.assign(element.dataset, { id, words });
    if (before) before.replaceWith(element);
    else { log.append(element); grew = true; }
  }
  if (grew) log.scrollTop = log.scrollHeight;
}
const quoted = ({ reply_to: to }, messages) => to && make('small', { class: 'quote' }, messages.find(({ id }) => id === to)?.text ?? '…');

// The operator's side.
function drawMessage(message, messages) {
  const { at, from, name, text, private: note, items, tapped } = message;
  if (from === 'activity') return make('div', { class: 'activity' }, make('p', {}, text), make('small', {}, time(at)));
  const element = make('div', { class: `msg ${from}${note ? ' note' : ''}` },
    make('span', { class: 'sr' }, note ? `Private note of ${name}: ` : from === 'contact' ? 'Visitor: ' : `${name}: `),
    quoted(message, messages), make('p', { dir: 'auto' }, text));
  if (items.length) element.append(make('ul', { class: 'items' }, ...items.map((item, place) => make('li', place === tapped ? { class: 'tapped' } : {}, item))));
  element.append(make('small', {}, [note && '🔒 Private note', from === 'user' && name, time(at)].filter(Boolean).join(' · ')));
  return element;
}
function drawAbout(now) {
  const words = JSON.stringify([now?.labels, now?.attributes]);
  if ($('desk-labels').dataset.words === words) return;
  $('desk-labels').dataset.words = words;
  const color = title => desk.labels.find(label => label.title === title)?.color ?? '';
  $('desk-labels').replaceChildren(...(now?.labels ?? []).map(title => {
    const dot = make('i', { 'aria-hidden': 'true' });
    dot.style.background = color(title);
    return make('li', color(title) ? { class: 'ours' } : {}, dot, title);
  }));
  const ours = name => (name.startsWith('lastword') ? { class: 'ours' } : {});
  $('desk-attributes').replaceChildren(...(now?.attributes ?? []).map(([name, value]) => make('div', ours(name), make('dt', {}, name), make('dd', { dir: 'auto' }, value))));
}
function drawChoice() {
  const select = $('desk-which');
  const all = desk?.conversations ?? [];
  select.parentElement.hidden = all.length < 2;
  const words = JSON.stringify(all.map(({ id, contact, open }) => [id, contact, open]));
  if (select.dataset.words === words) return;
  select.dataset.words = words;
  select.replaceChildren(...all.map(({ id, contact, open }) => make('option', { value: id }, `#${id} ${contact}${open ? '' : ' (resolved)'}`)));
  if (current()) select.value = current().id;
}
function drawConversation(now) {
  $('desk-contact').textContent = now?.contact ?? 'No conversation yet';
  $('desk-number').textContent = now ? `#${now.id} · Shop` : 'Inbox: Shop';
  $('desk-face').textContent = (now?.contact ?? '?').split(' ').map(([letter]) => letter).join('').toUpperCase();
  const button = $('resolve');
  button.disabled = !now;
  button.textContent = now && !now.open ? 'Reopen' : 'Resolve';
  button.classList.toggle('again', Boolean(now && !now.open));
  $('desk-quiet').hidden = Boolean(now);
  for (const part of document.querySelectorAll('#desk-reply :is(textarea, input, button), #desk .quick button')) part.disabled = !now;
  drawLog($('desk-log'), now?.id ?? '', now?.messages ?? [], message => drawMessage(message, now.messages));
}
const noting = () => $('desk-note').checked;
const say = (text, note = false) => current() && text.trim() && post('desk/reply', { conversation: current().id, text, private: note });
$('desk-reply').addEventListener('submit', event => {
  event.preventDefault();
  doing(event.target, async () => { await say($('desk-words').value, noting()); $('desk-words').value = ''; });
});
entering($('desk-words'));
for (const choice of document.querySelectorAll('[name=desk-kind]')) {
  choice.addEventListener('change', () => {
    $('desk-reply').classList.toggle('note', noting());
    $('desk-words').placeholder = noting() ? 'Only agents will see this' : 'Reply in Chatwoot';
  });
}
for (const button of document.querySelectorAll('#desk .quick button')) button.addEventListener('click', () => doing(button, () => say(button.dataset.say)));
$('resolve').addEventListener('click', ({ target }) => doing(target, () => post('desk/status', { conversation: current().id, resolved: current().open })));
$('desk-which').addEventListener('change', ({ target }) => { chosen = Number(target.value); drawDesk(desk); });

// The panel: a dashboard app in a frame, which receives the conversation by messages, as in Chatwoot.
const frame = $('panel');
let told = null; // the conversation last sent to it
let knew = ''; // the engine's data about that conversation
let opening = null;
function tell() {
  const now = current();
  if (!now?.session) return;
  told = now.id;
  const agent = now.context.meta.assignee;
  const data = { conversation: now.context, contact: now.context.meta.sender, currentAgent: { id: agent.id, name: agent.name, email: null } };
  frame.contentWindow.postMessage(JSON.stringify({ event: 'appContext', data }), location.origin);
}
addEventListener('message', ({ source, data }) => source === frame.contentWindow && data === 'chatwoot-dashboard-app:fetch-info' && tell());
frame.addEventListener('load', tell);
/** Signs in as the demo's admin, and opens the panel. Its tab storage has the same origin as this page. */
async function openPanel(address) {
  const secret = await post('desk/enter');
  sessionStorage.setItem(`lastword ${new URL(address).pathname}`, secret);
  frame.src = address;
  frame.hidden = false;
}
/** True while a reply is being written, so that a reload does not lose it. */
const drafted = () => [...frame.contentDocument?.querySelectorAll('textarea') ?? []].some(area => area.value !== area.defaultValue);
function drawPanel(now) {
  const [lead, address] = [$('panel-lead'), desk?.panel];
  const elsewhere = address && new URL(address).origin !== location.origin;
  lead.hidden = Boolean(now?.session) && !elsewhere;
  if (elsewhere) {
    // Only the desk's own address may frame the panel.
    const there = new URL('/#chatwoot', address).href;
    if (!lead.querySelector('a')) lead.replaceChildren('The panel is shown to its desk’s own address alone: open the demo at ', make('a', { href: there }, new URL(address).origin), '.');
    return;
  }
  if (!now?.session || !address) return;
  const knows = JSON.stringify([now.open, now.asked, now.rating, now.labels]);
  if (!opening) {
    opening = openPanel(address).catch(({ message }) => { opening = null; $('status').textContent = message; });
  } else if (told !== null && told !== now.id) {
    tell();
  } else if (told !== null && knew !== knows) {
    if (drafted()) return;
    frame.contentWindow.location.reload();
  }
  knew = knows;
}

// The visitor's side: Chatwoot's chat on the shop's site.
let replying = null;
function reply(message) {
  replying = message;
  $('shop-quote').hidden = !message;
  $('shop-quoted').textContent = message?.text ?? '';
  if (message) $('shop-words').focus();
}
function drawBubble(message, { id: conversation, messages }) {
  const { id, at, from, text, items, tapped } = message;
  if (from === 'activity') return make('div', { hidden: '' });
  const element = make('div', { class: `msg ${from}` }, make('span', { class: 'sr' }, from === 'contact' ? 'You: ' : 'The shop: '), quoted(message, messages), make('p', { dir: 'auto' }, text));
  if (items.length && tapped === null) {
    const choices = items.map((item, place) => {
      const button = make('button', { type: 'button' }, item);
      button.addEventListener('click', () => doing(button, () => post('desk/tap', { visitor: me, conversation, message: id, item: place }).then(() => $('shop-log').focus())));
      return button;
    });
    element.append(make('div', { class: 'items', role: 'group', 'aria-label': text }, ...choices));
  } else if (items.length) {
    element.append(make('p', { class: 'chose' }, items[tapped]));
  }
  const foot = make('small', {}, time(at));
  if (from === 'user') {
    const button = make('button', { type: 'button', class: 'to' }, 'Reply');
    button.addEventListener('click', () => reply(message));
    foot.append(button);
  }
  element.append(foot);
  return element;
}
function drawShop() {
  const now = mine();
  $('shop-quiet').hidden = Boolean(now);
  $('shop-over').hidden = !now || now.open;
  drawLog($('shop-log'), now?.id ?? '', (now?.messages ?? []).filter(message => !message.private), message => drawBubble(message, now));
}
const write = begin => doing($('shop-write'), async () => {
  const text = $('shop-words').value;
  if (!text.trim()) return $('shop-words').focus();
  await post('desk/write', { visitor: me, text, begin, reply_to: begin ? null : replying?.id ?? null });
  $('shop-words').value = '';
  reply(null);
});
$('shop-write').addEventListener('submit', event => { event.preventDefault(); write(false); });
$('shop-begin').addEventListener('click', () => write(true));
$('shop-unquote').addEventListener('click', () => { reply(null); $('shop-words').focus(); });
entering($('shop-words'));

/** Renders the desk's scene from the server. Returns the conversation shown in the column. */
export function drawDesk(scene) {
  desk = scene;
  if (!desk) return undefined;
  const now = current();
  drawConversation(now);
  drawChoice();
  drawAbout(now);
  drawShop();
  if (inDesk()) drawPanel(now);
  return now && { ...now, shown: now.labels.some(label => label.startsWith('rated-')) };
}
