// Sets up a line in a real Chromium. BASE is the server, where anna can sign in with PASSWORD. Input is shown in the
// preview immediately, a bar counts unsaved changes, each tab is reachable by keyboard, and saved values are shown
// afterwards. Screenshots are written to $SHOTS, if set.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { noteFaults } from './faults.mjs';

const { BASE, PASSWORD, SHOTS, CHROMIUM } = process.env;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
const faults = []; // policy violations and failing scripts: none is expected

async function visitor(options) {
  const context = await browser.newContext({ viewport: { width: 1320, height: 1000 }, ...options });
  context.setDefaultTimeout(20_000);
  noteFaults(context, faults);
  const page = await context.newPage();
  await page.goto(`${BASE}/sign-in`);
  await page.fill('[name=login]', 'anna');
  await page.fill('[name=password]', PASSWORD);
  await page.click('button.main');
  await page.waitForURL(url => url.pathname !== '/sign-in');
  return page;
}

async function looksRight(page, name) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name} is ${wide} pixels wider than the screen`);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(serious.map(v => `${v.id}: ${v.nodes.map(n => n.html).join('\n')}`), [], name);
}

const page = await visitor({});
await page.goto(`${BASE}/lines/support`);
const preview = page.locator('#preview');
await preview.getByText('👎').first().waitFor();
// Connected channels come first, the others are folded, and stay open once opened.
const [shown, all] = [await preview.locator('.phone:visible').count(), await preview.locator('.phone').count()];
assert.ok(shown > 0 && shown < all, `${shown} of ${all} channels`);
await preview.getByText('Other channels').click();
assert.equal(await preview.locator('.phone:visible').count(), all);
const bar = page.locator('#changes');
const says = words => bar.and(page.getByText(words, { exact: true })).waitFor();
const tab = name => page.getByRole('tab', { name });
const discard = page.getByRole('link', { name: 'Discard' });
await says('No changes');
assert.ok(!await discard.isVisible(), 'nothing to discard');
await page.selectOption('[name="scale"]', 'five_star');
await says('1 change');
await page.fill('[name="texts.en.question"]', 'How did we do today?');
await says('2 changes');
await page.fill('[name="texts.en.question"]', '');
await says('1 change');
await page.fill('[name="texts.en.question"]', 'How did we do today?');
await preview.getByText('How did we do today?').first().waitFor();
await preview.getByText('★★★★★').first().waitFor();
await page.selectOption('[name="preview.moment"]', 'thanks_low');
await page.fill('[name="texts.en.reasons"]', 'Waiting took far too long\nRude');
await preview.getByText('1 button is too long for this channel and is shortened.').first().waitFor();
await looksRight(page, 'lines-1-preview');

// Only one tab is shown; arrow keys switch, and input on another tab is kept and counted.
assert.ok(!await page.locator('[name="delay_secs"]').isVisible());
await tab('Question').focus();
await page.keyboard.press('ArrowRight');
await page.locator('[name="delay_secs"]').waitFor();
assert.equal(await page.evaluate(() => document.activeElement.id), 'to-timing');
assert.equal(new URL(page.url()).search, '?tab=timing');
assert.ok(!await page.locator('[name="scale"]').isVisible());
await page.keyboard.press('End');
await page.locator('[name="ask_rules"]').waitFor();
await page.keyboard.press('ArrowRight');
await page.locator('[name="scale"]').waitFor();
assert.equal(new URL(page.url()).search, '');
await says('3 changes');
for (const name of ['Timing', 'Alerts', 'After the rating', 'Rules & labels']) {
  await tab(name).click();
  assert.equal(await page.locator('.part:visible').count(), 1, name);
  await looksRight(page, `lines-1-${name.replaceAll(/\W+/g, '-').toLowerCase()}`);
}

// Invalid input has an error beside its field, and no input is lost.
await tab('Timing').click();
await page.fill('[name="delay_secs"]', 'soon');
await tab('Rules & labels').click();
await page.getByRole('button', { name: 'Save', exact: true }).click();
await page.getByText('Enter a whole number and choose its unit.').waitFor();
assert.equal(await tab('Timing').getAttribute('aria-selected'), 'true', 'the tab of what is wrong opens');
assert.equal(await page.locator('#to-timing .chip').count(), 1);
await says('4 changes');
await looksRight(page, 'lines-1-wrong');
assert.equal(await page.inputValue('[name="texts.en.question"]'), 'How did we do today?');
await page.fill('[name="delay_secs"]', '3');
await page.selectOption('[name="delay_secs.unit"]', 'minutes');
await says('4 changes');
await tab('Alerts').click();
await page.getByRole('checkbox', { name: 'Anna Berg' }).first().check();
await says('5 changes');
await tab('Timing').click();
await page.getByRole('button', { name: 'Save', exact: true }).click();
await page.getByText('Saved. Applies to chats closed from now on.').waitFor();
assert.equal(await page.inputValue('[name="delay_secs"]'), '3');
assert.ok(await page.locator('[name="delay_secs"]').isVisible(), 'the tab stays');
await says('No changes');
await page.fill('[name="delay_secs"]', '4');
await says('1 change');
await discard.click();
await says('No changes');
assert.equal(await page.inputValue('[name="delay_secs"]'), '3');
assert.ok(await page.locator('[name="delay_secs"]').isVisible());
await page.getByRole('link', { name: 'Versions' }).click();
await page.getByText('3 minutes').waitFor();
await looksRight(page, 'lines-2-versions');

// On a phone, without scripts: the button shows the same preview.
const phone = await visitor({ viewport: { width: 360, height: 740 }, javaScriptEnabled: false });
await phone.goto(`${BASE}/lines/support`);
for (const name of ['scale', 'delay_secs', 'alerts.text', 'deadline.hours', 'ask_rules']) {
  assert.ok(await phone.locator(`[name="${name}"]`).isVisible(), `${name} stands below the others`);
}
assert.equal(await phone.getByRole('tab').count(), 0);
await phone.fill('[name="texts.en.question"]', 'Without a script?');
await phone.getByRole('button', { name: 'Show preview' }).click();
await phone.locator('#preview').getByText('Without a script?').first().waitFor();
assert.equal(await phone.inputValue('[name="texts.en.question"]'), 'Without a script?');

for (const path of ['/lines', '/lines/support/plan', '/recipients', '/connections', '/deliveries', '/alerts', '/audit', '/people']) {
  await page.goto(BASE + path);
  await looksRight(page, `lines-3${path.replaceAll('/', '-')}`);
}
assert.deepEqual(faults, []);
console.log('the line is set up');
await browser.close();
