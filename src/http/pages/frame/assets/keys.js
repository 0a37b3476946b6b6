// Keyboard shortcuts: one letter for each frequent action. They can be switched off, and are ignored while the person types.

const KEPT = 'lastword-keys';

/** Runs the entry of `acts` for a key. `escape` runs for Esc outside of boxes, even if letters are off. */
export function onKeys(acts, escape = () => {}) {
  const help = document.getElementById('keys');
  const wanted = document.getElementById('keys-on');
  try { wanted.checked = localStorage.getItem(KEPT) !== 'off'; } catch { /* Nothing is kept here: they are on. */ }
  wanted.addEventListener('change', () => {
    try { localStorage.setItem(KEPT, wanted.checked ? 'on' : 'off'); } catch { /* Until the next page, then. */ }
  });
  const all = { ...acts, '?': () => help.togglePopover() };
  document.addEventListener('keydown', event => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (target.closest('textarea, select, input:not([type=checkbox])')) {
      // Back to the list; typed text stays.
      if (key === 'Escape') target.blur();
      return;
    }
    // The browser closes its own popover first.
    if (key === 'Escape' && !help.matches(':popover-open')) escape(event);
    if (!Object.hasOwn(all, key) || (!wanted.checked && key !== '?')) return;
    event.preventDefault();
    all[key]();
  });
}

/** Actions on the selected rating, through the forms of its review. */
export const reviewActs = {
  r: () => {
    const box = document.getElementById('f-text');
    box?.closest('details')?.setAttribute('open', '');
    box?.focus();
    // A reply that is edited goes on at its end.
    box?.setSelectionRange(box.value.length, box.value.length);
  },
  a: () => document.querySelector('#review button[name=mine]')?.click(),
  e: () => document.querySelector('#review form[action$="/settle"]:not(:has([name=again])) button')?.click(),
};
