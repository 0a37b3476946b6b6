// A conversation with a visitor: the newest message is in view, Enter sends, and the page is not loaded again. Notifications of waiting
// chats are switched on here.
import { notifies, notifyFromNow } from './chats_news.js';

const scroll = document.getElementById('chat-scroll');
const log = document.getElementById('chat-log');
const form = document.getElementById('chat-write');

if (log) {
  const down = () => { scroll.scrollTop = scroll.scrollHeight; };
  let below = true;
  scroll.addEventListener('scroll', () => { below = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80; });
  // A person who reads older messages is not moved.
  new MutationObserver(() => { if (below) down(); }).observe(log, { childList: true });
  down();
}

if (form) {
  const box = form.elements.text;
  const failed = form.querySelector('[role=alert]');
  const touch = matchMedia('(hover: none)');
  box.addEventListener('keydown', event => {
    const sends = event.key === 'Enter' && !event.isComposing && (event.ctrlKey || event.metaKey || (!event.shiftKey && !touch.matches));
    if (!sends) return;
    event.preventDefault();
    if (box.value.trim()) form.requestSubmit();
  });
  let sending = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    try {
      const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { Accept: 'text/html' } });
      // Refused, or signed out: the page itself says why. The same key writes nothing twice.
      if (!answer.ok || new URL(answer.url).pathname !== location.pathname) return form.submit();
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('chat-log');
      box.value = '';
      form.elements.key.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.replace('.', '');
      failed.hidden = true;
      if (fresh) log.replaceChildren(...fresh.childNodes);
      scroll.scrollTop = scroll.scrollHeight;
    } catch {
      failed.hidden = false;
    } finally {
      sending = false;
      box.focus();
    }
  });
  if (!touch.matches) box.focus({ preventScroll: true });
}

const button = document.getElementById('chats-notify');
if (button && window.isSecureContext && 'Notification' in window && 'serviceWorker' in navigator) {
  const show = () => {
    const on = notifies();
    const words = button.querySelector('span');
    button.setAttribute('aria-pressed', on);
    words.textContent = on ? words.dataset.on : words.dataset.off;
  };
  button.hidden = false;
  button.addEventListener('click', async () => {
    if (!await notifyFromNow(!notifies())) button.querySelector('span').textContent = button.dataset.denied;
    else show();
  });
  show();
}
