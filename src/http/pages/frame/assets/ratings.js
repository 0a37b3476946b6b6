// The list of ratings: opens a rating next to it, and moves between ratings by keyboard. Without this script a row leads to its page.
import { onKeys, reviewActs } from './keys.js';
import { drawn } from './pages.js';

const OPEN = 'open';
const shelf = document.getElementById('shelf');
const beside = document.getElementById('beside');

const rows = () => [...document.querySelectorAll('#list tr[data-key]')];
const link = row => row?.querySelector('a.whole');
const row = id => rows().find(({ dataset }) => dataset.key === id);
const shown = () => document.getElementById('drawer')?.dataset.key ?? null;
let fetching = new AbortController();

/** The address of this list, with or without a rating next to it. */
function address(id) {
  const url = new URL(location.href);
  if (id) url.searchParams.set(OPEN, id); else url.searchParams.delete(OPEN);
  return url;
}

function mark(id) {
  for (const one of rows()) {
    if (one.dataset.key === id) one.setAttribute('aria-current', 'true'); else one.removeAttribute('aria-current');
  }
}

/** Inserts a placeholder immediately, so that nothing moves when the rating arrives. */
function room(id) {
  const drawer = document.createElement('section');
  Object.assign(drawer, { className: 'drawer', id: 'drawer', tabIndex: -1 });
  drawer.dataset.key = id;
  drawer.setAttribute('aria-busy', 'true');
  drawer.setAttribute('aria-label', link(row(id))?.innerText || id);
  beside.replaceChildren(drawer);
  shelf.classList.add('with-drawer');
  return drawer;
}

async function show(id) {
  fetching.abort();
  fetching = new AbortController();
  const { signal } = fetching;
  const place = room(id);
  place.focus({ preventScroll: true });
  mark(id);
  row(id)?.scrollIntoView({ block: 'nearest' });
  try {
    const answer = await fetch(`/ratings/${encodeURIComponent(id)}/drawer${location.search}`, { signal, headers: { accept: 'text/html' } });
    const found = answer.ok && !answer.redirected
      && new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('drawer');
    // A missing rating or an ended login is shown on a page of its own.
    if (!found) { location.assign(`/ratings/${encodeURIComponent(id)}`); return; }
    place.replaceWith(document.adoptNode(found));
    drawn(found);
    found.focus({ preventScroll: true });
  } catch (error) {
    if (error.name !== 'AbortError') location.assign(`/ratings/${encodeURIComponent(id)}`);
  }
}

function open(id) {
  // One history entry for a visit next to the list, however many ratings are opened.
  const before = shown();
  if (before === id) return;
  history[before ? 'replaceState' : 'pushState']({ beside: true }, '', address(id));
  show(id);
}

function hide() {
  fetching.abort();
  const id = shown();
  beside.replaceChildren();
  shelf.classList.remove('with-drawer');
  mark(null);
  link(row(id))?.focus();
}

function close() {
  if (!shown()) return;
  history.replaceState({}, '', address(null));
  hide();
}

function go(step) {
  const all = rows();
  const focused = document.activeElement?.closest?.('#list tr[data-key]');
  const at = all.indexOf(row(shown()) ?? focused);
  const to = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
  if (!to) return;
  if (shown()) open(to.dataset.key); else link(to).focus();
}

document.addEventListener('click', event => {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.defaultPrevented) return;
  const whole = event.target.closest('#list a.whole');
  if (whole) {
    event.preventDefault();
    open(whole.closest('tr').dataset.key);
  } else if (event.target.closest('#drawer a[data-close]')) {
    event.preventDefault();
    close();
  }
});

addEventListener('popstate', () => {
  const id = new URL(location.href).searchParams.get(OPEN);
  if (id && id !== shown()) show(id); else if (!id && shown()) hide();
});

onKeys({ ...reviewActs, j: () => go(1), k: () => go(-1) }, () => close());

row(shown())?.scrollIntoView({ block: 'nearest' });
