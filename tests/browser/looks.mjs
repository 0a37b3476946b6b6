// How a page looks: on wide and narrow screens, in light and dark.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';

const SCREENS = [['', 1440, 'light'], ['-dark', 1440, 'dark'], ['-phone', 390, 'light'], ['-phone-dark', 390, 'dark']];

/** Returns a check of pages: no serious fault of accessibility, and nothing wider than the screen. Screenshots go to $SHOTS, if set. */
export function looks(prefix, { SHOTS } = process.env) {
  if (SHOTS) mkdirSync(SHOTS, { recursive: true });
  let shots = 0;
  return async (page, name) => {
    const number = String(++shots).padStart(2, '0');
    for (const [suffix, width, colorScheme] of SCREENS) {
      await page.setViewportSize({ width, height: 900 });
      // Colours change at once, so that none is measured half-way.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/${prefix}-${number}-${name}${suffix}.png`, fullPage: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      assert(!wide, `${name} is wider than the screen of ${width}`);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
    assert.deepEqual(serious.map(v => `${v.id}: ${v.nodes.map(n => n.html).join('\n')}`), [], name);
  };
}
