// The first line of an installation, made on the pages as its admin does.

/** Creates the line Support, from *Today*. `click` counts the clicks. */
export async function firstLine(page, base, click) {
  await page.goto(`${base}/today`);
  await click(page.getByRole('link', { name: 'Create a line' }));
  if (!await page.locator('#n-name').isVisible()) await click(page.locator('details.fold summary').first());
  await page.locator('[name="name"]').fill('Support');
  await page.locator('[name="id"]').fill('support');
  await click(page.locator('form[action="/lines"] button.main'));
  await page.waitForURL(`${base}/lines/support`);
}
