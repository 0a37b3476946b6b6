// What pages do wrong beside what they show: failing scripts, dialogs, and what their own policy forbids.

// Chromium gives up the fade from one page to the next where the next one is late; nothing else comes of it.
const HARMLESS = /^(InvalidStateError|AbortError|TimeoutError): Transition was /;
const FORBIDDEN = /Content Security Policy|Refused to|TrustedHTML/;

/** Notes the faults of all pages of a context. */
export function noteFaults(context, faults) {
  context.on('weberror', event => HARMLESS.test(String(event.error())) || faults.push(String(event.error())));
  context.on('dialog', dialog => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  context.on('console', message => FORBIDDEN.test(message.text()) && faults.push(message.text()));
}
