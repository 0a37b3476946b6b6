// The widget in a real Chromium, with a stub of the engine. Screenshots are written to $SHOTS, if set.
import { test, before, after, afterEach, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { EngineStub } from './engine_stub.mjs';
import { noteFaults } from './faults.mjs';

const executablePath = process.env.CHROMIUM || ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const SHOTS = process.env.SHOTS;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });

let browser;
let engine;
let context;
const faults = []; // errors, dialogs and policy violations of any page: none is expected

before(async () => { browser = await chromium.launch({ executablePath, args: FLAGS }); });
after(() => browser?.close());
beforeEach(async () => {
  faults.length = 0;
  engine = await new EngineStub().start();
  await browse({});
});
afterEach(async () => {
  await context.close();
  await engine.stop();
  assert.deepEqual(faults, []);
});

async function browse(options) {
  await context?.close();
  context = await browser.newContext({ viewport: { width: 1100, height: 760 }, ...options });
  context.setDefaultTimeout(8000);
  noteFaults(context, faults);
}

async function visit(attributes = {}, page = undefined) {
  page ??= await context.newPage();
  await page.goto(`${engine.page}/?${new URLSearchParams(attributes)}`);
  return page;
}

/** A page whose chat is open and connected. */
async function chatting(attributes = {}) {
  const page = await visit({ 'data-open': '', ...attributes });
  await engine.connected('socket');
  await page.getByRole('dialog').waitFor();
  return page;
}

const good = page => page.getByRole('button', { name: 'Good' });
const bad = page => page.getByRole('button', { name: 'Bad' });
const pressed = locator => locator.and(locator.page().locator('[aria-pressed=true]'));
const talk = () => {
  engine.put({ kind: 'message', from: 'operator', name: 'Ann', text: 'Good morning! How can I help?' });
  engine.put({ kind: 'message', from: 'visitor', text: 'My order 4711 has not arrived yet.' });
  engine.put({ kind: 'message', from: 'operator', name: 'Ann', text: 'I am sorry. It left our warehouse today and will be with you tomorrow.' });
};

/** Waits until nothing moves. */
function still(page) {
  return page.evaluate(() => Promise.all(document.querySelector('lastword-widget').shadowRoot.getAnimations({ subtree: true }).map(a => a.finished.catch(() => {}))));
}

async function shot(page, name) {
  if (!SHOTS) return;
  await still(page);
  await page.screenshot({ path: `${SHOTS}/${name}.png` });
}

/** Without motion: a card redrawn during the check would be measured while fading in. */
async function accessible(page) {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await still(page);
  const { violations } = await new AxeBuilder({ page }).include('lastword-widget').analyze();
  await page.emulateMedia({ reducedMotion: null });
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(serious.map(v => `${v.id}: ${v.nodes.map(n => `${n.html} ${n.failureSummary}`).join('\n')}`), []);
}

test('a press shows at once, is acknowledged, and the settle takes the place of the question', async () => {
  const page = await chatting();
  talk();
  const question = engine.question();
  await good(page).waitFor();
  await accessible(page);
  await shot(page, 'light-question');
  engine.answering = false;
  await bad(page).click();
  await pressed(bad(page)).waitFor(); // before a response
  await engine.arrived('q3_0', () => engine.posts);
  assert.equal(engine.kept.size, 0);
  engine.answering = true;
  engine.cut(); // the response was lost with the connection: the same frame is sent again
  const { id } = await engine.arrived('q3_0');
  assert.deepEqual(new Set(engine.posts.map(post => post.id)), new Set([id]));
  await page.getByText('Saved, thank you').waitFor();
  engine.settle(question);
  await page.getByText('We are sorry').waitFor();
  assert.equal(await bad(page).count(), 0);
  await page.getByRole('button', { name: 'Slow answer' }).click();
  await pressed(page.getByRole('button', { name: 'Slow answer' })).waitFor();
  await page.getByRole('group', { name: 'Was your issue resolved?' }).getByRole('button', { name: 'No', exact: true }).click();
  await engine.arrived('y_0');
  await accessible(page);
  await shot(page, 'light-settled');
});

