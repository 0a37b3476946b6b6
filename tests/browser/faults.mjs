// Faults of pages that are not visible: failing scripts, dialogs, and violations of their own policy.

// Chromium skips the transition between two pages if the next one is late, which is harmless.
const HARMLESS = /^(InvalidStateError|AbortError|TimeoutError): Transition was /;
const FORBIDDEN = /Content Security Policy|Refused to|TrustedHTML/;

/** Records the faults of all pages of a context. */
export function noteFaults(context, faults) {
  context.on('weberror', event => HARMLESS.test(String(event.error())) || faults.push(String(event.error())));
  context.on('dialog', dialog => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  context.on('console', message => FORBIDDEN.test(message.text()) && faults.push(message.text()));
}
