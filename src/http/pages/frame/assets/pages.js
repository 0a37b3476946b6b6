// Enhancements of all pages: times in the reader's own zone on hover, live parts, and tables that show when they can be scrolled.
import { chatsNews } from './chats_news.js';
import { stayLive } from './live.js';

/** Adds the reader's local time as a title to each time, if it differs from the organisation's. */
function localTimes(within) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'full', timeStyle: 'long' });
  for (const time of within.querySelectorAll('time[datetime]')) time.title ||= format.format(new Date(time.dateTime));
}

/** Marks a table that is wider than its container, to show that it can be scrolled. */
function sayThatItScrolls(table) {
  if (table.scrollWidth > table.clientWidth + 1) table.dataset.scrolls = document.body.dataset.tableScrolls;
  else delete table.dataset.scrolls;
}
const places = new ResizeObserver(entries => entries.forEach(({ target }) => sayThatItScrolls(target)));
function watchTables(within) {
  for (const table of within.querySelectorAll('.table')) {
    // Immediately, before the first paint: later, it would move the content below.
    sayThatItScrolls(table);
    places.observe(table);
  }
}

export function drawn(within) {
  localTimes(within);
  watchTables(within);
  arrows(within);
  within.querySelectorAll('[data-follow]').forEach(follow);
  chatsNews(within);
}

/** The steps of a chart are one Tab stop; arrow keys move between them. */
function arrows(within) {
  for (const area of within.querySelectorAll('.chart .area')) {
    const columns = [...area.querySelectorAll('.column')];
    const stop = at => columns.forEach((column, place) => column.setAttribute('tabindex', place === at ? 0 : -1));
    if (columns.length > 0) stop(columns.length - 1);
    area.addEventListener('keydown', event => {
      const at = columns.indexOf(event.target);
      const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: columns.length - 1 }[event.key];
      if (at < 0 || !columns[to]) return;
      event.preventDefault();
      stop(to);
      columns[to].focus();
    });
  }
}

/** Loads a slow part after the page: its address returns the whole page including it. The part is the element itself, or the one that it names. */
async function follow(waiting) {
  const part = document.getElementById(waiting.dataset.part) ?? waiting;
  try {
    const answer = await fetch(waiting.dataset.follow, { headers: { accept: 'text/html' } });
    // The figures take longer than a call may last. The server is still computing them.
    if (answer.status === 503 && part.isConnected) return setTimeout(follow, 1000 * answer.headers.get('retry-after') || 1000, waiting);
    const found = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(part.id);
    if (!found) return;
    part.replaceWith(document.adoptNode(found));
    drawn(found);
  } catch {
    // The link in the part still works.
  }
}

/** A choice in such a form applies at once; what is typed does not. Several choices of one menu apply when it closes. */
const changed = new WeakSet();
document.addEventListener('change', ({ target }) => {
  if (!target.matches('form[data-at-once] :is(select, input[type="checkbox"])')) return;
  const menu = target.closest('form details.drop:not(.add)');
  if (menu) changed.add(menu); else target.form.requestSubmit();
});
document.addEventListener('toggle', ({ target }) => {
  if (!target.open && changed.has(target)) target.closest('form').requestSubmit();
}, true);
/** A menu closes when something else is clicked, and with Escape, which then does nothing else. */
const menus = () => [...document.querySelectorAll('details.drop[open]')];
document.addEventListener('click', ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener('keydown', event => {
  const menu = event.key === 'Escape' && menus().at(-1);
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
  event.stopPropagation();
}, true);

if (document.body.classList.contains('app')) stayLive(drawn);
drawn(document);
