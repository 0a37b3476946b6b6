// Work by the keyboard: one letter for each thing that is done many times a day. Letters are for those who want them: they can
// be switched off, and mean nothing while somebody types.

const KEPT = 'lastword-keys';

/** Does what `acts` has for a key. `escape` is done for Esc outside of boxes, whether letters are on or not. */
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
      // Back to the list, with what was typed left as it is.
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

/** What is done about the rating that is looked at, by the forms of its review. */
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
