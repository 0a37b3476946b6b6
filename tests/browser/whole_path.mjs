// From the link on the console to the opened file, in a real Chromium with a fresh server at BASE. FIRST is the link. A
// site at SITE shows the chat, a program of the supervisor receives alerts at HOOK; this script provides both. Downloaded
// files are left in $FILES; screenshots are written to $SHOTS, if set.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { EventEmitter, once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { noteFaults } from './faults.mjs';

const { BASE, FIRST, SITE, HOOK, FILES, SHOTS, CHROMIUM } = process.env;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const QUESTION = 'How did we do today?';
const COMMENT = 'Nobody could tell me where my parcel is.';
const REPLY = 'We are sorry. Your parcel leaves today.';
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
const faults = []; // errors, dialogs and policy violations of any page: none is expected

async function browse(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: 'en-GB', acceptDownloads: true, ...options });
  context.setDefaultTimeout(20_000);
  noteFaults(context, faults);
  return context;
}

let shots = 0;
async function looksRight(page, name) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/path-${String(++shots).padStart(2, '0')}-${name}.png`, fullPage: true });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(serious.map(v => `${v.id}: ${v.nodes.map(n => n.html).join('\n')}`), [], name);
}

/** A third party's server on this machine. */
async function listen(address, answer) {
  const { hostname, port } = new URL(address);
  const server = createServer(answer).listen(port, hostname);
  await once(server, 'listening');
  return server;
}
const alerts = new EventEmitter();
const servers = [
  await listen(SITE, (request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="en"><title>A shop</title><h1>A shop</h1>
      <script src="${BASE}/widget.js" data-connection="site" data-open async></script></html>`);
  }),
  await listen(HOOK, async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    response.end('{}');
    const { type, data } = JSON.parse(Buffer.concat(parts));
    alerts.emit(type, data);
  }),
];

/** The first admin is created through the link, which works once. */
async function theLink() {
  const context = await browse();
  const page = await context.newPage();
  await page.goto(FIRST);
  await looksRight(page, 'first-admin');
  await page.getByLabel('Your name').fill('Anna Berg');
  await page.getByLabel('Login').fill('anna');
  await page.getByLabel('New password', { exact: true }).fill('quiet lamp under rivers');
  await page.getByLabel('Repeat the new password').fill('quiet lamp under rivers');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  const other = await browse();
  const late = await other.newPage();
  assert.equal((await late.goto(FIRST)).status(), 404, 'the link worked once');
  await other.close();
  return page;
}

/** A form that is expanded by a click. */
async function unfolded(page, action) {
  const form = page.locator(`form[action="${action}"]`);
  if (!await form.isVisible()) await page.locator('details.fold').filter({ has: form }).locator('summary').click();
  return form;
}

async function theRecipient(page) {
  await page.goto(`${BASE}/recipients`);
  const form = await unfolded(page, '/recipients');
  await form.locator('[name="name"]').fill('Sam Low');
  await form.locator('[name="id"]').fill('sam');
  await form.locator('[name="connection"]').selectOption('pager');
  await form.locator('[name="chat"]').fill('sam');
  await form.locator('button.main').click();
  await page.waitForURL(`${BASE}/recipients/sam`);
}

/** Scale, text, delay and recipients are set, and the preview follows the input. */
async function theLine(page) {
  await page.goto(`${BASE}/lines`);
  const form = await unfolded(page, '/lines');
  await form.locator('[name="name"]').fill('Support');
  await form.locator('[name="id"]').fill('support');
  await form.locator('button.main').click();
  await page.waitForURL(`${BASE}/lines/support`);
  const preview = page.locator('#preview');
  await preview.getByText('👎').first().waitFor();
  await page.selectOption('[name="scale"]', 'five_star');
  await preview.getByText('★★★★★').first().waitFor();
  await page.fill('[name="texts.en.question"]', QUESTION);
  await preview.getByText(QUESTION).first().waitFor();
  await page.getByRole('tab', { name: 'Timing' }).click();
  await page.fill('[name="delay_secs"]', '1');
  await page.getByRole('tab', { name: 'Alerts' }).click();
  await page.getByRole('checkbox', { name: 'Sam Low' }).first().check();
  await looksRight(page, 'line');
  // The preview for alert recipients, with an example for each macro.
  await page.selectOption('[name="preview.moment"]', 'alert');
  await preview.getByText('Low rating').first().waitFor();
  await page.fill('[name="alerts.text"]', '#SCORE# for #OPERATOR# on #LINE#: #LINK#');
  await preview.getByText(`1/5 for Olga on Support: ${BASE}/ratings/preview`).first().waitFor();
  await looksRight(page, 'line-alert');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved. Applies to chats closed from now on.').waitFor();
  assert.equal(await page.inputValue('[name="delay_secs"]'), '1');
  assert.equal(await page.inputValue('[name="scale"]'), 'five_star');
}

/** A key for the operator's program. */
async function theKey(page) {
  await page.goto(`${BASE}/people`);
  const form = await unfolded(page, '/keys');
  await form.locator('[name="key_name"]').fill('desk');
  await form.locator('[value="chats:write"]').check();
  await form.locator('button.main').click();
  return page.locator('code.secret').innerText();
}

