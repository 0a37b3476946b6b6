// Notifications in a real Chromium with the demo at DEMO: enabled by a click, shown by the service worker, clicked,
// disabled. Chromium without Google's keys has no push service, so the page's subscribe is replaced with one that returns
// real keys and an unused endpoint. Screenshots are written to $SHOTS, if set.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { noteFaults } from './faults.mjs';

const { DEMO, SHOTS, CHROMIUM } = process.env;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless=new', '--no-sandbox', '--disable-gpu'] });
const faults = [];
const origin = new URL(DEMO).origin;

/** In the page: a subscription with its own key pair, kept across reloads as in a browser. */
function pretend() {
  const text = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const made = () => {
    const kept = localStorage.getItem('pretended');
    return kept && { toJSON: () => JSON.parse(kept), unsubscribe: async () => { localStorage.removeItem('pretended'); return true; } };
  };
  PushManager.prototype.getSubscription = async () => made();
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly || applicationServerKey.length !== 65) throw new Error('not as browsers want it');
    const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const p256dh = text(await crypto.subtle.exportKey('raw', publicKey));
    const auth = text(crypto.getRandomValues(new Uint8Array(16)));
    localStorage.setItem('pretended', JSON.stringify({ endpoint: 'https://push.example.com/send/1', keys: { p256dh, auth } }));
    return made();
  };
}

async function visitor(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, locale: 'en-GB', ...options });
  context.setDefaultTimeout(60_000);
  await context.addInitScript(pretend);
  noteFaults(context, faults);
  const page = await context.newPage();
  await page.goto(new URL('/demo/enter/account', DEMO).href);
  await page.goto(new URL('/account', DEMO).href);
  return { context, page };
}

/** The id of our service worker's registration, as seen by a page's session of the DevTools protocol. */
async function registrationOf(session) {
  await session.send('ServiceWorker.enable');
  const registered = new Promise(done => session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    const ours = registrations.find(({ scopeURL }) => scopeURL === `${origin}/`);
    if (ours) done(ours.registrationId);
  }));
  await session.send('ServiceWorker.disable');
  await session.send('ServiceWorker.enable');
  return registered;
}

