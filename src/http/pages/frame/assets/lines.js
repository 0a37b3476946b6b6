// The preview of a line follows what is typed: the form as it stands goes to the server, and what comes back is put in
// its place. Without this script the button beside it does the same.

/** How long somebody has to pause, in milliseconds. */
const PAUSE = 300;

const form = document.getElementById('rating-tab');
const place = document.getElementById('preview');
let timer, running;

async function look() {
  running?.abort();
  running = new AbortController();
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.preview, { method: 'POST', body, signal: running.signal, headers: { Accept: 'text/html' } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    place.replaceChildren(...fresh.body.childNodes);
  } catch { /* Overtaken by the next one, or the line is down: the last preview stays. */ }
}

if (form && place) {
  document.documentElement.dataset.script = 'on';
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(look, PAUSE); });
}
