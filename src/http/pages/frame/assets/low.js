// The list of low ratings by the keyboard.
import { onKeys, reviewActs } from './keys.js';

const links = () => [...document.querySelectorAll('#low-list li > a')];
const here = () => links().findIndex(link => link.hasAttribute('aria-current') || link === document.activeElement);

function go(step) {
  const all = links();
  const to = all[here() < 0 ? (step > 0 ? 0 : all.length - 1) : here() + step];
  to?.click();
}

onKeys({
  ...reviewActs,
  j: () => go(1),
  k: () => go(-1),
  x: () => links()[Math.max(here(), 0)]?.closest('li').querySelector('.choose input')?.click(),
});

// Whoever goes from one to the next stays where they were in the list.
document.querySelector('#low-list li > a[aria-current]')?.scrollIntoView({ block: 'nearest' });
