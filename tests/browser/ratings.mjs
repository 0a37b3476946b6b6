// The pages of ratings, in a real Chromium with the real binary. PAGES is its address, anna's password is PASSWORD.
// Screenshots are written to $SHOTS, if set.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { noteFaults } from './faults.mjs';

const { PAGES, PASSWORD, SHOTS, CHROMIUM } = process.env;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
const faults = []; // errors, dialogs and policy violations of any page: none is expected

async function signedIn(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: 'en-GB', ...options });
  context.setDefaultTimeout(20_000);
  noteFaults(context, faults);
  await context.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver(list => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value; })
      .observe({ type: 'layout-shift', buffered: true });
  });
  const page = await context.newPage();
  await page.goto(new URL('/sign-in?next=/ratings', PAGES).href);
  await page.getByLabel('Login').fill('anna');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Ratings', level: 1 }).waitFor();
  // Keyboard shortcuts work once the page's scripts are loaded.
  await page.waitForLoadState('load');
  return page;
}

/** The button that opens the filters. */
const filters = page => page.locator('#filters > summary');

/** No serious accessibility findings, nothing wider than the screen. */
async function looksRight(page, name) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name} is ${wide} pixels wider than the screen`);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(serious.map(v => `${v.id}: ${v.nodes.map(n => n.html).join('\n')}`), [], name);
}

/** From the list through its filters to one rating, which the supervisor scores using only the keyboard. */
async function work() {
  const page = await signedIn();
  const rows = page.locator('tr[data-key]');
  assert.equal(await rows.count(), 50);
  await looksRight(page, 'ratings-list');
  await page.getByRole('link', { name: 'Older' }).click();
  await page.getByRole('link', { name: 'Newest' }).waitFor();
  // A choice applies at once.
  await filters(page).click();
  await page.getByRole('combobox', { name: 'Rating', exact: true }).selectOption('bad');
  await page.waitForURL(/grade=bad/);
  await filters(page).click();
  await page.getByLabel('With a comment').check();
  await page.waitForURL(/grade=bad.*commented=1|commented=1.*grade=bad/);
  assert.ok(await rows.count() > 0 && await page.getByRole('img', { name: /^(Good|[45] of 5 stars)$/ }).count() === 0, 'only bad ones');
  await looksRight(page, 'ratings-filtered');
  await page.getByRole('link', { name: 'Remove filter: With a comment' }).click();
  await page.waitForURL(url => !url.search.includes('commented') && url.search.includes('grade=bad'));
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
  const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
  // Every row of the page is in the file, with a header row and a final line end.
  assert.ok(download.suggestedFilename().endsWith('.csv') && lines.length >= await rows.count() + 2, `${lines.length} lines`);
  assert.ok(lines[1].includes('bad'), lines[1]);
  await page.goto(new URL('/ratings?grade=bad&commented=1', PAGES).href);
  const said = await rows.first().locator('.spoken p').innerText();
  const { x, y, width, height } = await rows.first().locator('.spoken').boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
  await page.locator('#drawer .said', { hasText: said.slice(0, 20) }).waitFor();
  await page.getByRole('link', { name: 'Open full rating' }).click();
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

/** A rating opens beside the list, by mouse, keyboard and address, and closes again, without layout shifts. */
async function beside() {
  const page = await signedIn({ viewport: { width: 1440, height: 900 } });
  const rows = page.locator('tr[data-key]');
  const drawer = page.locator('#drawer:not([aria-busy])');
  const id = at => rows.nth(at).getAttribute('data-key');
  const opened = async at => {
    await page.locator(`#drawer[data-key="${await id(at)}"]:not([aria-busy])`).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('open'), await id(at), 'its address can be shared');
    assert.equal(await rows.nth(at).getAttribute('aria-current'), 'true');
  };
  const focused = () => page.evaluate(() => document.activeElement.closest('tr')?.dataset.key ?? document.activeElement.id);
  for (const at of [0, 7, 31]) {
    const { height } = await rows.nth(at).boundingBox();
    assert.ok(height >= 36 && height <= 44, `row ${at} is ${height} pixels high`);
  }
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  assert.equal(await focused(), await id(1), 'the keys lead from row to row');
  await page.keyboard.press('Enter');
  await opened(1);
  assert.equal(await focused(), 'drawer');
  assert.equal(await rows.count(), 50, 'the list is still there');
  await looksRight(page, 'ratings-beside');
  await page.keyboard.press('j');
  await opened(2);
  await page.keyboard.press('k');
  await opened(1);
  await page.goBack();
  await drawer.waitFor({ state: 'detached' });
  await page.goForward();
  await opened(1);
  await page.reload();
  await opened(1);
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  assert.equal(await focused(), await id(1), 'the focus is back in the list');
  assert.ok(!page.url().includes('open='));

  // The keys of the inbox work the same here, and are ignored while typing.
  await page.goto(new URL('/ratings?grade=bad', PAGES).href);
  await rows.first().locator('a.whole').click();
  await opened(0);
  await page.keyboard.press('r');
  const box = page.locator('#f-text');
  assert.equal(await focused(), 'f-text');
  await page.keyboard.type('jk');
  assert.ok((await box.inputValue()).includes('jk'));
  await page.keyboard.press('Escape');
  assert.ok(await drawer.isVisible(), 'the first Esc only leaves the box');
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.getByLabel('Use single-letter shortcuts').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  assert.notEqual(await focused(), await id(1), 'whoever does not want the keys has none');
  await page.goto(new URL('/ratings', PAGES).href);
  const newest = await id(0);
  await filters(page).click();
  await page.locator('#m-operator summary').click();
  await looksRight(page, 'ratings-menu');
  await page.keyboard.press('Escape');
  assert.ok(!await page.locator('#m-operator fieldset').isVisible(), 'Esc closes a menu');
  await page.goto(new URL('/ratings/views?grade=bad', PAGES).href);
  await page.locator('#f-name').fill('Bad ones');
  await page.getByRole('button', { name: 'Save' }).first().click();
  await page.getByText('View “Bad ones” saved.').waitFor();
  await looksRight(page, 'ratings-view');
  await page.goto(new URL('/ratings/views', PAGES).href);
  await looksRight(page, 'ratings-views');
  for (const [width, height] of [[390, 800], [1024, 768], [1440, 900]]) {
    await page.setViewportSize({ width, height });
    await page.goto(new URL(`/ratings?open=${newest}`, PAGES).href);
    await drawer.waitFor();
    await looksRight(page, `ratings-beside-${width}`);
    await page.getByRole('link', { name: 'Close' }).click();
    await drawer.waitFor({ state: 'detached' });
    await looksRight(page, `ratings-closed-${width}`);
    const shift = await page.evaluate(() => window.shift);
    assert.ok(shift < 0.002, `${shift} moved at ${width} pixels`);
  }
  await page.context().close();
}

