// What an admin does who sees the demo at DEMO for the first time: each task begins on *Today* and uses only what is visible there. Prints
// each task with its clicks and the fields that have to be filled in, as a row of the table in docs/pages/README.md. Screenshots are
// written to $SHOTS, if set.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { noteFaults } from './faults.mjs';

const { DEMO, SHOTS, CHROMIUM } = process.env;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'en-GB', reducedMotion: 'reduce', acceptDownloads: true });
context.setDefaultTimeout(20_000);
const faults = [];
noteFaults(context, faults);
const page = await context.newPage();
await page.goto(new URL('/demo/enter/today', DEMO).href);
const today = page.url();
const main = page.locator('main');
let clicks = 0;
let fields = 0;

async function click(target) {
  clicks += 1;
  await target.click();
  await page.waitForLoadState('load');
}
async function fill(target, text) {
  fields += 1;
  await target.fill(text);
}
async function choose(target, value) {
  fields += 1;
  await target.selectOption(value);
}
const link = (name, within = page) => within.getByRole('link', { name, exact: true }).first();
const button = (name, within = main) => within.getByRole('button', { name }).first();
const fold = name => main.locator('summary', { hasText: name }).first();
async function setup(place) {
  if (!await link(place).isVisible()) await click(page.locator('summary', { hasText: 'Setup' }));
  await click(link(place));
}

let done = 0;
async function task(name, steps) {
  [clicks, fields] = [0, 0];
  await page.goto(today);
  await steps();
  done += 1;
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/task-${done}.png` });
  console.log(`| ${name} | ${clicks} | ${fields} |`);
}

await task('Connect a Telegram bot, and test it', async () => {
  await setup('Connections');
  await click(link('Add a connection'));
  await click(link(/Telegram bot/));
  await main.getByText('@BotFather').first().waitFor();
  await fill(main.getByLabel('Bot token'), '123456:made-up');
  // The demo does not reach Telegram: nothing listens at this address.
  await main.getByText('More settings').click();
  await main.getByLabel('API address').fill('http://127.0.0.1:9');
  await click(button('Test'));
  await main.getByText('no connection to the Bot API').waitFor();
});
await task('Create a line', async () => {
  await setup('Lines');
  await click(fold('New line'));
  await fill(main.locator('#n-name'), 'Returns');
  await fill(main.locator('#n-id'), 'returns');
  await click(button('Create line'));
  await page.waitForURL(/\/lines\/returns$/);
});
await task('Invite a supervisor', async () => {
  await setup('People & API keys');
  await click(fold('Invite a person'));
  await fill(main.locator('#p-name'), 'Sam Park');
  await fill(main.locator('#p-login'), 'sam');
  await click(main.locator('input[name=role][value=supervisor]'));
  await click(button('Create account and link'));
  await main.getByText('Password link for Sam Park').waitFor();
});
await task('Read the worst chat since Friday', async () => {
  await click(main.getByRole('link', { name: /ago/ }).first());
  await main.getByText('Conversation').first().waitFor();
});
await task('Reply to a low rating', async () => {
  await click(link(/^Low ratings/));
  await click(main.getByRole('link', { name: /days ago/ }).first());
  await fill(main.locator('#f-text'), 'I am sorry. I will call you today.');
  await click(button('Send the reply'));
  await main.getByRole('status').first().waitFor();
});
await task('Download the ratings for Excel', async () => {
  await click(link('Ratings'));
  const [file] = await Promise.all([page.waitForEvent('download'), click(link('XLSX', main))]);
  assert.match(file.suggestedFilename(), /\.xlsx$/);
});
await task('Add a recipient for alerts', async () => {
  await setup('Recipients');
  await click(fold('New recipient'));
  await fill(main.locator('#r-name'), 'Night shift');
  await fill(main.locator('#r-id'), 'night-shift');
  await choose(main.locator('#r-connection'), 'demo-telegram');
  await fill(main.locator('#r-chat'), '77700042');
  await click(button('Create recipient'));
  await main.getByText('Night shift').first().waitFor();
});
await task('Change the question and see it on every channel', async () => {
  await setup('Lines');
  await click(link('Support', main));
  await fill(main.locator('[name="texts.en.question"]'), 'How did we do today?');
  await main.locator('.preview').getByText('How did we do today?').first().waitFor();
});
await task('Find out why a client was not asked', async () => {
  await click(link('Clients'));
  await fill(main.locator('#f-find'), 'Mateo Khan');
  await click(button('Find'));
  await click(link('Mateo Khan', main.getByRole('row', { name: /client-1465/ })));
  await main.getByText('closed by a bot').waitFor();
});
await task('Stop asking a client', async () => {
  await click(link('Clients'));
  await fill(main.locator('#f-find'), 'Mateo Khan');
  await click(button('Find'));
  await click(link('Mateo Khan', main.getByRole('row', { name: /client-1465/ })));
  await click(button('Stop asking this client'));
  await main.getByText('Opted out since').waitFor();
});

assert.deepEqual(faults, []);
await browser.close();
console.log(`${done} tasks were done`);