/** An operator's program: our own chat through the API. */
async function desk(key, path, body) {
  const answer = await fetch(`${BASE}/v1/chats${path}`, {
    method: body ? 'POST' : 'GET', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
  return answer.json();
}

/** A visitor writes and is answered, and the chat is closed: the question is in the window. */
async function theChat(key) {
  const context = await browse({ viewport: { width: 900, height: 760 } });
  const page = await context.newPage();
  const kept = new Promise(done => page.on('websocket', line => line.on('framereceived', ({ payload }) => /"ack"/.test(payload) && done())));
  await page.goto(SITE);
  await page.getByPlaceholder('Write a message').fill('My order 4711 has not arrived yet.');
  await page.getByRole('button', { name: 'Send' }).last().click();
  await kept;
  const [{ visitor, open }] = (await desk(key, '?connection=site')).items;
  assert.ok(open);
  const operator = { id: 'olga', name: 'Olga' };
  await desk(key, `/site/${visitor}/messages`, { event_key: '1', operator, text: 'There is nothing more I can do today.' });
  await page.getByText('There is nothing more I can do today.').waitFor();
  assert.ok((await desk(key, `/site/${visitor}/close`, { operator })).asked);
  await page.getByText(QUESTION).waitFor();
  return page;
}

/** Two stars and a comment. It appears on the supervisor's pages without a reload, and reaches the recipient. */
async function theRating(today, visitor) {
  const list = await today.context().newPage();
  await list.goto(`${BASE}/ratings`);
  await list.getByText('No ratings yet').waitFor();
  for (const page of [today, list]) await page.evaluate(() => { window.loadedOnce = true; });
  const told = once(alerts, 'alert');
  await visitor.getByRole('radio', { name: '2 of 5' }).click();
  await visitor.getByLabel('Tell us more').fill(COMMENT);
  await visitor.getByRole('button', { name: 'Send', exact: true }).click();
  await today.locator('#figures [data-figure="answered"][value="1"]').waitFor();
  await today.locator('#since, #last').getByText(COMMENT).waitFor();
  await list.locator('tr[data-key]').getByText(COMMENT).waitFor();
  for (const page of [today, list]) assert.ok(await page.evaluate(() => window.loadedOnce), 'nothing was loaded again');
  await looksRight(today, 'today');
  await list.close();
  const [{ url, text, rating_request }] = await told;
  assert.equal(url, `${BASE}/ratings/${rating_request.id}`);
  assert.equal(text, `★★☆☆☆ 2/5 for Olga on Support: ${url}`);
  return url;
}

/** From the figure to the rating: each figure links to its list. */
async function fromTheNumber(page, url) {
  await page.locator('#figures a.figure').filter({ has: page.locator('[data-figure="adjusted bad"][value="1"]') }).click();
  await page.waitForURL(/\/ratings\?.*grade=bad/);
  assert.equal(await page.locator('tr[data-key]').count(), 1);
  await looksRight(page, 'list');
  await page.locator('a.whole').click();
  const drawer = page.locator('#drawer');
  await drawer.getByText(COMMENT).first().waitFor();
  await drawer.locator(`a[href="${new URL(url).pathname}"]`).first().click();
  await page.waitForURL(url);
  await page.locator('#alerts').getByText('Sam Low').waitFor();
  await page.locator('.rated').getByText(COMMENT).waitFor();
  await looksRight(page, 'rating');
}

async function theReply(page, visitor) {
  await page.getByLabel('Your reply to the client').fill(REPLY);
  await page.getByRole('button', { name: 'Send the reply' }).click();
  await page.locator('#reply blockquote').getByText(REPLY).waitFor();
  await visitor.getByText(REPLY).waitFor();
  if (SHOTS) await visitor.screenshot({ path: `${SHOTS}/path-${String(++shots).padStart(2, '0')}-visitor.png` });
}

/** Appealed, judged with a reason, voided: it stays, and is excluded from the score. */
async function theAppeal(page) {
  const appeal = page.locator('#appeal');
  await appeal.locator('summary').click();
  await appeal.locator('textarea').fill('Our own outage, not the operator.');
  await appeal.locator('button').click();
  const judging = page.locator('form[action$="/judge"]');
  await judging.locator('textarea').fill('The outage is on record.');
  await looksRight(page, 'appealed');
  await judging.getByRole('button', { name: 'Exclude from score' }).click();
  await page.locator('.verdict').getByText('not in the score').waitFor();
  await page.getByText('The outage is on record.').waitFor();
  await looksRight(page, 'voided');
}

async function theFiles(page) {
  await page.goto(`${BASE}/reports?tab=details`);
  await page.locator('a:has([data-figure="voided"][value="1"])').click();
  await page.waitForURL(/voided=yes/);
  await page.locator('tr[data-key]').getByText('not in the score').waitFor();
  for (const [name, file] of [['CSV', 'ratings.csv'], ['XLSX', 'ratings.xlsx']]) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
    assert.match(download.suggestedFilename(), new RegExp(`^ratings-.*\\.${name.toLowerCase()}$`));
    await download.saveAs(`${FILES}/${file}`);
  }
  await page.goto(`${BASE}/audit?kind=list`);
  assert.equal(await page.getByText('List exported as:').count(), 2);
  await looksRight(page, 'audit');
}

try {
  const page = await theLink();
  await theRecipient(page);
  await theLine(page);
  const key = await theKey(page);
  await page.goto(`${BASE}/today`);
  const visitor = await theChat(key);
  const url = await theRating(page, visitor);
  await fromTheNumber(page, url);
  await theReply(page, visitor);
  await theAppeal(page);
  await theFiles(page);
  assert.deepEqual(faults, []);
  console.log('the whole path was walked');
} finally {
  await browser.close();
  for (const server of servers) { server.closeAllConnections(); server.close(); }
}
