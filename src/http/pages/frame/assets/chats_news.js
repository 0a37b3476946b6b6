// Chats that wait for an answer, on every page: their number in the title, and a notification of the browser if the person switched them
// on and looks elsewhere. It contains no text of a client.

const KEPT = 'lastword-chats-notify';
const SEEN = 'lastword-chats-seen';
const title = document.title;
let newest;

const kept = key => { try { return localStorage.getItem(key); } catch { return null; } };
const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* Until the next page, then. */ } };

/** True if this browser notifies. */
export const notifies = () => kept(KEPT) === 'on' && 'Notification' in window && Notification.permission === 'granted';

/** Switches notifications on or off. Returns false if the browser forbids them. */
export async function notifyFromNow(on) {
  if (on && (await Notification.requestPermission()) !== 'granted') return false;
  if (on) await navigator.serviceWorker.register('/service-worker.js', { scope: '/' });
  keep(KEPT, on ? 'on' : 'off');
  return true;
}

async function notify(words, at) {
  // A page in view has priority, on any tab.
  await new Promise(done => setTimeout(done, 1000));
  if (Number(kept(SEEN)) >= at) return;
  keep(SEEN, at);
  const registration = await navigator.serviceWorker.getRegistration('/');
  const icon = '/assets/push/icon-192.png';
  await registration?.showNotification(words, { tag: 'chats', renotify: true, icon, data: { url: '/chats' } });
}

/** Reads the number of waiting chats from a part of a page. */
export function chatsNews(within) {
  const news = within.querySelector('[data-chats]');
  if (!news) return;
  const { chats, newest: written, words } = news.dataset;
  const at = Number(written);
  document.title = Number(chats) > 0 ? `(${chats}) ${title}` : title;
  if (document.hasFocus()) keep(SEEN, at);
  else if (newest !== undefined && at > newest && notifies()) notify(words, at);
  newest = Math.max(newest ?? 0, at);
}
