// Responses that show what was entered as a secret.

/** Adds to `leaks` the address of every page, script and JSON of a browser context that contains one of the secrets. */
export function noteLeaks(context, secrets, leaks) {
  context.on('response', async response => {
    if (!/html|json|javascript/.test(response.headers()['content-type'] ?? '')) return;
    const text = await response.text().catch(() => '');
    if (secrets.some(secret => text.includes(secret))) leaks.push(response.url());
  });
}
