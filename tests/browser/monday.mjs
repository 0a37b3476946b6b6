// Monday morning: a supervisor who sees the demo at DEMO for the first time finds out if the week was better, who needs
// help, why clients are unhappy and what to do now, using only clicks. Each answer must be visible without scrolling on a
// laptop. Prints the clicks. Screenshots are written to $SHOTS, if set.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const { DEMO, SHOTS, CHROMIUM } = process.env;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
/** More clicks than this take longer than two minutes. */
const CLICKS_MAX = 8;
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'en-GB', reducedMotion: 'reduce' });
context.setDefaultTimeout(20_000);
const page = await context.newPage();
await page.goto(new URL('/demo/enter/today', DEMO).href);
const walk = [];

/** Clicks the element named `name`, as a person does. */
async function click(name) {
  await page.getByRole('link', { name }).first().click();
  await page.waitForLoadState('load');
  walk.push(String(name).replace(/^\/\^?|\$?\/$/g, ''));
}

/** The visible text. */
async function answer(question, place) {
  const said = (await place.first().innerText()).replace(/\s+/g, ' ').trim();
  const { y, height } = await place.first().boundingBox();
  assert.ok(y >= 0 && y + Math.min(height, 60) <= 768, `“${said}” is out of sight: ${y}`);
  console.log(`${question} → ${said}`);
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/monday-${walk.length}.png` });
  return said;
}

const todo = await answer('What must I do now?', page.getByRole('link', { name: /overdue replies/ }));
await click(/overdue replies/);
await page.getByRole('heading', { name: 'Low ratings', level: 1 }).waitFor();
const waiting = page.locator('main li, main tr').filter({ has: page.locator('time') });
assert.ok(await waiting.count() >= Number.parseInt(todo, 10), 'as many as were told are there to be replied to');

await click(/^Reports$/);
await click(/^7 days$/);
const week = await answer('Is this week better?', page.locator('main').getByText(/a real change|no clear change/));
assert.match(week, /a real change/, 'the demo has a falling week, and says so');
await click(/^Reasons$/);
const why = await answer('Why are clients unhappy?', page.locator('main table').first().locator('tbody tr'));
assert.match(why, /\d+(\.\d+)?%/, 'the commonest reason, with its share');
await click(/^Operators$/);
const who = await answer('Who needs help?', page.getByText(/Below it:/));
assert.match(who, /Below it: Georg Weiss\./, 'one is truly below the rest');

assert.ok(walk.length <= CLICKS_MAX, `${walk.length} clicks: ${walk.join(', ')}`);
console.log(`found with ${walk.length} clicks: ${walk.join(' → ')}`);
await browser.close();