test('what is typed after "what went wrong?" is the comment, what comes next is a message', async () => {
  const page = await chatting();
  talk();
  const question = engine.question();
  await good(page).waitFor();
  engine.settle(question);
  const box = page.getByPlaceholder('Tell us more');
  await box.waitFor();
  assert.equal(await page.locator('textarea').count(), 1, 'there is one place to type');
  assert.equal(await page.getByText('What could be better?').count(), 0, 'the card asks once');
  await box.fill('Nobody answered for an hour');
  engine.answering = false;
  await page.keyboard.press('Enter');
  await engine.arrived('c_1', () => engine.posts);
  engine.answering = true;
  await visit({ 'data-open': '' }, page); // unsent, it is still the comment
  assert.deepEqual([(await engine.arrived('c_1')).kind, (await engine.arrived('c_1')).text], ['comment', 'Nobody answered for an hour']);
  await page.locator('.msg.visitor:not(.wait)').getByText('Nobody answered').waitFor();
  engine.settle(question, { text: 'Thank you for your feedback.', choices: [], comment: null });
  await page.getByText('Thank you for your feedback.').waitFor();
  const next = page.getByPlaceholder('Write a message');
  await next.fill('Are you still there?');
  await page.keyboard.press('Enter');
  assert.equal((await engine.arrived('Are you still there?')).kind, 'message');
  await shot(page, 'light-commented');
});

test('a refused comment can be sent again, and whoever would rather chat can', async () => {
  const page = await chatting();
  engine.settle(engine.question());
  const box = page.getByPlaceholder('Tell us more');
  engine.refuse = () => 'unreadable';
  await box.fill('Too slow');
  await page.keyboard.press('Enter');
  await page.locator('.msg.fail').getByText('This could not be sent').waitFor();
  engine.refuse = null;
  await box.waitFor();
  const change = [{ label: 'Slow', token: 'r_slow', kind: 'reason' }, { label: 'Change my answer', token: 'g_1', kind: 'change' }];
  engine.settle(engine.question(), { choices: change });
  await page.getByRole('button', { name: 'Change my answer' }).waitFor();
  await page.getByRole('button', { name: 'Chat with us' }).click();
  await page.getByPlaceholder('Write a message').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('One more question');
  await page.keyboard.press('Enter');
  assert.equal((await engine.arrived('One more question')).kind, 'message');
  // An operator who goes on with the chat ends the comment, too.
  engine.settle(engine.question());
  await box.waitFor();
  engine.put({ kind: 'message', from: 'operator', name: 'Ann', text: 'May I ask what happened?' });
  await page.getByPlaceholder('Write a message').waitFor();
});

