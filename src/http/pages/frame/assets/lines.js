// A line's settings: one tab at a time, a bar that counts unsaved changes, and a preview that follows typing. Without this script all tabs
// are shown below each other, and a button shows the preview.

/** Pause in typing before the preview is updated, in milliseconds. */
const PAUSE = 300;

const form = document.getElementById('rating-tab');
const place = document.getElementById('preview');
const bar = document.getElementById('changes');
let timer, running;

async function look() {
  running?.abort();
  running = new AbortController();
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.preview, { method: 'POST', body, signal: running.signal, headers: { Accept: 'text/html' } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const open = place.querySelector('.others')?.open ?? false;
    place.replaceChildren(...fresh.body.childNodes);
    place.querySelector('.others')?.toggleAttribute('open', open);
  } catch { /* Overtaken by the next one, or the line is down: the last preview stays. */ }
}

// Tabs: arrow keys move between them, and the address contains the selected one.
const list = form?.querySelector('.parts');
const tabs = [...(list?.querySelectorAll('a') ?? [])];
const partOf = tab => document.getElementById(tab.hash.slice(1));
const tabOf = part => tabs.find(tab => tab.hash === `#${part?.id}`);
const word = tab => tab.id.slice('to-'.length);

function addressOf(tab) {
  const address = new URL(form.action);
  if (tab !== tabs[0]) address.searchParams.set('tab', word(tab));
  return address;
}

function show(chosen) {
  for (const tab of tabs) {
    const here = tab === chosen;
    tab.classList.toggle('chosen', here);
    tab.setAttribute('aria-selected', here);
    tab.tabIndex = here ? 0 : -1;
    partOf(tab).classList.toggle('chosen', here);
  }
  form.elements.tab.value = word(chosen);
  form.querySelector('.discard')?.setAttribute('href', addressOf(chosen).pathname + addressOf(chosen).search);
}

function go(tab, focus) {
  show(tab);
  history.replaceState(history.state, '', addressOf(tab));
  if (focus) tab.focus();
}

function onKey(event) {
  const at = tabs.indexOf(event.target);
  const ahead = getComputedStyle(list).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const back = ahead === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
  const to = { [ahead]: (at + 1) % tabs.length, [back]: (at + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1, ' ': at }[event.key];
  if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  go(tabs[to], true);
}

// Differences: a number and its unit are one field, and the order of checkboxes does not matter.
const NO_SETTING = /^(form_token|version|base|tab|texts|texts\.add|preview\..*)$|\.unit$/;
const saved = new Map(Object.entries(JSON.parse(form?.dataset.saved ?? '{}')));

function fields() {
  const found = new Map();
  for (const [name, value] of new FormData(form)) {
    const text = value.replaceAll('\r\n', '\n').trim();
    if (text) found.set(name, [...(found.get(name) ?? []), text]);
  }
  return found;
}

function valueOf(all, name) {
  const values = (all.get(name) ?? []).map(value => value.trim());
  if (form.querySelector(`[type=checkbox][name="${CSS.escape(name)}"]`)) values.sort();
  return JSON.stringify(values.length ? [values, all.get(`${name}.unit`) ?? []] : []);
}

function count() {
  const now = fields();
  const names = [...new Set([...saved.keys(), ...now.keys()])].filter(name => !NO_SETTING.test(name));
  const differ = names.filter(name => valueOf(saved, name) !== valueOf(now, name));
  const parts = new Set(differ.map(name => form.querySelector(`[name="${CSS.escape(name)}"]`)?.closest('.part')));
  tabs.forEach(tab => tab.toggleAttribute('data-changed', parts.has(partOf(tab))));
  if (!bar) return;
  const n = differ.length;
  const rules = new Intl.PluralRules(document.documentElement.lang);
  const sample = [1, 2, 5].find(sample => rules.select(sample) === rules.select(n)) ?? 5;
  const said = n ? bar.dataset[`n${sample}`].replace(String(sample), String(n)) : bar.dataset.none;
  if (bar.textContent !== said) bar.textContent = said;
  bar.closest('.save').classList.toggle('some', n > 0);
}

if (form && place) {
  document.documentElement.dataset.script = 'on';
  form.addEventListener('input', () => { count(); clearTimeout(timer); timer = setTimeout(look, PAUSE); });
  list.setAttribute('role', 'tablist');
  for (const tab of tabs) {
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', partOf(tab).id);
    partOf(tab).setAttribute('role', 'tabpanel');
    partOf(tab).setAttribute('aria-labelledby', tab.id);
    tab.addEventListener('click', event => { event.preventDefault(); go(tab); });
  }
  list.addEventListener('keydown', onKey);
  // A field that the browser rejects is made visible before its message is shown.
  form.addEventListener('invalid', event => { const tab = tabOf(event.target.closest('.part')); if (tab) go(tab); }, true);
  const meant = location.hash && document.getElementById(location.hash.slice(1))?.closest('.part');
  show(tabOf(meant) ?? tabs.find(tab => tab.classList.contains('chosen')) ?? tabs[0]);
  count();
}
