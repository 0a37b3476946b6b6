// The panel beside a chat, in a real Chromium: a stub of Chatwoot's page at another site (DESK) frames it and sends the
// chat by messages, as Chatwoot does; STRANGER tries the same. BASE is the server, anna's password is PASSWORD. Screenshots
// are written to $SHOTS.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { noteFaults } from './faults.mjs';

const { BASE, DESK, STRANGER, PASSWORD, SHOTS, CHROMIUM } = process.env;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const PANEL = new URL('/panel/chatwoot', BASE).href;

/** A conversation's page, with the frame of a dashboard app. */
const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Conversations</title>
<style>body { margin: 0; font: 14px system-ui; display: grid; grid-template-columns: 1fr 400px; block-size: 100vh }
main { padding: 16px } iframe { inline-size: 100%; block-size: 100%; border: 0; border-inline-start: 1px solid #ccc }</style></head>
<body><main><h1>Conversations</h1><button id="c17">17</button> <button id="c18">18</button> <button id="c99">99</button><p>Jane: Where is my parcel?</p></main>
<iframe title="Lastword" src="${PANEL}"></iframe>
<script>
let id = 17;
const frame = document.querySelector('iframe');
const tell = () => frame.contentWindow.postMessage(JSON.stringify({ event: 'appContext',
  data: { conversation: { id, account_id: 1, meta: {} }, contact: { id: 9 }, currentAgent: { id: 1, name: 'Ann', email: 'ann@example.com' } } }), '*');
addEventListener('message', ({ data }) => data === 'chatwoot-dashboard-app:fetch-info' && tell());
frame.addEventListener('load', tell);
for (const n of [17, 18, 99]) document.getElementById('c' + n).addEventListener('click', () => { id = n; tell(); });
</script></body></html>`;

const servers = await Promise.all([DESK, STRANGER].map(origin => new Promise(ready => {
  const server = createServer((request, answer) => {
    const page = request.url === '/';
    answer.writeHead(page ? 200 : 404, { 'content-type': page ? 'text/html' : 'application/json' }).end(page ? html : '{}');
  });
  server.listen(Number(new URL(origin).port), 'localhost', () => ready(server));
})));

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
const faults = []; // errors, dialogs and policy violations: none is expected at the desk

async function desk(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(20_000);
  noteFaults(context, faults);
  const page = await context.newPage();
  await page.goto(DESK);
  return { page, panel: page.frameLocator('iframe') };
}

/** No serious accessibility findings, nothing wider than the frame. */
async function looksRight(page, name) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/panel-${name}.png` });
  const wide = await page.frameLocator('iframe').locator('html').evaluate(root => root.scrollWidth - root.clientWidth);
  assert.ok(wide <= 0, `${name} is ${wide} pixels wider than the frame`);
  const { violations } = await new AxeBuilder({ page }).include('iframe').analyze();
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(serious.map(v => `${v.id}: ${v.nodes.map(n => n.html).join('\n')}`), [], name);
}

async function enter(panel) {
  await panel.getByLabel('Login').fill('anna');
  await panel.getByLabel('Password').fill(PASSWORD);
  await panel.getByRole('button', { name: 'Sign in' }).click();
}

async function works() {
  const { page, panel } = await desk();
  await panel.getByLabel('Login').fill('anna');
  await panel.getByLabel('Password').fill('not the password');
  await panel.getByRole('button', { name: 'Sign in' }).click();
  await panel.getByText('Wrong login or password.').waitFor();
  assert.equal(await panel.getByText('parcel').count(), 0, 'nothing is shown before somebody signed in');
  await looksRight(page, 'sign-in');
  await enter(panel);
  await panel.getByRole('heading', { name: 'Chat 17' }).waitFor();
  await panel.getByText('Nobody could tell me where my parcel is.').waitFor();
  await panel.getByText('Quick and kind').waitFor();
  await looksRight(page, 'chat');
  await panel.getByRole('textbox', { name: 'Your reply to the client' }).fill('Sorry! It leaves today.');
  await panel.getByRole('button', { name: 'Send the reply' }).click();
  await panel.getByText(/Reply saved, .*not sent/).waitFor();
  await panel.getByRole('button', { name: 'Stop asking this client' }).click();
  await panel.getByText('This client will no longer be asked.').waitFor();
  await panel.getByRole('button', { name: 'Allow questions again' }).waitFor();
  await looksRight(page, 'done');
  // The operator opens other chats.
  await page.getByRole('button', { name: '18' }).click();
  await panel.getByRole('heading', { name: 'Chat 18' }).waitFor();
  assert.equal(await panel.getByText('parcel').count(), 0);
  await page.getByRole('button', { name: '99' }).click();
  await panel.getByText('Nothing is known about this chat yet').waitFor();
  // The login is stored in the tab, not in a cookie; if the browser blocks storage in frames, only in the page.
  assert.deepEqual(await page.context().cookies(), []);
  const kept = await panel.locator('html').evaluate(() => { try { return sessionStorage.length > 0; } catch { return false; } });
  await page.reload();
  if (!kept) await enter(panel);
  await panel.getByRole('heading', { name: 'Chat 17' }).waitFor();
  await panel.getByRole('button', { name: 'Sign out' }).click();
  await panel.getByLabel('Login').waitFor();
  assert.equal(await panel.getByText('parcel').count(), 0);
  await page.reload();
  await panel.getByLabel('Login').waitFor();
  await page.context().close();
}

async function darkAndNarrow() {
  const { page, panel } = await desk({ colorScheme: 'dark', viewport: { width: 740, height: 900 } });
  await enter(panel);
  await panel.getByRole('heading', { name: 'Chat 17' }).waitFor();
  await looksRight(page, 'dark');
  await page.context().close();
}

/** Another site cannot frame the panel, so it can neither send messages to it nor receive any. */
async function strangers() {
  const context = await browser.newContext();
  const page = await context.newPage();
  const refused = page.waitForEvent('console', message => message.text().includes('frame-ancestors'));
  await page.goto(STRANGER);
  await refused;
  assert.equal(await page.frameLocator('iframe').locator('#panel').count(), 0);
  // In a separate window the panel accepts messages only from a parent page, which does not exist.
  const alone = await context.newPage();
  await alone.goto(PANEL);
  await alone.getByLabel('Login').waitFor();
  await context.close();
}

await works();
await darkAndNarrow();
assert.deepEqual(faults, []);
await strangers();
await browser.close();
servers.forEach(server => server.close());
console.log('the panel is as it should be');
