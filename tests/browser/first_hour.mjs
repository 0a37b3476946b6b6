// From an empty installation to the first rating and its alert, using only the pages: an admin without a shell connects a
// bot, creates a line, and tries it on themselves. BASE is the server, OTHER a second node of the same installation (empty
// for none), FIRST the link of the first admin, EMULATOR a Bot API. The script also plays the client who writes and taps.
// Screenshots are written to $SHOTS, if set.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { noteFaults } from './faults.mjs';
import { firstAdmin } from './first_admin.mjs';
import { firstLine } from './first_line.mjs';
import { noteLeaks } from './leaks.mjs';
import { looks } from './looks.mjs';

const { BASE, OTHER, FIRST, EMULATOR, CHROMIUM } = process.env;
const TOKEN = '123456:hush-hush-hush';
const ME = { id: 77700042, is_bot: false, first_name: 'Ann' };
const CHAT = { id: ME.id, type: 'private', first_name: 'Ann' };
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
const faults = [];
const leaks = [];

/** The emulator supports neither webhooks nor chats: these calls are answered here, all others by it. */
async function botApi() {
  const known = { getWebhookInfo: { url: '', has_custom_certificate: false, pending_update_count: 0 }, getChat: CHAT };
  const server = createServer(async (request, response) => {
    const method = request.url.split('?')[0].split('/').pop();
    response.setHeader('Content-Type', 'application/json');
    if (!request.url.startsWith(`/bot${TOKEN}/`)) {
      response.statusCode = 401;
      return response.end(JSON.stringify({ ok: false, error_code: 401, description: 'Unauthorized' }));
    }
    if (known[method]) return response.end(JSON.stringify({ ok: true, result: known[method] }));
    const parts = [];
    for await (const part of request) parts.push(part);
    const { 'content-type': type } = request.headers;
    const body = parts.length ? Buffer.concat(parts) : undefined;
    try {
      const answer = await fetch(EMULATOR + request.url, { method: request.method, headers: type ? { 'content-type': type } : {}, body });
      response.statusCode = answer.status;
      response.end(Buffer.from(await answer.arrayBuffer()));
    } catch {
      response.destroy();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

async function emulator(path, body) {
  const answer = await fetch(EMULATOR + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return answer.json();
}

/** The latest version of the bot's message to me with this text. */
async function shows(words) {
  for (const began = Date.now(); ;) {
    const { result } = await emulator('/getUpdatesHistory', { token: TOKEN });
    const found = (result ?? []).filter(({ message }) => message?.text?.includes(words) && String(message.chat_id) === String(ME.id)).pop();
    if (found) return found;
    assert(Date.now() - began < 60_000, `${words} never came: ${JSON.stringify(result)}`);
    await new Promise(done => setTimeout(done, 100));
  }
}

const looksRight = looks('first');

const api = await botApi();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
context.setDefaultTimeout(20_000);
noteFaults(context, faults);
noteLeaks(context, ['hush-hush'], leaks);
const page = await context.newPage();
let clicks = 0;
const click = async locator => { clicks += 1; await locator.click(); };
const button = (name, within = page) => within.getByRole('button', { name });

await firstAdmin(page, FIRST);
const began = Date.now();
await click(button('Create account'));
await page.getByRole('heading', { name: 'Getting started' }).waitFor();
assert.equal(await page.locator('.first-steps .done').count(), 0, 'nothing is done on an empty installation');
await looksRight(page, 'today');

// What clients see of the shop.
await click(page.getByRole('link', { name: 'Say who you are' }));
await page.getByLabel('Name').fill('Corner Shop');
await page.getByLabel('Colour').fill('#0b5cad');
await looksRight(page, 'organisation');
await click(button('Save'));
await page.getByText('Clients see it from now on').waitFor();
await page.goto(`${BASE}/today`);

// The bot: first refused because of a badly copied token; then tried out, then saved.
await click(page.getByRole('link', { name: 'Connect a channel' }));
await looksRight(page, 'kinds');
await click(page.getByRole('link', { name: /Telegram bot/ }));
await page.getByLabel('Bot token').fill('123456:copied-badly');
await click(page.getByText('More settings'));
await page.getByLabel('API address').fill(api.url);
await looksRight(page, 'form');
await click(button('Test', page).first());
await page.getByText('the bot’s token is wrong').or(page.getByText("the bot's token is wrong")).waitFor();
await looksRight(page, 'refused');
await page.getByLabel('Bot token').fill(TOKEN);
await click(button('Test', page).first());
await page.getByText('Connected as @TestNameBot.').waitFor();
await looksRight(page, 'tried');
assert(!(await page.content()).includes('hush'), 'what was entered is not shown');
await click(button('Test and save'));
await page.getByText('telegram works. It is in use now').waitFor();
await looksRight(page, 'connection');

await firstLine(page, BASE, click);

// On myself: I write to the bot, appear on the page without a reload, become a recipient, and am asked.
await page.goto(`${BASE}/today`);
await click(page.getByRole('link', { name: 'Add a recipient for alerts' }));
await page.getByText('Waiting for a message…').waitFor();
await looksRight(page, 'waiting');
await emulator('/sendMessage', { botToken: TOKEN, from: ME, chat: CHAT, date: Math.floor(Date.now() / 1000), text: '/start' });
const mine = page.locator(`[data-chat="${ME.id}"]`);
await mine.waitFor();
await looksRight(page, 'wrote');
await click(button(/Alert about low ratings/, mine));
await mine.getByText('gets alerts').waitFor();
await click(button(/Send me the question/, page.locator(`[data-chat="${ME.id}"]`)));
await page.waitForURL(/\/ratings\//);
const question = await shows('Please rate');
const thumbs = question.message.reply_markup.inline_keyboard[0][1];
assert.equal(thumbs.text, '👎');
const message = { message_id: question.messageId, date: Math.floor(Date.now() / 1000), chat: CHAT, text: 'Please rate' };
await emulator('/sendCallback', { botToken: TOKEN, from: ME, message, data: thumbs.callback_data });
await shows('Low rating');
await page.getByText('👎').first().waitFor();
await looksRight(page, 'rating');
const seconds = Math.round((Date.now() - began) / 1000);
assert(seconds < 180, `${seconds} s`);
await page.goto(`${BASE}/today`);
assert.equal(await page.getByRole('heading', { name: 'Getting started' }).count(), 0, 'everything is done');

// Changed and paused on one node, visible on the other, without a restart of either.
const there = OTHER || BASE;
if (OTHER) {
  for (const began = Date.now(); ;) {
    await page.goto(`${OTHER}/connections/telegram`);
    if (await page.locator('#status').getByText('working', { exact: true }).count()) break;
    assert(Date.now() - began < 20_000, 'the other node never took it up');
  }
}
await page.goto(`${BASE}/connections/telegram`);
await click(button('Pause'));
await page.getByText('Paused since').waitFor();
await page.goto(`${there}/connections/telegram`);
await page.getByText('Paused since').waitFor();
await looksRight(page, 'paused');
await click(button(/Resume/));
await page.locator('#status').getByText('working', { exact: true }).waitFor();
await page.goto(`${there}/audit`);
await page.getByText('Connection created:').waitFor();

assert.deepEqual(faults, []);
assert.deepEqual(leaks, [], 'the token is on no page');
await browser.close();
api.server.close();
api.server.closeAllConnections();
console.log(`the first rating and its alert came after ${clicks} clicks and ${seconds} s`);