/** Several values in a filter, their totals, and the filter as a saved view, without scripts. Measuring pages needs scripts. */
async function several() {
  const page = await signedIn({ javaScriptEnabled: false });
  const rows = page.locator('tr[data-key]');
  const number = async key => Number((await page.locator(`[data-sum="${key}"] b`).innerText()).replace(/\D/g, ''));
  const all = await number('ratings');
  assert.ok(all > 50 && await number('low') < all && await number('commented') < all);
  await filters(page).click();
  await page.locator('#m-line summary').click();
  const lines = page.locator('#m-line input[type=checkbox]');
  const of = [];
  for (const at of [0, 1]) {
    await lines.nth(at).check();
    of.push(await lines.nth(at).getAttribute('value'));
  }
  // Without scripts nothing applies by itself.
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.waitForURL(url => url.searchParams.getAll('line').length === 2);
  const both = await number('ratings');
  await page.getByRole('link', { name: 'Save this view' }).click();
  await page.locator('#f-name').fill('Two lines');
  await page.getByLabel('Share with the team').first().check();
  await page.getByRole('button', { name: 'Save' }).first().click();
  await page.getByText('View “Two lines” saved.').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Two lines' }).getAttribute('aria-current'), 'page');
  let sum = 0;
  for (const line of of) {
    await page.goto(new URL(`/ratings?line=${line}`, PAGES).href);
    sum += await number('ratings');
  }
  assert.equal(sum, both, 'the parts make the whole');
  await page.getByRole('link', { name: 'With words' }).click();
  await page.waitForURL(/commented=1/);
  assert.equal(await rows.count(), await page.locator('tr[data-key] .spoken p').count(), 'each row has words');
  // A row links to its page; the address of a rating open beside the list works too.
  const id = await rows.first().getAttribute('data-key');
  await page.goto(new URL(`/ratings?commented=1&open=${id}`, PAGES).href);
  await page.locator('#drawer').waitFor();
  await page.locator('#drawer').getByRole('link', { name: 'Close' }).click();
  await page.waitForURL(url => !url.searchParams.has('open') && url.searchParams.has('commented'));
  await rows.first().locator('a.whole').click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
  await page.goto(new URL('/ratings/views', PAGES).href);
  await page.getByRole('button', { name: 'Delete Two lines' }).click();
  await page.getByText('View “Two lines” deleted.').waitFor();
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

/** On a phone, and with page scripts disabled: another browser measures the pages. */
async function phone() {
  const small = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
  const page = await signedIn(small);
  await looksRight(page, 'ratings-phone');
  await page.locator('a.whole').first().click();
  await page.getByRole('link', { name: 'Open full rating' }).click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
  await looksRight(page, 'rating-phone');
  const plain = await signedIn({ ...small, javaScriptEnabled: false });
  await filters(plain).click();
  await plain.getByRole('combobox', { name: 'Rating', exact: true }).selectOption('good');
  await plain.getByRole('button', { name: 'Apply' }).click();
  await plain.waitForURL(/grade=good/);
  assert.ok(await plain.locator('tr[data-key]').count() > 0);
}

try {
  await work();
  await beside();
  await several();
  await dark();
  await phone();
  assert.deepEqual(faults, []);
  console.log('the ratings are shown');
} finally {
  await browser.close();
}
