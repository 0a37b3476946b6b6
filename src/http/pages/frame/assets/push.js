// Switches notifications on in this browser, after a click and the browser's own prompt, and notices if they were switched off there.

const part = document.getElementById('push');
const form = document.getElementById('push-on');

function say(state) {
  for (const words of part.querySelectorAll('[data-push]')) words.hidden = words.dataset.push !== state;
}

function bytes(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, letter => letter.charCodeAt(0));
}

/** Submits a form of this page. */
async function post(address, fields) {
  const body = new URLSearchParams({ form_token: form.elements.form_token.value, ...fields });
  const answer = await fetch(address, { method: 'POST', body, redirect: 'manual' });
  if (answer.type !== 'opaqueredirect') throw new Error(`the server answered ${answer.status}`);
}

const subscription = async () => (await navigator.serviceWorker.getRegistration('/'))?.pushManager.getSubscription();

async function switchOn() {
  if ((await Notification.requestPermission()) !== 'granted') return say('denied');
  await navigator.serviceWorker.register('/service-worker.js', { scope: '/' });
  const { pushManager } = await navigator.serviceWorker.ready;
  // A subscription made with another key of the server would not work.
  await (await pushManager.getSubscription())?.unsubscribe();
  const made = (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(part.dataset.key) })).toJSON();
  const wants = [...new FormData(form)].filter(([name]) => name === 'low' || name === 'late');
  await post('/account/browsers', { endpoint: made.endpoint, key: made.keys.p256dh, auth: made.keys.auth, ...Object.fromEntries(wants) });
  location.assign('/account');
}

/** Detects a difference between the server's state of this browser and the browser's own. */
async function compare() {
  const made = await subscription();
  if (part.dataset.here && (Notification.permission !== 'granted' || !made)) {
    await post(`/account/browsers/${part.dataset.here}`, {});
    return location.assign('/account');
  }
  if (!part.dataset.here) await made?.unsubscribe();
  form.hidden = Boolean(part.dataset.here);
  if (!form.hidden && Notification.permission === 'denied') say('denied');
}

if (part && form) {
  if (!window.isSecureContext) say('insecure');
  else if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) say('unsupported');
  else {
    compare().catch(() => say('failed'));
    form.addEventListener('submit', event => {
      event.preventDefault();
      const button = form.querySelector('button');
      button.disabled = true;
      say('');
      switchOn().catch(() => say('failed')).finally(() => { button.disabled = false; });
    });
  }
}
