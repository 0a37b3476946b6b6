// From an empty installation to the first ratings and their alerts for a shop without a messenger and without a help desk, using only the
// pages: a web chat that is answered on the page Chats, then a desk of one's own that reports closes with the page's ready call. BASE is
// the server, OTHER a second node of the same installation (empty for none), FIRST the link of the first admin. The script also plays the
// site with its strict policy, the visitor, who reaches the second node, and the room that is alerted. Screenshots are written to $SHOTS,
// if set. What must be found nowhere afterwards is printed as `secret: …`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { noteFaults } from './faults.mjs';
import { firstAdmin } from './first_admin.mjs';
import { firstLine } from './first_line.mjs';
import { noteLeaks } from './leaks.mjs';
import { looks } from './looks.mjs';

const { BASE, OTHER, FIRST, SHOTS, CHROMIUM } = process.env;
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
const faults = [];
/** The node that visitors reach. */
const SITE = OTHER || BASE;
/** What was entered as a secret, and the responses that contained one of them afterwards. */
const secrets = [];
const leaks = [];

async function listen(handle) {
  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

/** The room: every message that it gets. */
const alerts = [];
const room = await listen(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  alerts.push(Buffer.concat(parts).toString());
  response.setHeader('Content-Type', 'application/json');
  response.end('{"id":"1"}');
});
/** The shop: each path shows one line of HTML, under the strictest policy that the widget supports. */
const lines = {};
const shop = await listen((request, response) => {
  response.setHeader('Content-Security-Policy', `default-src 'none'; script-src ${SITE}; connect-src ${SITE} ${SITE.replace('http', 'ws')}`);
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(`<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>${lines[request.url] ?? ''}</html>`);
});

async function waitFor(what, is, wait = 20_000) {
  for (const began = Date.now(); ;) {
    const found = await is();
    if (found) return found;
    assert(Date.now() - began < wait, `${what} never came`);
    await new Promise(done => setTimeout(done, 100));
  }
}

const looksRight = looks('site');

async function person(options) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...options });
  context.setDefaultTimeout(20_000);
  noteFaults(context, faults);
  noteLeaks(context, secrets, leaks);
  return context.newPage();
}
const page = await person();
let clicks = 0;
const click = async locator => { clicks += 1; await locator.click(); };
const button = (name, within = page) => within.getByRole('button', { name });
/** What happened on another node is in the navigation of the next page. */
const arrives = async (locator, fresh = () => page.reload()) => {
  if (!OTHER) return locator.waitFor();
  return waitFor(`${locator}`, async () => { await fresh(); return locator.isVisible(); });
};
const count = name => page.locator(`#nav a[href="${name}"] .count [aria-hidden]`);

await firstAdmin(page, FIRST);
const began = Date.now();
await click(button('Create account'));
await page.getByRole('heading', { name: 'Getting started' }).waitFor();
assert.equal(await page.locator('#nav a[href="/chats"]').count(), 0, 'no entry without a web chat');

// What clients see of the shop.
await click(page.getByRole('link', { name: 'Say who you are' }));
await page.getByLabel('Name').fill('Corner Shop');
await click(button('Save'));
await page.getByText('Clients see it from now on').waitFor();
await firstLine(page, BASE, click);

await page.goto(`${BASE}/today`);
await click(page.getByRole('link', { name: 'Connect a channel' }));
await click(page.locator('a[href="/connections/new?kind=webchat"]'));
await page.locator('#s-name').fill('site');
await page.locator('#s-line').selectOption('support');
await page.locator('#s-origins').fill(shop.url);
await click(page.locator('#settings button[value=save]'));
await page.waitForURL(`${BASE}/connections/site`);
lines['/'] = await page.locator('pre[aria-label="HTML"]').innerText();
assert.match(lines['/'], /^<script src="[^"]+\/widget\.js" data-connection="site" async><\/script>$/);
lines['/'] = lines['/'].replace(BASE, SITE);
await looksRight(page, 'connection');

// Who is alerted: a room, by the address of its hook.
await page.goto(`${BASE}/recipients`);
if (!await page.locator('#r-name').isVisible()) await click(page.locator('details.fold summary').first());
await page.locator('#r-name').fill('Team phone');
await page.locator('#r-id').fill('team');
await click(page.locator('[name="kind"][value="room"]'));
await page.locator('#r-service').selectOption('ntfy');
await page.locator('#r-room').fill(`${room.url}/alerts`);
await click(page.locator('form[action="/recipients"] button.main'));
await page.waitForURL(`${BASE}/recipients/team`);
await page.goto(`${BASE}/lines/support`);
const team = page.locator('[name="alerts.recipients"][value="team"]');
await click(page.locator(`.parts a[href="#${await page.locator('.part', { has: team }).getAttribute('id')}"]`));
await click(team);
await click(page.locator('#save button[value=save]'));
await page.locator('.flash').waitFor();

await page.goto(`${BASE}/chats`);
await page.getByText('No open chats').waitFor();
await looksRight(page, 'no-chats');
await page.context().grantPermissions(['notifications'], { origin: BASE });
await click(button('Notify me in this browser'));
await page.locator('#chats-notify[aria-pressed=true]').waitFor();

