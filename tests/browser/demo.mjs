// The whole story on the demo's page, in a real Chromium with the real binary. DEMO is its address. Screenshots are written
// to $SHOTS, if set.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { noteFaults } from './faults.mjs';

const { DEMO, SHOTS, CHROMIUM } = process.env;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
const faults = []; // errors, dialogs and policy violations of any page: none is expected

async function browse(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 960 }, ...options });
  context.setDefaultTimeout(20_000);
  noteFaults(context, faults);
  return context;
}
async function visit(context) {
  const page = await context.newPage();
  await page.goto(DEMO);
  await page.getByText('live', { exact: true }).waitFor();
  return page;
}
async function still(page) {
  await page.evaluate(() => Promise.all([...document.getAnimations(), ...document.querySelector('lastword-widget').shadowRoot.getAnimations({ subtree: true })].map(a => a.finished.catch(() => {}))));
}
async function shot(page, name, options = {}) {
  if (!SHOTS) return;
  await page.evaluate(() => { scrollTo(0, 0); document.activeElement?.blur(); });
  await page.mouse.move(0, 0);
  await still(page);
  await page.screenshot({ path: `${SHOTS}/${name}.png`, ...options });
}
/** Without motion: a card redrawn during the check would be measured while fading in. */
async function accessible(page) {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await still(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  await page.emulateMedia({ reducedMotion: null });
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(serious.map(v => `${v.id}: ${v.nodes.map(n => `${n.html} ${n.failureSummary}`).join('\n')}`), []);
}

const visitor = page => page.getByRole('region', { name: 'Visitor' });
const operator = page => page.getByRole('region', { name: 'Operator' });
const supervisor = page => page.getByRole('region', { name: 'Supervisor' });
const room = page => page.getByRole('region', { name: 'The team’s room' });
const story = page => page.getByRole('region', { name: 'The story of this chat' });

async function write(page, text) {
  await visitor(page).getByPlaceholder('Write a message').fill(text);
  await visitor(page).getByRole('button', { name: 'Send' }).last().click();
  await operator(page).getByText(text).waitFor();
}
async function answerAndClose(page, text) {
  await operator(page).getByLabel('Reply to the visitor').fill(text);
  await operator(page).getByRole('button', { name: 'Send' }).click();
  await visitor(page).getByText(text).waitFor();
  await operator(page).getByRole('button', { name: 'Close chat' }).click();
}

/** Records when the visitor taps and when the alert is on the screen. */
async function watchTheClock(page) {
  await page.evaluate(() => {
    addEventListener('click', () => { window.tapped ??= performance.now(); }, { capture: true });
    new MutationObserver(() => { window.arrived ??= performance.now(); }).observe(document.getElementById('alerts'), { childList: true });
  });
}

/** Chat, close, one tap on 👎, the alert within two seconds, the reason, acknowledged. */
async function theStory() {
  const context = await browse();
  const page = await visit(context);
  await shot(page, 'demo-1-start');
  // The supervisor's start page, which is not reloaded.
  const today = await context.newPage();
  await today.goto(new URL('/demo/enter/today', DEMO).href);
  const answered = today.locator('#figures [data-figure="answered"]');
  const before = Number(await answered.getAttribute('value'));
  await accessible(page);
  await write(page, 'My order 4711 has not arrived yet.');
  await write(page, 'It was promised for Monday.');
  await answerAndClose(page, 'I am sorry, there is nothing more I can do today.');
  const bad = visitor(page).getByRole('button', { name: 'Bad' });
  await bad.waitFor();
  await shot(page, 'demo-2-asked');
  await watchTheClock(page);
  await bad.click();
  await supervisor(page).getByRole('button', { name: 'Mark as seen' }).waitFor();
  // The promise, measured by the page's own clock, so that load on the test machine does not count.
  const took = await page.evaluate(() => window.arrived - window.tapped);
  assert.ok(took > 0 && took < 2000, `the alert took ${took} ms`);
  console.log(`the alert was on the supervisor's side ${Math.round(took)} ms after the tap`);
  assert.match(await supervisor(page).getByRole('listitem').first().innerText(), /👎[^]*Support|Support[^]*👎/);
  await visitor(page).getByRole('button', { name: 'Took too long' }).click();
  await visitor(page).getByLabel('Tell us more').fill('Nobody could tell me where my parcel is.');
  await visitor(page).getByRole('button', { name: 'Send', exact: true }).click();
  await operator(page).getByText('Nobody could tell me where my parcel is.').waitFor();
  await operator(page).getByText('Took too long').waitFor();
  await story(page).getByText('The client answered: comment').waitFor();
  await shot(page, 'demo-3-alert');
  await accessible(page);
  await today.locator(`#figures [data-figure="answered"][value="${before + 1}"]`).waitFor();
  await today.locator('#since, #last').getByText('Nobody could tell me where my parcel is.').waitFor();
  await today.close();
  await supervisor(page).getByRole('button', { name: 'Mark as seen' }).click();
  await supervisor(page).getByText('Seen by the supervisor').waitFor();
  assert.equal(await supervisor(page).getByRole('button', { name: 'Mark as seen' }).count(), 0);
  for (const words of ['began on line support', 'Closed by operator', 'Decided to ask', 'The ask is sent', 'The client answered: score 0', 'Alert to supervisor',
    'acknowledged by the supervisor', 'The rating is 0 (binary, low)', 'ended as answered']) {
    await story(page).getByText(words).first().waitFor();
  }
  assert.equal(await page.locator('.steps .done').count(), 4);
  await shot(page, 'demo-4-seen', { fullPage: true });
  // The chat room received the letter at the start, then the alert and what the client added, and the warning about a connection.
  for (const words of ['ratings of the week', 'Low rating 👎 on Support', 'Nobody could tell me where my parcel is.']) {
    await room(page).getByText(words).first().waitFor();
  }
  await room(page).getByRole('button', { name: 'Let the Telegram connection fail' }).click();
  await room(page).getByText('The connection demo-telegram has stopped').waitFor();
  await accessible(page);
  await shot(page, 'demo-4-room', { fullPage: true });
  // The last step links onward, and the alert links to its rating.
  assert.equal(await page.locator('.steps [aria-current]').getByRole('link').getAttribute('href'), '/demo/enter/today');
  await supervisor(page).getByRole('link', { name: 'Open the rating' }).first().click();
  await page.waitForURL(/\/ratings\/\w+$/);
  await page.getByText('Nobody could tell me where my parcel is.').first().waitFor();
  await context.close();
}

/** Chooses the scale and waits until the engine has received it: closing the tab immediately would cancel it. */
async function setScale(page, name) {
  const kept = page.waitForResponse((response) => response.url().endsWith('/demo/scale') && response.ok());
  await page.getByLabel(name).check();
  await kept;
}

/** A question waits for a closed tab; the supervisor's page shows what happened meanwhile; five stars. */
async function theClosedTab() {
  const context = await browse({ colorScheme: 'dark' });
  const page = await visit(context);
  await setScale(page, 'five stars');
  await write(page, 'Do you ship to Iceland?');
  await answerAndClose(page, 'Not yet.');
  await visitor(page).getByRole('radio', { name: '2 of 5' }).waitFor();
  await page.close();
  const again = await visit(context);
  const two = visitor(again).getByRole('radio', { name: '2 of 5' });
  await two.waitFor();
  await shot(again, 'demo-5-dark');
  await accessible(again);
  await two.click();
  await supervisor(again).getByText('2/5').waitFor();
  await operator(again).getByText('The visitor rated').waitFor();
  await shot(again, 'demo-6-dark-stars', { fullPage: true });
  await accessible(again);
  await setScale(again, 'two thumbs');
  await context.close();
}

/** A second visitor, on a phone: nothing is wider than the screen. */
async function thePhone() {
  const context = await browse({ viewport: { width: 375, height: 720 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
  const page = await visit(context);
  await write(page, 'Hello from a phone');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `the page is ${wide} pixels wider than the screen`);
  await accessible(page);
  await shot(page, 'demo-7-phone', { fullPage: true });
  await page.evaluate(() => { document.documentElement.dir = 'rtl'; });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no wider from right to left');
  await context.close();
}

/** The operator in Chatwoot: the chat is resolved there, asked about through its chat, and the rating written back beside the panel. */
async function inChatwoot() {
  const context = await browse();
  const page = await visit(context);
  await page.getByLabel('In Chatwoot', { exact: true }).check();
  await shot(page, 'demo-8-chatwoot-start');
  await accessible(page);
  const panel = page.frameLocator('iframe');
  await visitor(page).getByPlaceholder('Message the shop').fill('My order 4711 has not arrived yet.');
  await visitor(page).getByRole('button', { name: 'Send' }).click();
  const talk = operator(page).getByRole('log');
  await talk.getByText('My order 4711 has not arrived yet.').waitFor();
  // A visitor of the page is signed in to the panel automatically.
  await panel.getByRole('heading', { name: /Chat \d+/ }).waitFor();
  await operator(page).getByLabel('Reply in Chatwoot').fill('I am sorry, there is nothing more I can do today.');
  await operator(page).getByRole('button', { name: 'Send' }).click();
  await visitor(page).getByText('I am sorry, there is nothing more I can do today.').waitFor();
  await operator(page).getByLabel('Private note', { exact: true }).check();
  await operator(page).getByLabel('Reply in Chatwoot').fill('The carrier lost it.');
  await operator(page).getByRole('button', { name: 'Send' }).click();
  await talk.getByText('The carrier lost it.').waitFor();
  assert.equal(await visitor(page).getByText('The carrier lost it.').count(), 0, 'a private note is for agents');
  await operator(page).getByRole('button', { name: 'Resolve' }).click();
  await talk.getByText('Conversation was marked resolved by Ann Keller').waitFor();
  const bad = visitor(page).getByRole('button', { name: '👎' });
  await bad.waitFor();
  await shot(page, 'demo-9-chatwoot-asked');
  await watchTheClock(page);
  await bad.click();
  await page.waitForFunction(() => window.arrived);
  const took = await page.evaluate(() => window.arrived - window.tapped);
  assert.ok(took > 0 && took < 2000, `the alert took ${took} ms`);
  await visitor(page).getByRole('button', { name: 'Took too long' }).click();
  const about = operator(page).getByRole('complementary', { name: 'About the conversation' });
  await about.getByText('rated-low').waitFor();
  await about.getByText('lastword_rating').waitFor();
  await about.getByText('delivery').waitFor(); // the desk's own label still exists
  await talk.locator('.note').getByText('Took too long').waitFor();
  await panel.getByRole('textbox', { name: 'Your reply to the client' }).waitFor();
  assert.equal(await page.locator('.steps .done').count(), 4);
  await accessible(page);
  await shot(page, 'demo-10-chatwoot-rated');
  await shot(page, 'demo-11-chatwoot-whole', { fullPage: true });
  // A supervisor's reply on the panel reaches the visitor through Chatwoot.
  await panel.getByRole('textbox', { name: 'Your reply to the client' }).fill('Sorry! We have sent another one.');
  await panel.getByRole('button', { name: 'Send the reply' }).click();
  await visitor(page).getByText('Sorry! We have sent another one.').waitFor();
  await talk.getByText('Sorry! We have sent another one.').waitFor();
  // The address leads back here; the plain column is unchanged.
  await page.reload();
  await talk.getByText('Conversation was marked resolved by Ann Keller').waitFor();
  await panel.getByRole('heading', { name: /Chat \d+/ }).waitFor();
  await page.getByLabel('Plain', { exact: true }).check();
  await visitor(page).getByPlaceholder('Write a message').waitFor();
  assert.equal(await operator(page).getByRole('button', { name: 'Resolve' }).count(), 0);
  await context.close();
}

/** The same in the dark and on a phone: readable, and nothing is wider than the screen. */
async function chatwootElsewhere() {
  const dark = await browse({ colorScheme: 'dark' });
  const page = await dark.newPage();
  await page.goto(`${DEMO}#chatwoot`);
  await page.frameLocator('iframe').getByRole('heading', { name: /Chat \d+/ }).waitFor();
  await accessible(page);
  await shot(page, 'demo-12-chatwoot-dark');
  await dark.close();
  const phone = await browse({ viewport: { width: 375, height: 720 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
  const small = await phone.newPage();
  await small.goto(`${DEMO}#chatwoot`);
  await small.frameLocator('iframe').getByRole('heading', { name: /Chat \d+/ }).waitFor();
  const wide = await small.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `the page is ${wide} pixels wider than the screen`);
  await accessible(small);
  await shot(small, 'demo-13-chatwoot-phone', { fullPage: true });
  await phone.close();
}

try {
  await theStory();
  await theClosedTab();
  await thePhone();
  await inChatwoot();
  await chatwootElsewhere();
  assert.deepEqual(faults, []);
  console.log('the demo tells the whole story');
} finally {
  await browser.close();
}
