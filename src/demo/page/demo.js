// The operator's and the supervisor's side of the demo. The visitor's side is the widget itself. The page shows the scene
// that the server sends; people's texts are only inserted as text.
import { drawDesk, inDesk } from './desk.js';
import { $, doing, entering, make, post, time } from './parts.js';

let scene = { chats: [], alerts: [], desk: null, room: [] };
let chosen = null; // the conversation that the operator chose; otherwise the newest
const chat = () => scene.chats.find(({ visitor }) => visitor === chosen) || scene.chats[0];

// The operator.
let drawn = ''; // the conversation shown in the log
function drawTalk(now) {
  const log = $('talk');
  if (drawn !== (now?.visitor ?? '')) log.replaceChildren();
  drawn = now?.visitor ?? '';
  const last = Number(log.lastElementChild?.dataset.seq ?? 0);
  for (const { seq, from, text, at } of now?.messages ?? []) {
    if (seq <= last) continue;
    const words = from === 'question' ? `Asked: “${text}”` : text;
    const who = { visitor: 'Visitor: ', operator: 'You: ' }[from];
    log.append(make('div', { class: `msg ${from}`, 'data-seq': seq }, who && make('span', { class: 'sr' }, who),
      make('p', { dir: 'auto' }, words), who && make('small', {}, time(at))));
    log.scrollTop = log.scrollHeight;
  }
}
function drawVerdict(rating) {
  const box = $('verdict');
  const parts = rating ? [rating.score, ...rating.reasons, rating.comment && `“${rating.comment}”`,
    rating.resolved === null ? '' : rating.resolved ? 'resolved' : 'not resolved'].filter(Boolean) : [];
  const words = parts.join(' · ');
  if (box.textContent === (words && `The visitor rated: ${words}`)) return;
  box.classList.toggle('low', Boolean(rating?.low));
  box.replaceChildren(...(words ? ['The visitor rated: ', make('strong', {}, parts[0]), parts.slice(1).map(part => ` · ${part}`).join('')] : []));
}
function drawChoice() {
  const select = $('which');
  select.parentElement.hidden = scene.chats.length < 2;
  const options = scene.chats.map(({ visitor, open }) => make('option', { value: visitor }, `Visitor ${visitor.slice(-4)}${open ? '' : ' (closed)'}`));
  select.replaceChildren(...options);
  if (chat()) select.value = chat().visitor;
}
function drawState(now) {
  const closed = inDesk() ? 'resolved' : 'closed';
  const state = !now ? 'no chat yet' : now.open ? 'open' : now.rating ? 'rated' : now.asked ? `${closed}, asked` : closed;
  if ($('status').textContent !== state) $('status').textContent = state;
  $('status').classList.toggle('on', Boolean(now?.open));
}
function drawOperator(now) {
  $('close').disabled = !now?.open;
  $('quiet').hidden = Boolean(now);
  for (const part of document.querySelectorAll('#reply textarea, #reply button, #plain .quick button')) part.disabled = !now;
  drawChoice();
  drawTalk(now);
  drawVerdict(now?.rating);
}
function say(text) {
  const now = chat();
  const words = text.trim();
  if (!now || !words) return Promise.resolve();
  const id = [...crypto.getRandomValues(new Uint32Array(3))].map(part => part.toString(36)).join('');
  return post('reply', { visitor: now.visitor, text: words, id });
}
$('reply').addEventListener('submit', event => {
  event.preventDefault();
  doing(event.target, async () => { await say($('words').value); $('words').value = ''; });
});
entering($('words'));
for (const button of document.querySelectorAll('#plain .quick button')) button.addEventListener('click', () => doing(button, () => say(button.dataset.say)));
$('close').addEventListener('click', event => doing(event.target, () => post('close', { visitor: chat().visitor })));
$('which').addEventListener('change', event => { chosen = event.target.value; draw(); });

// The supervisor. Existing alerts keep their elements, so that focus and screen readers are not disturbed.
function drawAlerts() {
  const list = $('alerts');
  $('calm').hidden = scene.alerts.length > 0;
  list.hidden = !scene.alerts.length;
  for (const { key, text, at, token, seen, rating } of [...scene.alerts].reverse()) {
    let item = [...list.children].find(({ dataset }) => dataset.key === key);
    if (!item) {
      item = make('li', { 'data-key': key }, make('p', { dir: 'auto' }, text), make('time', { datetime: new Date(at).toISOString() }, time(at)));
      if (token) {
        const button = make('button', { type: 'button', class: 'solid' }, 'Mark as seen');
        button.addEventListener('click', () => doing(button, () => post('acknowledge', { token, message: key })));
        item.append(button);
      }
      if (rating) item.append(make('a', { class: 'line', href: `/demo/enter/ratings/${rating}` }, 'Open the rating'));
      list.prepend(item);
    }
    const words = item.querySelector('p');
    if (words.textContent !== text) words.textContent = text;
    if (seen && !item.classList.contains('seen')) {
      item.classList.add('seen');
      item.querySelector('button')?.remove();
      item.querySelector('time').after(make('span', { class: 'by' }, seen));
    }
  }
}

