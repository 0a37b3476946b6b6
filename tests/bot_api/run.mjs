// Runs an emulator of Telegram's Bot API that is not ours, on a free port of this machine, and prints its address.
import { createServer } from 'node:net';
import { once } from 'node:events';
import TelegramServer from 'telegram-test-api';

const probe = createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const { port } = probe.address();
probe.close();
await once(probe, 'close');
await new TelegramServer({ host: '127.0.0.1', port }).start();
console.log(`http://127.0.0.1:${port}`);
// It ends with the test that started it.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
