// What pages do beyond what they do without a script: times in the reader's own zone on hover, parts that stay live, and
// tables that say when they scroll.
import { stayLive } from './live.js';

/** A time says in its title what the reader's own clock shows, where that differs from the organisation's. */
function localTimes(within) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'full', timeStyle: 'long' });
  for (const time of within.querySelectorAll('time[datetime]')) time.title ||= format.format(new Date(time.dateTime));
}

/** A table that is wider than its place says that there is more to the side. */
function sayThatItScrolls(table) {
  if (table.scrollWidth > table.clientWidth + 1) table.dataset.scrolls = document.body.dataset.tableScrolls;
  else delete table.dataset.scrolls;
}
const places = new ResizeObserver(entries => entries.forEach(({ target }) => sayThatItScrolls(target)));
function watchTables(within) {
  for (const table of within.querySelectorAll('.table')) {
    // At once, before it is drawn for the first time: said later, it would move what is below.
    sayThatItScrolls(table);
    places.observe(table);
  }
}

function drawn(within) {
  localTimes(within);
  watchTables(within);
}

/** A part that takes long to work out follows the page: its address gives the whole page with it. */
async function follow(part) {
  try {
    const answer = await fetch(part.dataset.follow, { headers: { accept: 'text/html' } });
    const found = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(part.id);
    if (!found) return;
    part.replaceWith(document.adoptNode(found));
    drawn(found);
  } catch {
    // The link in the part still leads there.
  }
}

if (document.body.classList.contains('app')) stayLive(drawn);
drawn(document);
document.querySelectorAll('[data-follow]').forEach(follow);