// The chat room. Messages keep their elements; the newest is first.
const edge = { '#A32037': 'bad', '#CACF29': 'warn', '#3AA337': 'good' };
function drawRoom() {
  const list = $('room');
  if (!list) return;
  const newest = Number(list.firstElementChild?.dataset.seq ?? 0);
  for (const { seq, at, title, text, quote, colour } of [...scene.room].reverse()) {
    if (seq <= newest) continue;
    list.prepend(make('li', { 'data-seq': seq, class: edge[colour] ?? '' }, make('b', { dir: 'auto' }, title),
      make('time', { datetime: new Date(at).toISOString() }, time(at)), text && make('p', { dir: 'auto' }, text),
      quote && make('blockquote', { dir: 'auto' }, quote)));
  }
}
$('break')?.addEventListener('click', event => doing(event.target, () => post('break', {})));

// The story: long IDs are shortened; the title has the complete ID.
function sentence(text) {
  return text.split(/\b(0[0-9A-Za-z]{16}(?:-\d+)?)\b/).map((part, at) => (at % 2 ? make('code', { title: part }, `${part.slice(0, 4)}…${part.slice(-4)}`) : part));
}
let told = '';
function drawStory(now) {
  const story = now?.story ?? [];
  const words = JSON.stringify(story);
  if (words === told) return;
  told = words;
  $('nothing').hidden = story.length > 0;
  $('story').replaceChildren(...story.map(({ at, text }) => make('li', {}, make('time', { datetime: new Date(at).toISOString() }, time(at)), ...sentence(text))));
}

// The next step.
function drawSteps(now) {
  const found = inDesk() ? now?.shown : now?.rating?.low && scene.alerts.find(({ rating }) => rating)?.seen;
  const done = [Boolean(now), Boolean(now && (!now.open || now.rating)), Boolean(now?.rating), Boolean(found), false];
  const next = done.indexOf(false);
  ['step-write', 'step-close', 'step-rate', 'step-seen', 'step-on'].forEach((id, at) => {
    $(id).classList.toggle('done', done[at]);
    if (at === next) $(id).setAttribute('aria-current', 'step');
    else $(id).removeAttribute('aria-current');
  });
}

// The numbers change with closes and ratings.
let counted = '';
async function drawNumbers(now) {
  const key = JSON.stringify([now?.session, now?.open, now?.rating?.score]);
  if (key === counted) return;
  const first = !counted;
  counted = key;
  if (first) return; // the page already contains them
  const text = await (await fetch('/demo/numbers')).text();
  $('numbers').replaceChildren(...new DOMParser().parseFromString(text, 'text/html').body.childNodes);
}

function draw() {
  const [plain, desk] = [chat(), drawDesk(scene.desk)];
  const now = inDesk() ? desk : plain;
  drawState(now);
  drawOperator(plain);
  drawAlerts();
  drawRoom();
  drawStory(now);
  drawSteps(now);
  drawNumbers(now).catch(() => { counted = ''; });
}

const live = new EventSource('/demo/live');
live.addEventListener('scene', event => { scene = JSON.parse(event.data); draw(); });
live.addEventListener('open', () => { $('link').textContent = 'live'; $('link').classList.add('on'); });
live.addEventListener('error', () => { $('link').textContent = 'reconnecting'; $('link').classList.remove('on'); });

const scaleWord = () => {
  const stars = document.querySelector('[name=scale]:checked').value === 'five_star';
  document.querySelector('.scale-word').textContent = stars ? '★ (one star)' : '👎';
};
for (const input of document.querySelectorAll('[name=scale]')) {
  input.addEventListener('change', () => { scaleWord(); post('scale', { scale: input.value }).catch(({ message }) => { $('status').textContent = message; }); });
}
scaleWord();

// Where the operator works; part of the address, so that it can be linked.
function choose(view) {
  document.body.dataset.view = view;
  history.replaceState(null, '', view === 'desk' ? '#chatwoot' : location.pathname);
  for (const [id, of] of [['plain', 'plain'], ['visitor-chat', 'plain'], ['desk', 'desk'], ['shop', 'desk']]) $(id).hidden = of !== view;
  draw();
}
for (const input of document.querySelectorAll('[name=view]')) {
  input.addEventListener('change', () => choose(input.value));
  input.checked = input.value === (location.hash === '#chatwoot' ? 'desk' : 'plain');
}
choose(document.querySelector('[name=view]:checked')?.value ?? 'plain');