async function looksRight(page, name) {
  if (SHOTS) await page.locator('#push').screenshot({ path: `${SHOTS}/${name}.png` });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name} is ${wide} pixels wider than the screen`);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(serious.map(v => `${v.id}: ${v.nodes.map(n => n.html).join('\n')}`), [], name);
}

const { context, page } = await visitor();
const asked = () => page.evaluate(() => Notification.permission);
assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0, 'nothing runs before the click');
await context.grantPermissions(['notifications'], { origin });
assert.equal(await asked(), 'granted');
await page.getByRole('button', { name: 'Switch on in this browser' }).waitFor();
await looksRight(page, 'push-1-off');
await page.locator('#push-on').getByLabel('Low ratings nobody replied to in time').uncheck();
await page.getByRole('button', { name: 'Switch on in this browser' }).click();
await page.getByText('Notifications are on in this browser.').waitFor();
const row = page.locator('#push .rows > li');
assert.match(await row.innerText(), /Chrome, Linux\s+this browser/);
assert.ok(await row.getByLabel('Low ratings', { exact: true }).isChecked());
assert.ok(!await row.getByLabel('Low ratings nobody replied to in time').isChecked());
assert.ok(await page.locator('#push-on').isHidden(), 'it is on already');
await looksRight(page, 'push-2-on');

// The worker shows messages; the second one about the same rating replaces the first.
const worker = page.context().serviceWorkers()[0] ?? await context.waitForEvent('serviceworker');
const session = await context.newCDPSession(page);
const registrationId = await registrationOf(session);
const shown = () => page.evaluate(async () => {
  const { getNotifications } = await navigator.serviceWorker.ready.then(ready => ({ getNotifications: () => ready.getNotifications() }));
  return (await getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url }));
});
async function deliver(message) {
  await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: JSON.stringify(message) });
}
async function until(wanted) {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const all = await shown();
    if (wanted(all)) return all;
    await page.waitForTimeout(50);
  }
  assert.fail(`shown: ${JSON.stringify(await shown())}`);
}
await page.evaluate(async () => { await navigator.serviceWorker.ready; });
await deliver({ title: 'Low rating ★ on Support', body: 'Waited an hour', tag: 'rating-1', url: '/ratings/1' });
await until(all => all.length === 1 && all[0].body === 'Waited an hour');
await deliver({ title: 'No reply in time: ★ on Support', body: 'Waited an hour', tag: 'rating-1', url: '/ratings/1' });
const [one, ...others] = await until(all => all[0]?.title.startsWith('No reply'));
assert.deepEqual([one.url, others], [`${origin}/ratings/1`, []]);
await deliver({ title: 'Elsewhere', tag: 'rating-2', url: 'https://evil.example/' });
assert.equal((await until(all => all.length === 2)).find(({ tag }) => tag === 'rating-2').url, `${origin}/low`, 'it leads to us alone');

// A click opens the rating.
await worker.evaluate(() => {
  self.opened = [];
  self.clients.openWindow = async url => { self.opened.push(url); return null; };
});
await worker.evaluate(async () => {
  const [notification] = (await self.registration.getNotifications({ tag: 'rating-1' }));
  self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
});
for (const end = Date.now() + 60_000; (await worker.evaluate(() => self.opened.length)) === 0;) assert.ok(Date.now() < end, 'a click opens it');
assert.deepEqual(await worker.evaluate(() => self.opened), [`${origin}/ratings/1`]);

// Disabled in the browser, the server is notified; disabled on the page, the browser is.
await page.evaluate(() => localStorage.removeItem('pretended'));
// The page reloads once the server was notified, on a slow machine before it has loaded for the first time.
await page.goto(new URL('/account', DEMO).href, { waitUntil: 'commit' });
await page.getByText('Notifications are off there.').waitFor();
assert.equal(await row.count(), 0);
await page.getByRole('button', { name: 'Switch on in this browser' }).click();
await page.getByText('Notifications are on in this browser.').waitFor();
await row.getByRole('button', { name: 'Switch off' }).click();
await page.getByText('Notifications are off there.').waitFor();
await page.locator('#push-on').waitFor();
await page.waitForFunction(() => localStorage.getItem('pretended') === null);

// If the person refuses permission, the page explains what to do.
await context.clearPermissions();
await page.addInitScript(() => { Notification.requestPermission = async () => 'denied'; });
await page.reload();
await page.getByRole('button', { name: 'Switch on in this browser' }).click();
await page.getByText('This browser blocks notifications from this site.').waitFor();
await context.close();

// A message is shown while all our pages are closed.
const away = await visitor();
await away.context.grantPermissions(['notifications'], { origin });
await away.page.getByRole('button', { name: 'Switch on in this browser' }).click();
await away.page.getByText('Notifications are on in this browser.').waitFor();
await away.page.evaluate(async () => { await navigator.serviceWorker.ready; });
const outside = await away.context.newCDPSession(await away.context.newPage());
const theirs = await registrationOf(outside);
const alone = away.context.serviceWorkers()[0] ?? await away.context.waitForEvent('serviceworker');
await away.page.close();
assert.deepEqual(away.context.pages().map(page => page.url()), ['about:blank']);
const late = JSON.stringify({ title: 'Low rating ★ on Support', body: 'At night', tag: 'rating-3', url: '/ratings/3' });
await outside.send('ServiceWorker.deliverPushMessage', { origin, registrationId: theirs, data: late });
for (const end = Date.now() + 60_000; ;) {
  const bodies = await alone.evaluate(async () => (await self.registration.getNotifications()).map(({ body }) => body));
  if (bodies.includes('At night')) break;
  assert.ok(Date.now() < end, 'it is shown while no page is open');
}
await away.context.close();

// It is unavailable over plain HTTP from another machine, and the page says why.
const plain = await visitor();
await plain.page.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
await plain.page.reload();
await plain.page.getByText('This works only over https.').waitFor();
assert.ok(await plain.page.locator('#push-on').isHidden());
await plain.context.close();

const phone = await visitor({ viewport: { width: 390, height: 900 }, colorScheme: 'dark', locale: 'de-DE' });
await phone.page.getByRole('button', { name: 'In diesem Browser einschalten' }).waitFor();
await looksRight(phone.page, 'push-3-phone');
await phone.context.close();

assert.deepEqual(faults, []);
await browser.close();
console.log('notifications come and go');
