// Keeps parts of a page live. The server reports which kinds of things have changed, without their content. The page then requests itself
// again and updates the parts whose data-live names such a kind. Permissions are checked as for any request.

/** Minimum time between two requests, in milliseconds. */
const PAUSE = 1000;

export function stayLive(drawn) {
  let wanted = false, looking = false;
  /** Each live part as the server rendered it. */
  const kept = new WeakMap();

  async function look() {
    if (looking) { wanted = true; return; }
    looking = true;
    wanted = false;
    try {
      const answer = await fetch(location.href, { headers: { 'X-Look': '1', Accept: 'text/html' } });
      if (answer.redirected && new URL(answer.url).pathname === '/sign-in') return ended();
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    } catch { /* The line is down: the next event, or the next open, looks again. */ }
    setTimeout(() => { looking = false; if (wanted) look(); }, PAUSE);
  }

  /** Replaces each live part that differs, except one in which the person is typing. */
  function show(fresh) {
    for (const part of document.querySelectorAll('[data-live]')) {
      const other = fresh.getElementById(part.id);
      if (!other || other.innerHTML === kept.get(part)) continue;
      const focus = part.contains(document.activeElement) ? document.activeElement : null;
      if (focus?.matches('input, textarea, select')) continue;
      kept.set(part, other.innerHTML);
      const known = new Set([...part.querySelectorAll('[data-key]')].map(({ dataset }) => dataset.key));
      const open = new Set([...part.querySelectorAll('details[open][id]')].map(({ id }) => id));
      const place = focus && [...part.querySelectorAll('a, button, summary')].indexOf(focus);
      part.replaceChildren(...other.childNodes);
      for (const id of open) part.querySelector(`#${CSS.escape(id)}`)?.setAttribute('open', '');
      if (focus) ([...part.querySelectorAll('a, button, summary')][place] ?? part).focus({ preventScroll: true });
      for (const item of part.querySelectorAll('[data-key]')) item.classList.toggle('fresh', !known.has(item.dataset.key));
      drawn(part);
    }
  }

  function ended() {
    source?.close();
    const notice = document.getElementById('ended');
    if (notice) notice.hidden = false;
  }

  for (const part of document.querySelectorAll('[data-live]')) kept.set(part, part.innerHTML);
  // A page that waits for one event polls as well: another node may receive the event, and events are local to a node.
  setInterval(() => { if (!document.hidden && document.querySelector('[data-poll]')) look(); }, 3000);
  const source = new EventSource('/live');
  let away = false;
  source.addEventListener('open', () => { if (away) look(); away = false; document.documentElement.dataset.line = 'open'; });
  source.addEventListener('error', () => {
    away = true;
    document.documentElement.dataset.line = 'down';
    // Refused, not broken: the login has ended.
    if (source.readyState === EventSource.CLOSED) ended();
  });
  source.addEventListener('ended', ended);
  source.addEventListener('changed', event => {
    const topics = event.data.split(' ');
    const parts = [...document.querySelectorAll('[data-live]')];
    if (parts.some(part => part.dataset.live.split(' ').some(topic => topics.includes(topic)))) look();
  });
}