// A visitor writes. The owner is on another page, and is called without a reload.
await page.goto(`${BASE}/ratings`);
const visitor = await person();
await visitor.goto(shop.url);
await visitor.getByRole('button', { name: 'Open chat' }).click();
const say = async text => {
  await visitor.getByPlaceholder('Write a message').fill(text);
  await visitor.getByRole('button', { name: 'Send' }).click();
};
await say('Where is my order 4711?');
await arrives(count('/chats').filter({ hasText: '1' }));
await waitFor('the number in the title', async () => (await page.title()).startsWith('(1) '));
await click(page.locator('#nav a[href="/chats"]'));
await looksRight(page, 'waiting');
await click(page.locator('#chat-list a').first());
await page.locator('#chat-log').getByText('Where is my order 4711?').waitFor();
await page.locator('#f-text').fill('It left our warehouse today.');
await page.keyboard.press('Enter');
await visitor.getByText('It left our warehouse today.').waitFor();
await page.locator('#chat-log').getByText('It left our warehouse today.').waitFor();
assert.equal(await page.locator('#f-text').inputValue(), '', 'the box is empty for the next message');
await waitFor('nobody waits', async () => (await count('/chats').count()) === 0);
// A draft stays while messages arrive.
await page.locator('#f-text').fill('Anything');
await say('Thank you! And the invoice?');
await page.locator('#chat-log').getByText('And the invoice?').waitFor();
assert.equal(await page.locator('#f-text').inputValue(), 'Anything');
await page.locator('#f-text').pressSequentially(' else? The invoice is in your mail.');
await looksRight(page, 'chat');
await click(button('Send', page.locator('#chat-write')));
await visitor.getByText('Anything else? The invoice is in your mail.').waitFor();
await visitor.setViewportSize({ width: 390, height: 800 });
if (SHOTS) await visitor.screenshot({ path: `${SHOTS}/site-visitor.png` });
await visitor.setViewportSize({ width: 1440, height: 900 });

await click(button('Close chat'));
await page.getByText('Chat closed.').waitFor();
await visitor.getByRole('button', { name: 'Bad' }).click();
await page.locator('#chat-log .rated .score.bad').waitFor();
await waitFor('the alert', async () => alerts.some(text => text.includes('Low rating')));
await arrives(count('/low').filter({ hasText: '1' }));
await looksRight(page, 'rated');
const seconds = Math.round((Date.now() - began) / 1000);
assert(seconds < 180, `${seconds} s`);
assert.equal(await page.locator('#chat-write').isVisible(), false, 'a closed chat is not answered');
await page.goto(`${BASE}/today`);
assert.equal(await page.getByRole('heading', { name: 'Getting started' }).count(), 0, 'everything is done');

// A desk of one's own beside its own chat: the rating card alone, and a call when a chat is closed.
await page.goto(`${BASE}/connections/new?kind=webchat`);
await page.locator('#s-name').fill('card');
await page.locator('#s-line').selectOption('support');
await page.locator('#s-origins').fill(shop.url);
await page.locator('#s-mode').selectOption('beside');
await click(page.locator('#settings details.fold summary'));
await page.locator('#s-session_secret').fill('the-secret-of-the-sites-server');
await click(page.locator('#settings button[value=save]'));
secrets.push('the-secret-of-the-sites-server');
await page.waitForURL(`${BASE}/connections/card`);
const card = await page.locator('pre[aria-label="HTML"]').innerText();
await page.goto(`${BASE}/connections/new?kind=desk`);
await page.locator('#s-name').fill('desk');
await page.locator('#s-line').selectOption('support');
await page.locator('#s-ask_through').selectOption('card');
const key = await page.locator('#s-key').inputValue();
assert.ok(key, 'a key is proposed');
await click(page.locator('#settings button[value=save]'));
secrets.push(key);
await page.waitForURL(`${BASE}/connections/desk`);
await page.getByText('Waiting for the first').waitFor();
await looksRight(page, 'desk');
const curl = await page.locator('pre[aria-label="curl"]').innerText();
// The site shows the session of the sample, signed by its server.
const signature = createHmac('sha256', 'the-secret-of-the-sites-server').update('T-1').digest('hex');
lines['/beside'] = card.replace(BASE, SITE).replace(' async', ` data-session="T-1" data-session-signature="${signature}" async`);
await visitor.goto(`${shop.url}/beside`);
await visitor.waitForLoadState('networkidle').catch(() => {});
await waitFor('the visitor', async () => (await visitor.evaluate(() => localStorage.getItem('lastword:card:token'))));
execFileSync('sh', ['-c', curl.replace('YOUR_KEY', key)], { stdio: 'pipe' });
const open = visitor.getByRole('button', { name: 'Your feedback' }).or(visitor.getByRole('button', { name: 'Bad' })).first();
await open.waitFor();
if (!await visitor.getByRole('button', { name: 'Bad' }).isVisible()) await open.click();
const before = alerts.length;
await visitor.getByRole('button', { name: 'Bad' }).click();
await waitFor('the second alert', async () => alerts.slice(before).some(text => text.includes('Low rating')));
await page.locator('#first-call').getByText('Waiting for the first').waitFor({ state: 'detached', timeout: 60_000 });
await page.goto(`${BASE}/audit`);
for (const act of ['Chat answered:', 'Chat closed:']) await page.getByText(act).first().waitFor();
// Where a secret could be shown again.
for (const path of ['/connections/card', '/connections/desk', '/connections', '/audit']) await page.goto(BASE + path);

assert.deepEqual(faults, []);
assert.deepEqual(leaks, [], 'no secret is shown again');
await browser.close();
for (const { server } of [room, shop]) { server.close(); server.closeAllConnections(); }
console.log(`the first ratings and their alerts came; the web chat's after ${clicks} clicks and ${seconds} s`);
for (const secret of secrets) console.log(`secret: ${secret}`);
