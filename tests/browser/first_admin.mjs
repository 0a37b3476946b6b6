/** Opens the link of the first admin and fills in their account. The caller presses the button. */
export async function firstAdmin(page, link) {
  await page.goto(link);
  await page.getByLabel('Your name').fill('Anna Berg');
  await page.getByLabel('Login').fill('anna');
  await page.getByLabel('New password', { exact: true }).fill('quiet lamp under rivers');
  await page.getByLabel('Repeat the new password').fill('quiet lamp under rivers');
}