test('the card after a low score fits a small phone', async () => {
  const choices = ['Took too long', 'Not resolved', 'Unfriendly', 'Hard to understand'].map((label, i) => ({ label, token: `r_${i}`, kind: 'reason' }));
  choices.push({ label: 'Change my answer', token: 'g_1', kind: 'change' }, { label: 'Don’t ask me again', token: 'o_1', kind: 'opt_out' });
  const text = 'Thank you for telling us. We are sorry. What went wrong?';
  for (const [width, height, mode] of [[320, 568, 'own'], [360, 640, 'own'], [320, 568, 'beside'], [360, 640, 'beside']]) {
    engine.mode = mode;
    engine.frames.length = 0;
    await browse({ viewport: { width, height }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
    const page = await visit({ 'data-open': '' });
    await engine.connected('socket');
    talk();
    engine.settle(engine.question(), { text, choices });
    await page.getByRole('button', { name: 'Took too long' }).waitFor();
    await still(page);
    const [card, log] = [await page.locator('.card').boundingBox(), await page.locator('.log').boundingBox()];
    await shot(page, `small-${mode}-${width}`);
    assert.ok(card.height <= log.height, `${mode} at ${width}: ${card.height} in ${log.height}`);
    await page.getByPlaceholder('Tell us more').fill('Too slow');
    await page.getByRole('button', { name: 'Send' }).click();
    await engine.arrived('Too slow');
    engine.kept.clear();
  }
});

test('reasons toggle, and a settle that comes meanwhile wipes nothing that is being typed', async () => {
  const page = await chatting();
  const question = engine.question();
  engine.settle(question);
  const slow = page.getByRole('button', { name: 'Slow answer' });
  await slow.click();
  await pressed(slow).waitFor();
  await slow.click();
  await page.locator('.chip[aria-pressed=false]', { hasText: 'Slow answer' }).waitFor();
  const box = page.getByLabel('Tell us more');
  await box.pressSequentially('It took');
  engine.settle(question, {
    text: 'Noted.', choices: [{ label: '✓ Slow answer', token: 'r_slow', kind: 'reason' }, { label: 'Unfriendly', token: 'r_rude', kind: 'reason' }],
  });
  await page.getByText('Noted.').waitFor();
  await pressed(page.getByRole('button', { name: 'Slow answer', exact: true })).waitFor(); // from the server's state
  await page.keyboard.type(' long');
  assert.equal(await box.inputValue(), 'It took long');
  assert.equal(await page.locator('.card').count(), 1);
});

test('a closed tab loses nothing: the question is there on the next visit', async () => {
  const page = await chatting();
  engine.question();
  await good(page).waitFor();
  await page.close();
  const next = await visit(); // not opened by a call: the question opens it
  await good(next).click();
  await engine.arrived('q0_1');
  assert.equal(engine.visits.at(-1).token, engine.visits[0].token ?? 't1', 'the same visitor');
});

test('a question that arrives while nobody looks is there too, and an answered one does not come back', async () => {
  const page = await chatting();
  await page.close();
  const question = engine.question();
  const next = await visit();
  await good(next).waitFor();
  engine.settle(question);
  await next.getByText('We are sorry').waitFor();
  await next.close();
  const last = await visit();
  await last.getByRole('button', { name: 'Open chat' }).click();
  await last.getByText('We are sorry').waitFor();
  assert.equal(await good(last).count(), 0);
});

test('put away with Escape it stays away for this visit, with the way back in view', async () => {
  const page = await chatting();
  engine.question();
  await good(page).waitFor();
  await page.locator('.card:focus').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  const opener = page.getByRole('button', { name: 'Open chat' });
  await opener.waitFor();
  assert.equal(await opener.evaluate(el => el.getRootNode().activeElement === el), true, 'the focus goes to the button that opens it again');
  await visit({}, page);
  await engine.connected('socket');
  await opener.waitFor();
  assert.equal(await page.getByRole('dialog').isVisible(), false);
  await opener.click();
  await good(page).waitFor();
});

test('an unsent press survives a reload and is sent once, under its first id', async () => {
  const page = await chatting();
  engine.question();
  await good(page).waitFor();
  engine.answering = false;
  await good(page).click();
  const first = await engine.arrived('q0_1', () => engine.posts);
  engine.answering = true;
  await visit({ 'data-open': '' }, page);
  const kept = await engine.arrived('q0_1');
  assert.equal(kept.id, first.id);
  await pressed(good(page)).waitFor();
  await page.getByText('Saved, thank you').waitFor();
  await page.waitForFunction(() => !Object.keys(localStorage).some(key => key.includes(':out:')));
  assert.equal(engine.kept.size, 1);
});

test('without a network it says so, keeps what is said, and sends it afterwards', async () => {
  const page = await chatting();
  engine.question();
  await good(page).waitFor();
  engine.down = true;
  engine.cut();
  await page.getByRole('status').getByText('Connection lost').waitFor();
  await shot(page, 'light-offline');
  await bad(page).click();
  await page.getByText('Will be sent when').waitFor();
  await page.getByPlaceholder('Write a message').fill('Are you there?');
  await page.keyboard.press('Enter');
  await page.locator('.msg.wait').waitFor();
  engine.down = false;
  await engine.arrived('q0_0');
  await engine.arrived('Are you there?');
  await page.getByRole('status').getByText('Reconnected').waitFor();
  await page.locator('.msg.visitor:not(.wait)').waitFor();
  assert.equal(await page.locator('.msg.visitor').count(), 1, 'the echo is not shown twice');
});

test('where sockets are refused it polls', async () => {
  engine.refuseSockets = true;
  const page = await visit({ 'data-open': '' });
  await engine.connected('poll');
  const question = engine.question();
  await bad(page).click();
  await engine.arrived('q0_0');
  await page.getByText('Saved, thank you').waitFor();
  engine.settle(question);
  await page.getByText('We are sorry').waitFor();
  assert.equal(engine.kept.size, 1);
});

test('polling, one refused frame does not hold up the others', async () => {
  engine.refuseSockets = true;
  engine.refuse = frame => frame.text === 'bad' && 'whole post';
  const page = await visit({ 'data-open': '' });
  await engine.connected('poll');
  engine.down = true;
  engine.cut();
  for (const text of ['first', 'bad', 'last']) {
    await page.getByPlaceholder('Write a message').fill(text);
    await page.keyboard.press('Enter');
  }
  engine.down = false;
  await engine.arrived('first');
  await engine.arrived('last');
  await page.locator('.msg.fail').getByText('This could not be sent').waitFor();
  assert.equal(engine.kept.size, 2);
});

test('a refused press is taken back and said so; a busy server is asked again', async () => {
  const page = await chatting();
  engine.question();
  engine.refuse = () => 'unreadable';
  await good(page).click();
  await page.getByText('This could not be sent').waitFor();
  assert.equal(await pressed(good(page)).count(), 0);
  let calls = 0;
  engine.refuse = () => calls++ === 0 && 'busy';
  await bad(page).click();
  await engine.arrived('q0_0');
  await page.getByText('Saved, thank you').waitFor();
});

test('five stars with the keyboard alone', async () => {
  const page = await visit();
  const opener = page.getByRole('button', { name: 'Open chat' });
  await opener.focus();
  await page.keyboard.press('Enter');
  await engine.connected('socket');
  await page.getByPlaceholder('Write a message').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('Thank you');
  await page.keyboard.press('Enter');
  await engine.arrived('Thank you');
  const question = engine.stars();
  const star = n => page.getByRole('radio', { name: `${n} of 5` });
  await star(1).waitFor();
  assert.equal(await page.getByPlaceholder('Write a message').evaluate(el => el.getRootNode().activeElement === el), true, 'who may be typing keeps the focus');
  await page.keyboard.press('Shift+Tab');
  await star(1).and(page.locator(':focus')).waitFor();
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowLeft', 'ArrowRight']) await page.keyboard.press(key);
  await star(4).and(page.locator(':focus')).waitFor();
  assert.equal(engine.posts.length, 1, 'moving sends nothing');
  await shot(page, 'light-stars');
  await page.keyboard.press('Enter');
  await engine.arrived('s_4');
  await star(4).and(page.locator('[aria-checked=true]')).waitFor();
  await accessible(page);
  engine.settle(question, { text: 'Thank you!', choices: [], comment: { label: 'Anything else?', token: 'c_1', max_chars: 200 } });
  await page.getByText('Thank you!').waitFor();
  await page.locator('.card:focus').waitFor(); // the star that had the focus is gone
  await page.keyboard.press('Tab');
  await page.keyboard.type('Quick and kind');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal((await engine.arrived('c_1')).text, 'Quick and kind');
  await page.keyboard.press('Escape');
  await opener.and(page.locator(':focus')).waitFor();
});

test('the focus comes to the question, unless it is in use elsewhere', async () => {
  const page = await chatting();
  await page.getByRole('heading', { name: 'Chat with us' }).click();
  const question = engine.question();
  await page.locator('.card:focus').waitFor();
  engine.settle(question, { choices: [], comment: null });
  await page.locator('#search').focus();
  engine.question();
  await good(page).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
});

test('beside another chat there is only the card', async () => {
  engine.mode = 'beside';
  const page = await visit({ 'data-session': 'desk-77' });
  await engine.connected('socket');
  assert.equal(engine.visits[0].session, 'desk-77');
  assert.equal(await page.getByRole('button').count(), 0, 'nothing to see until there is a question');
  const question = engine.stars();
  await page.getByRole('radio', { name: '2 of 5' }).waitFor();
  await still(page);
  const height = async () => (await page.locator('.panel').boundingBox()).height;
  const before = await height();
  await page.getByRole('radio', { name: '2 of 5' }).hover();
  await page.getByText('2 of 5').waitFor();
  assert.equal(await height(), before, 'the name of a star takes no room');
  // The question is the visible heading; the dialog keeps its name.
  await page.getByRole('dialog', { name: 'Your feedback' }).waitFor();
  assert.ok((await page.locator('h2').boundingBox()).width <= 1);
  await shot(page, 'beside-light');
  await accessible(page);
  assert.equal(await page.getByPlaceholder('Write a message').isVisible(), false);
  await page.getByRole('radio', { name: '2 of 5' }).click();
  await engine.arrived('s_2');
  engine.settle(question);
  await page.getByText('We are sorry').waitFor();
  await shot(page, 'beside-settled');
  await page.getByRole('button', { name: 'Close' }).click();
  assert.equal(await page.getByRole('button').count(), 0);
  assert.equal(await page.getByRole('dialog').isVisible(), false);
});

test('who answers has a face, and addresses are links', async () => {
  const page = await chatting();
  engine.put({ kind: 'message', from: 'operator', name: 'Ann Maria Keller', text: 'Good morning! See www.shop.example/help.' });
  await page.locator('.msg .face').getByText('AK').waitFor();
  const question = engine.question({ text: 'How was it? Our terms: https://shop.example/terms' });
  await page.locator('.card .face').getByText('AK').waitFor();
  const links = await page.locator('a').evaluateAll(all => all.map(a => [a.textContent, a.href, a.rel]));
  assert.deepEqual(links, [['www.shop.example/help', 'https://www.shop.example/help', 'noopener noreferrer'],
    ['https://shop.example/terms', 'https://shop.example/terms', 'noopener noreferrer']]);
  await accessible(page);
  await shot(page, 'light-face');
  engine.settle(question, { choices: [{ label: 'Slow', token: 'r_slow', kind: 'reason' }, { label: 'Change my answer', token: 'g_1', kind: 'change' }],
    comment: { label: 'Tell us more', token: 'c_1', max_chars: 200 } });
  await page.locator('.card.live .tick').waitFor();
  const y = async what => (await what.boundingBox()).y;
  assert.ok(await y(page.getByRole('button', { name: 'Slow' })) < await y(page.getByRole('button', { name: 'Change my answer' })), 'the way back stands last');
});

test('a page opens the prompt at the moment that it judges right, and brings one forward that waits', async () => {
  engine.mode = 'beside';
  const page = await visit({});
  const rate = (...about) => page.evaluate(about => window.Lastword.site.rate(...about), about);
  await page.waitForFunction(() => window.Lastword?.site?.rate);
  engine.rate = { asked: false, waiting: false, reason: 'while_talking_off' };
  assert.equal((await rate('desk-78', 'signed')).reason, 'while_talking_off');
  assert.equal(await page.getByRole('dialog').isVisible(), false);
  engine.rate = { asked: true, waiting: false };
  assert.deepEqual(await rate('desk-78', 'signed'), engine.rate);
  assert.deepEqual(engine.rated, { session: 'desk-78', signature: 'signed' });
  await good(page).waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  assert.equal(await good(page).isVisible(), false);
  engine.rate = { asked: false, waiting: true };
  await rate();
  await good(page).waitFor();
});

test('mounted in a place of the page it fills it, with nothing floating', async () => {
  const page = await visit({ 'data-mount': '#here' });
  await engine.connected('socket');
  talk();
  engine.question();
  await good(page).waitFor();
  await still(page);
  const [place, panel] = [await page.locator('#here').boundingBox(), await page.getByRole('region', { name: 'Chat with us' }).boundingBox()];
  assert.ok(Math.abs(place.height - panel.height) <= 4 && Math.abs(place.width - panel.width) <= 4, JSON.stringify({ place, panel }));
  assert.equal(await page.getByRole('button', { name: 'Open chat' }).count(), 0);
  await accessible(page);
  await shot(page, 'inline');
});

test('the organisation has its name and its color, in the light and in the dark', async () => {
  engine.brand = { name: 'Anna & Sons', colors: ['#8a5a00', '#ffffff', '#ffd400', '#000000'] };
  await browse({ colorScheme: 'dark' });
  const page = await chatting();
  await page.getByRole('dialog', { name: 'Chat with us Anna & Sons' }).waitFor();
  const color = () => page.locator('.go').evaluate(el => [getComputedStyle(el).backgroundColor, getComputedStyle(el).color]);
  assert.deepEqual(await color(), ['rgb(255, 212, 0)', 'rgb(0, 0, 0)']);
  engine.question();
  await good(page).waitFor();
  await accessible(page);
  await shot(page, 'brand-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.locator('.root:not(.dark)').waitFor({ state: 'attached' });
  assert.deepEqual(await color(), ['rgb(138, 90, 0)', 'rgb(255, 255, 255)']);
  await accessible(page);
  await shot(page, 'brand-light');
});

test('right to left', async () => {
  const page = await chatting({ lang: 'ar' });
  engine.put({ kind: 'message', from: 'operator', name: 'ليلى', text: 'صباح الخير! كيف يمكنني المساعدة؟' });
  engine.put({ kind: 'message', from: 'visitor', text: 'لم يصل طلبي بعد.' });
  const question = engine.stars({ text: 'كيف تقيّم خدمتنا؟', lang: 'ar' });
  await page.getByRole('radio', { name: '1 من 5' }).waitFor();
  const x = async n => (await page.getByRole('radio', { name: `${n} من 5` }).boundingBox()).x;
  assert.ok(await x(1) > await x(5), 'the first star stands on the right');
  await page.getByRole('radio', { name: '1 من 5' }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('radio', { name: '2 من 5' }).and(page.locator(':focus')).waitFor();
  await accessible(page);
  await shot(page, 'rtl-stars');
  engine.settle(question, { text: 'شكرًا لك', lang: 'ar', choices: [{ label: 'رد بطيء', token: 'r_slow', kind: 'reason' }, { label: 'نعم', token: 'y_1', kind: 'resolved' }, { label: 'لا', token: 'y_0', kind: 'resolved' }], comment: { label: 'أخبرنا بالمزيد', token: 'c_1', max_chars: 500 } });
  await page.getByText('هل حُلّت مشكلتك؟').waitFor();
  await shot(page, 'rtl-settled');
  await page.getByRole('button', { name: 'إغلاق' }).click();
  const opener = page.getByRole('button', { name: 'فتح المحادثة' });
  assert.ok((await opener.boundingBox()).x < 200, 'the way back is at the line\'s end, which is the left');
});

test('dark, by the system and by the page', async () => {
  await browse({ colorScheme: 'dark' });
  const page = await chatting();
  talk();
  const question = engine.question();
  await good(page).waitFor();
  const ground = () => page.locator('.panel').evaluate(el => getComputedStyle(el).backgroundColor);
  assert.equal(await ground(), 'rgb(20, 27, 31)');
  await accessible(page);
  await shot(page, 'dark-question');
  engine.settle(question);
  await pressed(page.getByRole('button', { name: 'Slow answer' })).count();
  await page.getByRole('button', { name: 'Slow answer' }).click();
  await accessible(page);
  await shot(page, 'dark-settled');
  await page.evaluate(() => { document.documentElement.dataset.theme = 'light'; });
  await page.locator('.root:not(.dark)').waitFor({ state: 'attached' });
  assert.equal(await ground(), 'rgb(255, 255, 255)');
});

test('on a phone it is a sheet of full width with targets for fingers', async () => {
  await browse({ viewport: { width: 375, height: 700 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
  const page = await chatting();
  talk();
  engine.put({ kind: 'message', from: 'operator', name: 'Ann', text: 'x'.repeat(300) });
  const question = engine.stars();
  await page.getByRole('radio', { name: '5 of 5' }).waitFor();
  await still(page);
  const box = await page.getByRole('dialog').boundingBox();
  assert.deepEqual([box.x, box.width, Math.round(box.y + box.height)], [0, 375, 700]);
  await shot(page, 'phone-stars');
  engine.settle(question);
  await page.getByLabel('Tell us more').waitFor();
  for (const button of await page.getByRole('button').all()) {
    if (!await button.isVisible()) continue;
    const { width, height } = await button.boundingBox();
    assert.ok(width > 43.9 && height > 43.9, `${await button.textContent()}: ${width} × ${height}`);
  }
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 375);
  await accessible(page);
  await shot(page, 'phone-settled');
});

test('what people and servers say is shown as text and nothing else', async () => {
  const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}\u202e';
  engine.texts = { title: evil, placeholder: evil };
  const page = await chatting();
  engine.put({ kind: 'message', from: 'operator', name: evil, text: evil });
  engine.put({ kind: 'message', from: 'nobody"><b>', text: evil });
  engine.put({ kind: 'alert', text: evil, lang: 'en"><b>', choices: [{ label: evil, token: 'a_1', kind: 'acknowledge' }] });
  const question = engine.question({ text: evil, lang: '"><script>', choices: [{ label: evil, token: 'q', kind: 'score' }] });
  engine.settle(question, { text: evil, choices: [{ label: evil, token: 'r', kind: 'reason' }], comment: { label: evil, token: 'c_1', max_chars: 100 } });
  await page.locator('.card.done').getByText(evil).first().waitFor();
  assert.equal(await page.locator('lastword-widget img, lastword-widget script, lastword-widget b').count(), 0);
  assert.ok((await page.getByText(evil).count()) >= 7);
});

test('two tabs are one visitor and both see the answer', async () => {
  const [one, two] = await Promise.all([visit({ 'data-open': '' }), visit({ 'data-open': '' })]);
  for (const page of [one, two]) await page.getByRole('dialog').waitFor();
  const deadline = AbortSignal.timeout(10_000);
  while (engine.sockets.size < 2 || new Set([...engine.sockets].map(({ token }) => token)).size > 1) await once(engine, 'socket', { signal: deadline });
  const question = engine.question();
  await good(two).waitFor();
  await good(one).click();
  await engine.arrived('q0_1');
  engine.settle(question, { choices: [], comment: null });
  for (const page of [one, two]) await page.getByText('We are sorry').waitFor();
  await two.getByPlaceholder('Write a message').fill('From the second tab');
  await two.keyboard.press('Enter');
  await one.getByText('From the second tab').waitFor();
});

test('a page that is not among the origins shows nothing and says why in the console', async () => {
  engine.forbidden = true;
  const page = await context.newPage();
  const said = page.waitForEvent('console', message => message.text().includes('is it among its origins?'));
  await visit({ 'data-open': '' }, page);
  await said;
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('a visitor who never opens the chat costs no connection', async () => {
  const page = await visit();
  await page.getByRole('button', { name: 'Open chat' }).waitFor();
  await shot(page, 'light-closed');
  await visit({}, page);
  await page.getByRole('button', { name: 'Open chat' }).waitFor();
  assert.equal(engine.visits.length, 2);
  assert.equal(engine.sockets.size + engine.polls.size, 0);
  await page.getByRole('button', { name: 'Open chat' }).click();
  await engine.connected('socket');
});

test('a site without storage still has a chat', async () => {
  await context.addInitScript(() => Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } }));
  const page = await chatting();
  engine.question();
  await good(page).click();
  await engine.arrived('q0_1');
  await page.getByText('Saved, thank you').waitFor();
});
