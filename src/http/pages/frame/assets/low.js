// Keyboard control of the list of low ratings.
import { onKeys, reviewActs } from './keys.js';
import { drawn } from './pages.js';

const links = () => [...document.querySelectorAll('#low-list li > a')];
const here = () => links().findIndex(link => link.hasAttribute('aria-current') || link === document.activeElement);

function go(step) {
  const all = links();
  const to = all[here() < 0 ? (step > 0 ? 0 : all.length - 1) : here() + step];
  if (to) show(to);
}

/** True if the list and the rating are side by side; on a narrow screen one hides the other. */
function beside() {
  const [list, detail] = ['#low-list', '.detail'].map(part => document.querySelector(part)?.getBoundingClientRect());
  return list?.width > 0 && detail?.width > 0 && Math.abs(detail.left - list.left) > list.width / 2;
}

let asked = 0;
/** Shows a rating next to the list. Only the pane and the address change. */
async function show(link) {
  if (!beside()) return link.click();
  const mine = ++asked;
  try {
    const answer = await fetch(link.href, { headers: { Accept: 'text/html' } });
    const fresh = answer.ok && !answer.redirected && new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.detail');
    if (mine !== asked) return;
    if (!fresh) return location.assign(link.href);
    document.querySelector('.detail').replaceWith(document.adoptNode(fresh));
    for (const other of links()) other === link ? other.setAttribute('aria-current', 'true') : other.removeAttribute('aria-current');
    document.querySelector('.desk')?.classList.add('chosen');
    history.pushState(null, '', link.href);
    drawn(fresh);
    link.scrollIntoView({ block: 'nearest' });
  } catch {
    if (mine === asked) location.assign(link.href);
  }
}
addEventListener('popstate', () => location.reload());

document.addEventListener('click', event => {
  const link = event.target.closest?.('#low-list li > a');
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !beside()) return;
  event.preventDefault();
  show(link);
});

// Ctrl+Enter sends a reply.
document.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.matches?.('#f-text')) event.target.form.requestSubmit();
});

onKeys({
  ...reviewActs,
  j: () => go(1),
  k: () => go(-1),
  x: () => links()[Math.max(here(), 0)]?.closest('li').querySelector('.choose input')?.click(),
});

// The scroll position of the list is kept from one rating to the next.
document.querySelector('#low-list li > a[aria-current]')?.scrollIntoView({ block: 'nearest' });
