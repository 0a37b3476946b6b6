// From an empty installation to the first rating of a chat in a help desk and its alert, using only the pages: a Telegram bot is connected
// for the alerts and shared with the desk, a Chatwoot is connected and made ready, one of its chats in Telegram is closed, its client taps 👎. BASE is the server,
// FIRST the link of the first admin, EMULATOR a Bot API, DESK a Chatwoot, TOKEN the token of its administrator, PLAY what its operators
// and clients do (see tests/it/desks/set_up_by_page.rs). Screenshots are written to $SHOTS, if set.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { TOKEN as BOT_TOKEN, registerRecipient, startBot } from './bot.mjs';
import { noteFaults } from './faults.mjs';
import { firstAdmin } from './first_admin.mjs';
import { firstLine } from './first_line.mjs';
import { noteLeaks } from './leaks.mjs';
import { looks } from './looks.mjs';

const { BASE, FIRST, EMULATOR, DESK, TOKEN, PLAY, CHROMIUM } = process.env;
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
const faults = [];
const leaks = [];
const looksRight = looks('first-desk');
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
context.setDefaultTimeout(20_000);
noteFaults(context, faults);
noteLeaks(context, [TOKEN, BOT_TOKEN], leaks);
const page = await context.newPage();
let clicks = 0;
const click = async locator => { clicks += 1; await locator.click(); };
const button = name => page.getByRole('button', { name });

async function waitFor(what, is) {
  for (const began = Date.now(); ;) {
    const found = await is();
    if (found) return found;
    assert(Date.now() - began < 60_000, `${what} never came`);
    await new Promise(done => setTimeout(done, 200));
  }
}

await firstAdmin(page, FIRST);
const began = Date.now();
await click(button('Create account'));
await page.getByRole('heading', { name: 'Getting started' }).waitFor();
// The bot of the alerts, and who gets them.
const bot = await startBot(EMULATOR);
await page.goto(`${BASE}/today`);
await click(page.getByRole('link', { name: 'Connect a channel' }));
await click(page.getByRole('link', { name: /Telegram bot/ }));
await page.getByLabel('Bot token').fill(BOT_TOKEN);
await click(page.getByText('More settings'));
await page.getByLabel('API address').fill(bot.url);
// The desk has the same bot in one of its inboxes: it expects Telegram's webhook at an address with the bot's token.
await page.getByLabel('Pass other messages on to').fill(`${PLAY}/webhooks/telegram/${BOT_TOKEN}`);
await click(button('Test and save'));
await page.getByText('telegram works. It is in use now').waitFor();
await firstLine(page, BASE, click);
await registerRecipient(page, BASE, bot, click, looksRight);

// The desk: first with a token of somebody else, then tried out, then saved.
await page.goto(`${BASE}/connections`);
await click(page.getByRole('link', { name: 'Add a connection' }));
await click(page.locator('a[href="/connections/new?kind=chatwoot"]'));
await page.locator('#s-url').fill(DESK);
await page.locator('#s-line').selectOption('support');
await page.locator('#s-token').fill('a-token-of-somebody-else');
await click(button('Test').first());
await page.getByText('the token is wrong or was revoked').waitFor();
await looksRight(page, 'refused');
await page.locator('#s-token').fill(TOKEN);
await click(button('Test').first());
await page.getByText('Connected as').waitFor();
await looksRight(page, 'tried');
await click(page.locator('#settings button[value=save]'));
await page.waitForURL(`${BASE}/connections/chatwoot`);

// What a client writes to the shared bot reaches the desk's inbox.
await bot.writes('Where is my parcel?');
await waitFor('the message in the inbox', async () => (await (await fetch(`${PLAY}/inbox`)).text()).includes('Where is my parcel?'));

// What has to be set in the desk: shown, then done.
await click(page.locator('button[name=do][value=look]'));
await page.getByRole('status').getByText('Would be done:').waitFor();
await page.getByRole('status').getByText(/webhook/i).first().waitFor();
await looksRight(page, 'steps');
await click(page.locator('button[name=do][value=change]'));
await page.getByRole('status').getByText('Done:', { exact: true }).waitFor();
await page.getByText('Waiting for the first').waitFor();
await looksRight(page, 'ready');

// A chat is resolved in the desk; its client is asked there and taps 👎.
const post = path => fetch(PLAY + path, { method: 'POST' });
const chat = await (await post('/open')).text();
await waitFor('the question', async () => (await post(`/tap/${chat}/1`)).ok);
await waitFor('the rating', async () => {
  await page.goto(`${BASE}/low`);
  return page.getByText('👎').first().isVisible();
});
await looksRight(page, 'low');
await bot.shows('Low rating');
const seconds = Math.round((Date.now() - began) / 1000);
assert(seconds < 180, `${seconds} s`);
await page.goto(`${BASE}/connections/chatwoot`);
await page.locator('#first-call').getByText('Waiting for the first').waitFor({ state: 'detached', timeout: 60_000 });

assert.deepEqual(faults, []);
assert.deepEqual(leaks, [], 'the tokens are on no page');
await browser.close();
bot.stop();
console.log(`the first chat was rated and its alert came after ${clicks} clicks and ${seconds} s`);
