// The page of a link, in a real Chromium with page scripts disabled. PAGE is its address, STORY the scenario. Screenshots
// are written to $SHOTS, if set.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';

const { PAGE, STORY, SHOTS, CHROMIUM } = process.env;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
const faults = []; // policy violations and failed loads: none is expected

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

async function browse(options = {}, url = PAGE) {
  const context = await browser.newContext({ ...PHONE, javaScriptEnabled: false, ...options });
  context.setDefaultTimeout(20_000);
  context.on('console', message => /Content Security Policy|Refused to/.test(message.text()) && faults.push(message.text()));
  context.on('response', response => { if (response.status() >= 400) faults.push(`${response.status()} at ${new URL(response.url()).pathname.slice(0, 3)}`); });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}
const testers = new Map();
/** Measuring a page needs scripts, so the same address is opened again with scripts enabled. Viewing changes nothing. */
async function looksRight(page, name, options = {}) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
  const same = testers.get(options.colorScheme) ?? await browse({ ...options, javaScriptEnabled: true }, page.url());
  testers.set(options.colorScheme, same);
  await same.goto(page.url());
  const wide = await same.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name} is ${wide} pixels wider than the screen`);
  const { violations } = await new AxeBuilder({ page: same }).analyze();
  assert.deepEqual(violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join('\n')}`), [], name);
}

/** Two stars on a phone, then a comment. */
async function low() {
  const page = await browse();
  await page.getByRole('heading', { name: 'Please rate the quality of service' }).waitFor();
  assert.ok(await page.getByRole('radio', { name: '2 of 5' }).isChecked(), 'the score of the link is chosen');
  await looksRight(page, 'link-1-question');
  await page.getByRole('radio', { name: '4 of 5' }).check();
  const filled = () => page.locator('.stars .sign').evaluateAll(all => all.map(one => getComputedStyle(one).color));
  const [first, , , fourth, fifth] = await filled();
  assert.ok(first === fourth && fourth !== fifth, 'stars fill up to the choice');
  await page.getByText('Excellent').waitFor();
  await page.getByRole('radio', { name: '2 of 5' }).check();
  await page.getByRole('button', { name: 'Send my rating' }).click();
  await page.getByText('★★☆☆☆ 2/5').waitFor();
  await looksRight(page, 'link-2-thanks');
  // Using only the keyboard.
  await page.getByRole('checkbox', { name: 'Took too long' }).focus();
  await page.keyboard.press('Space');
  await page.getByLabel('Tell us more').fill('Nobody called back.');
  await page.getByRole('button', { name: 'Send my feedback' }).press('Enter');
  await page.getByRole('heading', { name: 'Thank you for your feedback.' }).waitFor();
  await looksRight(page, 'link-3-noted');
  await page.getByRole('link', { name: 'Change my answer' }).click();
  await page.getByRole('radio', { name: '2 of 5' }).waitFor();
  await looksRight(page, 'link-4-change');
  await page.context().close();
  const DARK = { colorScheme: 'dark', viewport: { width: 1000, height: 700 }, isMobile: false };
  const dark = await browse(DARK, `${PAGE}?change`);
  await looksRight(dark, 'link-5-dark', DARK);
  await dark.goto(`${PAGE}?done`);
  await looksRight(dark, 'link-6-dark-thanks', DARK);
  await dark.context().close();
  const gone = await browse({}, `${PAGE}x`);
  await gone.getByRole('heading', { name: 'This link does not work' }).waitFor();
  await looksRight(gone, 'link-7-gone');
  assert.deepEqual(new Set(faults.splice(0)), new Set(['404 at /r/']));
  await gone.context().close();
}

/** Five stars, right to left, in dark mode. */
async function right() {
  const DARK = { colorScheme: 'dark' };
  const page = await browse(DARK);
  await page.getByRole('heading', { name: 'كيف كانت الخدمة؟' }).waitFor();
  const box = async name => (await page.getByRole('radio', { name }).boundingBox()).x;
  assert.ok(await box('1 من 5') > await box('5 من 5'), 'stars run from right to left');
  await looksRight(page, 'link-8-right', DARK);
  await page.getByRole('button', { name: 'إرسال تقييمي' }).click();
  await page.getByRole('heading', { name: 'شكراً لك!' }).waitFor();
  await looksRight(page, 'link-9-right-thanks', DARK);
  await page.context().close();
}

await { low, right }[STORY]();
assert.deepEqual(faults, []);
console.log('the page takes an answer');
await browser.close();
