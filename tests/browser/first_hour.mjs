// From an empty installation to the first rating and its alert, using only the pages: an admin without a shell connects a
// bot, creates a line, and tries it on themselves. BASE is the server, OTHER a second node of the same installation (empty
// for none), FIRST the link of the first admin, EMULATOR a Bot API. The script also plays the client who writes and taps.
// Screenshots are written to $SHOTS, if set.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { ME, TOKEN, registerRecipient, startBot } from './bot.mjs';
import { noteFaults } from './faults.mjs';
import { firstAdmin } from './first_admin.mjs';
import { firstLine } from './first_line.mjs';
import { noteLeaks } from './leaks.mjs';
import { looks } from './looks.mjs';

const { BASE, OTHER, FIRST, EMULATOR, CHROMIUM } = process.env;
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
const faults = [];
const leaks = [];
const looksRight = looks('first');

const bot = await startBot(EMULATOR);
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
await page.getByLabel('API address').fill(bot.url);
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

// On myself: I become a recipient, and am asked.
await registerRecipient(page, BASE, bot, click, looksRight);
await click(button(/Send me the question/, page.locator(`[data-chat="${ME.id}"]`)));
await page.waitForURL(/\/ratings\//);
const question = await bot.shows('Please rate');
const thumbs = question.message.reply_markup.inline_keyboard[0][1];
assert.equal(thumbs.text, '👎');
await bot.taps(question, thumbs);
await bot.shows('Low rating');
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
bot.stop();
console.log(`the first rating and its alert came after ${clicks} clicks and ${seconds} s`);
