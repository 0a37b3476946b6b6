// The ratings' pages, in a real Chromium against the real binary: PAGES is its address, anna's password is PASSWORD.
// Screenshots go to $SHOTS, if that is set.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';

const { PAGES, PASSWORD, SHOTS, CHROMIUM } = process.env;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
const faults = []; // errors, dialogs and policy violations of any page: none is expected

async function signedIn(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: 'en-GB', ...options });
  context.setDefaultTimeout(20_000);
  context.on('weberror', error => faults.push(String(error.error())));
  context.on('dialog', dialog => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  context.on('console', message => /Content Security Policy|Refused to/.test(message.text()) && faults.push(message.text()));
  const page = await context.newPage();
  await page.goto(new URL('/sign-in?next=/ratings', PAGES).href);
  await page.getByLabel('Login').fill('anna');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Ratings', level: 1 }).waitFor();
  return page;
}

/** Nothing serious for those who do not see, nothing wider than the screen. */
async function looksRight(page, name) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name} is ${wide} pixels wider than the screen`);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(serious.map(v => `${v.id}: ${v.nodes.map(n => n.html).join('\n')}`), [], name);
}

/** From the list by its filters to one rating, which the supervisor scores with the keyboard alone. */
async function work() {
  const page = await signedIn();
  const rows = page.locator('tr[data-key]');
  assert.equal(await rows.count(), 50);
  await looksRight(page, 'ratings-list');
  await page.getByRole('link', { name: 'Older' }).click();
  await page.getByRole('link', { name: 'Newest' }).waitFor();
  await page.getByLabel('Rating is').selectOption('bad');
  await page.getByText('More filters').click();
  await page.getByLabel('With a comment').check();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.waitForURL(/grade=bad.*commented=1|commented=1.*grade=bad/);
  assert.ok(await rows.count() > 0 && await page.getByRole('img', { name: /^(Good|[45] of 5 stars)$/ }).count() === 0, 'only bad ones');
  await looksRight(page, 'ratings-filtered');
  await page.getByRole('link', { name: 'Remove filter: With a comment' }).click();
  await page.waitForURL(url => !url.search.includes('commented') && url.search.includes('grade=bad'));
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
  const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
  assert.ok(download.suggestedFilename().endsWith('.csv') && lines.length > 10 && lines[1].includes('bad'), lines[1]);
  await page.goto(new URL('/ratings?grade=bad&commented=1', PAGES).href);
  const said = await rows.first().locator('.said p').innerText();
  const { x, y, width, height } = await rows.first().locator('.said').boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
  await page.getByRole('heading', { name: 'History' }).waitFor();
  assert.ok((await page.locator('.rated').innerText()).includes(said), 'the whole row leads to its page');
  await page.getByRole('radio', { name: '1 of 5 stars' }).focus();
  for (const key of ['Space', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Tab']) await page.keyboard.press(key);
  await page.keyboard.type('Patient and clear.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Score saved.').waitFor();
  assert.ok(await page.getByRole('radio', { name: '4 of 5 stars' }).isChecked());
  await looksRight(page, 'rating');
  await page.context().close();
}

async function dark() {
  const page = await signedIn({ colorScheme: 'dark' });
  await looksRight(page, 'ratings-dark');
  await page.goto(new URL('/ratings?from=2026-09-30&until=2026-09-01&score=11', PAGES).href);
  await page.getByText('The end date is before the start date.').waitFor();
  await looksRight(page, 'ratings-wrong-dark');
  await page.context().close();
}

/** On a phone, and without scripts of pages: what measures them is another browser's. */
async function phone() {
  const small = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
  const page = await signedIn(small);
  await looksRight(page, 'ratings-phone');
  await page.locator('a.whole').first().click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
  await looksRight(page, 'rating-phone');
  const plain = await signedIn({ ...small, javaScriptEnabled: false });
  await plain.getByLabel('Rating is').selectOption('good');
  await plain.getByRole('button', { name: 'Apply' }).click();
  await plain.waitForURL(/grade=good/);
  assert.ok(await plain.locator('tr[data-key]').count() > 0);
}

try {
  await work();
  await dark();
  await phone();
  assert.deepEqual(faults, []);
  console.log('the ratings are shown');
} finally {
  await browser.close();
}
