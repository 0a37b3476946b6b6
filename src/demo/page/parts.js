// Shared by both scripts of the demo.
export const $ = id => document.getElementById(id);
export const time = at => new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter(Boolean));
  return element;
};

export async function post(path, body = {}) {
  const response = await fetch(`/demo/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw Error((await response.json().catch(() => ({}))).detail || `HTTP ${response.status}`);
  return response.text();
}
/** Runs an action once, even if it is clicked repeatedly meanwhile. */
export async function doing(button, what) {
  if (button.dataset.busy) return;
  button.dataset.busy = '1';
  try { await what(); } catch ({ message }) { $('status').textContent = message; }
  delete button.dataset.busy;
}
/** Enter sends; Shift+Enter starts a new line. */
export function entering(words) {
  words.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    words.form.requestSubmit();
  });
}
