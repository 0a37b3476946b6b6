// Every page of the navigation, and those of PAGES, in a real Chromium with the demo at DEMO: on a wide screen, a small one
// and a phone, light and dark; in languages other than English only on a phone (with LONG everywhere). Each must be
// accessible (axe), without faults (no errors, no dialogs, no call to another host), as wide as the screen, and stable (no
// layout shift). Screenshots are written to $SHOTS. New pages of the navigation are included automatically.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { noteFaults } from './faults.mjs';

const { DEMO, SHOTS, CHROMIUM, PAGES = '', LONG } = process.env;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const SCREENS = {
  wide: { viewport: { width: 1440, height: 960 } },
  laptop: { viewport: { width: 1024, height: 768 } },
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};
/** Languages of the pages. For languages other than English, a phone is enough to find overflow; with LONG each is checked everywhere. */
const LANGUAGES = ['en', 'de', 'ru', 'es', 'pt', 'pt-PT'];
/** A larger layout shift is visible. */
const SHIFT_MAX = 0.002;
/** CPU slowdown while a page is loaded. */
const SLOWER = 8;
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
const faults = [];

/** A browser that is signed in as the demo's admin, and records faults. */
async function browse(options) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(20_000);
  const ours = new URL(DEMO).host;
  noteFaults(context, faults);
  context.on('console', message => ['error', 'warning'].includes(message.type()) && faults.push(`console: ${message.text()}`));
  context.on('request', request => { if (new URL(request.url()).host !== ours && !request.url().startsWith('data:')) faults.push(`another host: ${request.url()}`); });
  context.on('response', response => { if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`); });
  await context.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver(list => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value; })
      .observe({ type: 'layout-shift', buffered: true });
  });
  const page = await context.newPage();
  await page.goto(new URL('/demo/enter/today', DEMO).href);
  assert.equal(new URL(page.url()).pathname, '/today', 'the demo opens its pages without a password');
  return page;
}

const name = path => path.replace(/^\//, '').replace(/[^a-z0-9]+/gi, '-') || 'start';

/** Serious findings of axe. */
async function barriers(page, rules) {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map(({ id, impact, nodes }) => `${impact} ${id}: ${
    nodes.slice(0, 3).map(node => `${node.html.slice(0, 200)} – ${node.failureSummary.replace(/\s+/g, ' ')}`).join('\n    ')}`);
}

/** Checks what another language may change: text is visible and nothing overflows. */
async function laidOut(page, path, place, language) {
  const answer = await page.goto(new URL(path, DEMO).href, { waitUntil: 'load' });
  if (answer.status() >= 400) return [`${path} answers ${answer.status()}`];
  const wrong = await fits(page);
  const spoken = await page.evaluate(() => document.documentElement.lang);
  if (spoken !== language) wrong.push(`speaks ${spoken}`);
  return wrong.map(words => `${path} (${place}): ${words}`);
}

/** Elements that overflow, are cut off, or show internal text. */
async function fits(page) {
  const wrong = [];
  const { wide, who, cut, torn } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - innerWidth,
    who: [...document.querySelectorAll('main *')].filter(part => part.getBoundingClientRect().right > innerWidth + 1).slice(0, 4).map(part => part.outerHTML.slice(0, 120)),
    cut: [...document.querySelectorAll('.table')].filter(table => table.checkVisibility() && table.scrollWidth > table.clientWidth + 1 && !table.dataset.scrolls).length,
    // Markup inserted into an attribute ends it, and the rest becomes text.
    torn: [...document.body.innerText.matchAll(/.{0,40}["']>.{0,20}/g)].map(([words]) => words),
  }));
  if (wide > 0) wrong.push(`${wide} pixels wider than the screen: ${who.join(' | ')}`);
  if (cut > 0) wrong.push(`${cut} tables are cut off and do not say that they scroll`);
  if (torn.length) wrong.push(`markup is shown: ${torn.join(' | ')}`);
  return wrong;
}

/** Faults of a page: all checks in light mode, in dark mode those that can differ. */
async function look(page, path, screen) {
  await page.emulateMedia({ colorScheme: 'light' });
  // A slow machine renders while it still parses: some shifts are visible only there.
  const slowly = await page.context().newCDPSession(page);
  await slowly.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const answer = await page.goto(new URL(path, DEMO).href, { waitUntil: 'load' });
  await slowly.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  seen.add(path);
  if (answer.status() >= 400) return [`${path} answers ${answer.status()}`];
  await page.evaluate(() => document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))));
  const wrong = [...await barriers(page), ...await fits(page)];
  const { shift, lang, heading } = await page.evaluate(() => ({
    shift: window.shift, lang: document.documentElement.lang, heading: document.querySelectorAll('h1').length,
  }));
  if (shift >= SHIFT_MAX) wrong.push(`shifts by ${shift.toFixed(3)}`);
  if (!lang || heading !== 1) wrong.push(`lang ${lang}, ${heading} first headings`);
  await shot(page, `${name(path)}-${screen}-light`);
  await page.emulateMedia({ colorScheme: 'dark' });
  wrong.push(...(await barriers(page, ['color-contrast'])).map(words => `dark: ${words}`));
  await shot(page, `${name(path)}-${screen}-dark`);
  return wrong.map(words => `${path} (${screen}): ${words}`);
}
/** A step of a trend shows its values when focused, and arrow keys move to the next. */
async function steps(page) {
  await page.goto(new URL('/reports?period=30', DEMO).href, { waitUntil: 'load' });
  const columns = page.locator('#trend .column');
  const all = await columns.count();
  assert.ok(all > 2, `a trend of ${all} steps`);
  assert.equal(await page.locator('#trend .column[tabindex="0"]').count(), 1, 'one stop of the Tab key');
  await columns.last().focus();
  for (const [key, at] of [['ArrowLeft', all - 2], ['Home', 0], ['ArrowRight', 1], ['End', all - 1]]) {
    await page.keyboard.press(key);
    const said = columns.nth(at).locator('.said div');
    assert.ok(await said.isVisible(), `${key} leads to step ${at}, which says its values`);
    assert.equal(await page.locator('#trend .said div:visible').count(), 1);
    assert.equal(await said.innerText(), await columns.nth(at).getAttribute('aria-label'));
  }
  await shot(page, 'reports-step');
  await page.keyboard.press('Enter');
  await page.waitForURL(url => url.pathname === '/ratings');
}
/** Low ratings are worked on with single keys; these are ignored while typing, and can be disabled. */
async function letters(page) {
  await page.goto(new URL('/low?show=all', DEMO).href, { waitUntil: 'load' });
  const ids = await page.$$eval('#low-list li > a', links => links.map(link => new URL(link.href).pathname));
  assert.ok(ids.length > 2, `${ids.length} low ratings to go through`);
  const at = () => new URL(page.url()).pathname;
  const goes = async (key, path) => {
    await Promise.all([page.waitForURL(url => url.pathname === path), page.keyboard.press(key)]);
  };
  await goes('j', ids[0]);
  await goes('j', ids[1]);
  await goes('k', ids[0]);
  await page.keyboard.press('x');
  assert.equal(await page.locator('.choose input:checked').count(), 1);
  assert.ok(await page.locator('#bulk').isVisible(), 'what is selected can be worked off at once');
  await page.keyboard.press('?');
  assert.ok(await page.locator('#keys').isVisible());
  await shot(page, 'low-keys');
  await page.keyboard.press('?');
  if (await page.locator('#f-text').count() > 0) {
    await page.keyboard.press('r');
    await page.keyboard.type('jk');
    assert.ok((await page.locator('#f-text').inputValue()).endsWith('jk'), 'letters are letters in the box');
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('?');
  await page.locator('#keys-on').click();
  await page.keyboard.press('?');
  await page.keyboard.press('j');
  await page.reload();
  await page.keyboard.press('j');
  assert.equal(at(), ids[0], 'switched off, here and on the next page');
  await page.evaluate(() => localStorage.clear());
}
async function shot(page, file) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${file}.png`, fullPage: true });
}

const wrong = [];
const seen = new Set();
try {
  for (const language of LANGUAGES) {
    for (const [screen, options] of Object.entries(SCREENS)) {
      const ours = language === 'en';
      if (!ours && !LONG && screen !== 'phone') continue;
      const page = await browse({ locale: language, ...options });
      const named = await page.$$eval('#nav a', links => links.map(link => link.getAttribute('href')));
      assert.ok(named.includes('/today'), 'the navigation leads somewhere');
      const place = ours ? screen : `${screen}-${language}`;
      const walked = ours || LONG ? path => look(page, path, place) : path => laidOut(page, path, place, language);
      for (const path of [...named, ...PAGES.split(' ').filter(Boolean)]) wrong.push(...await walked(path));
      if (ours && screen === 'wide') {
        await steps(page);
        await letters(page);
      }
      // An operator's view of their own figures: the demo can sign in as one.
      await page.goto(new URL('/demo/enter/me', DEMO).href);
      assert.equal(new URL(page.url()).pathname, '/me');
      wrong.push(...await walked('/me'));
      await page.context().close();
    }
  }
  assert.deepEqual([...wrong, ...faults], []);
  console.log(`every page is as it should be: ${[...seen].join(' ')}`);
} finally {
  await browser.close();
}
