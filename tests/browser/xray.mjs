// Pages of an X-ray (FILES, one per line), opened from the disk: wide and on a phone, light and dark, and printed. Each
// must be accessible (axe), without faults, as wide as the screen, and must make no requests. Screenshots are written to
// $SHOTS.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';

const { FILES, SHOTS, CHROMIUM } = process.env;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
const faults = [];
const files = FILES.split('\n');
for (const file of files) {
  const own = pathToFileURL(file).href;
  for (const [screen, viewport] of Object.entries({ wide: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } })) {
    const context = await browser.newContext({ viewport, reducedMotion: 'reduce', bypassCSP: true });
    const page = await context.newPage();
    const note = words => faults.push(`${basename(file)} ${screen}: ${words}`);
    page.on('console', message => note(`console: ${message.text()}`));
    page.on('dialog', dialog => { note('a dialog'); dialog.dismiss(); });
    page.on('request', request => { if (request.url() !== own && !request.url().startsWith('data:')) note(`asks for ${request.url()}`); });
    await page.goto(own);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      violations.forEach(({ id, nodes }) => note(`${colorScheme} ${id}: ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary.replace(/\s+/g, ' ')}`));
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/xray-${basename(file, '.html')}-${screen}-${colorScheme}.png`, fullPage: true });
    }
    const seen = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - innerWidth,
      headings: document.querySelectorAll('h1').length,
      twice: [...document.querySelectorAll('[id]')].map(part => part.id).filter((id, at, all) => all.indexOf(id) !== at),
      keys: [...document.body.innerText.matchAll(/\b(?:xray|num)-[a-z-]+/g)].map(([key]) => key),
      images: document.querySelectorAll('img, script, iframe, link:not([rel=icon])').length,
      cut: [...document.querySelectorAll('.table')].filter(table => table.scrollWidth > table.clientWidth + 1).map(table => table.getAttribute('aria-labelledby')),
      mode: document.compatMode,
    }));
    assert.equal(seen.headings, 1);
    if (seen.wide > 0) note(`${seen.wide} pixels wider than the screen`);
    if (seen.cut.length || seen.twice.length || seen.keys.length || seen.images || seen.mode !== 'CSS1Compat') note(JSON.stringify(seen));
    if (screen === 'wide') {
      const paper = await page.pdf({ format: 'A4' });
      if (paper.length < 5_000) note('prints nothing');
    }
    await context.close();
  }
}
await browser.close();
assert.deepEqual(faults, []);
console.log(`${files.length} pages are fine`);
