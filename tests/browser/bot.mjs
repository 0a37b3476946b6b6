// A Telegram bot whose Bot API is an emulator, and the person who uses it: what they write, tap and see.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';

export const TOKEN = '123456:hush-hush-hush';
export const ME = { id: 77700042, is_bot: false, first_name: 'Ann' };
const CHAT = { id: ME.id, type: 'private', first_name: 'Ann' };

/** The bot of TOKEN. `url` is its Bot API: the emulator supports neither webhooks nor chats, so that these calls are answered here. */
export async function startBot(emulator) {
  const known = { getWebhookInfo: { url: '', has_custom_certificate: false, pending_update_count: 0 }, getChat: CHAT };
  const server = createServer(async (request, response) => {
    const method = request.url.split('?')[0].split('/').pop();
    response.setHeader('Content-Type', 'application/json');
    if (!request.url.startsWith(`/bot${TOKEN}/`)) {
      response.statusCode = 401;
      return response.end(JSON.stringify({ ok: false, error_code: 401, description: 'Unauthorized' }));
    }
    if (known[method]) return response.end(JSON.stringify({ ok: true, result: known[method] }));
    const parts = [];
    for await (const part of request) parts.push(part);
    const { 'content-type': type } = request.headers;
    const body = parts.length ? Buffer.concat(parts) : undefined;
    try {
      const answer = await fetch(emulator + request.url, { method: request.method, headers: type ? { 'content-type': type } : {}, body });
      response.statusCode = answer.status;
      response.end(Buffer.from(await answer.arrayBuffer()));
    } catch {
      response.destroy();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const call = async (path, body) => {
    const answer = await fetch(emulator + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return answer.json();
  };
  const now = () => Math.floor(Date.now() / 1000);
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** I write to the bot. */
    writes: text => call('/sendMessage', { botToken: TOKEN, from: ME, chat: CHAT, date: now(), text }),
    /** I tap the button of a message. */
    taps(shown, button) {
      const message = { message_id: shown.messageId, date: now(), chat: CHAT, text: shown.message.text };
      return call('/sendCallback', { botToken: TOKEN, from: ME, message, data: button.callback_data });
    },
    /** The latest version of the bot's message to me with this text. */
    async shows(words) {
      for (const began = Date.now(); ;) {
        const { result } = await call('/getUpdatesHistory', { token: TOKEN });
        const found = (result ?? []).filter(({ message }) => message?.text?.includes(words) && String(message.chat_id) === String(ME.id)).pop();
        if (found) return found;
        assert(Date.now() - began < 60_000, `${words} never came: ${JSON.stringify(result)}`);
        await new Promise(done => setTimeout(done, 100));
      }
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** From *Today*: I write to the bot, appear on the page without a reload, and get alerts from then on. */
export async function registerRecipient(page, base, bot, click, looksRight) {
  await page.goto(`${base}/today`);
  await click(page.getByRole('link', { name: 'Add a recipient for alerts' }));
  await page.getByText('Waiting for a message…').waitFor();
  await looksRight(page, 'waiting');
  await bot.writes('/start');
  const mine = page.locator(`[data-chat="${ME.id}"]`);
  await mine.waitFor();
  await looksRight(page, 'wrote');
  await click(mine.getByRole('button', { name: /Alert about low ratings/ }));
  await mine.getByText('gets alerts').waitFor();
}
