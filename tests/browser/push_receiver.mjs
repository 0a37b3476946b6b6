// A browser and its push service, implemented with independent libraries: http_ece decrypts the message with the browser's
// keys (RFC 8291), jose verifies the sender (RFC 8292). PRIVATE, AUTH: the browser's keys; KEY: ours, as given to the
// browser; ENDPOINT, NOW (seconds); BODY and AUTHORIZATION: the received request. Prints the message.
import assert from 'node:assert/strict';
import { createECDH } from 'node:crypto';
import ece from 'http_ece';
import { importJWK, jwtVerify } from 'jose';

const { PRIVATE, AUTH, KEY, ENDPOINT, NOW, BODY, AUTHORIZATION } = process.env;
const privateKey = createECDH('prime256v1');
privateKey.setPrivateKey(Buffer.from(PRIVATE, 'base64url'));
const message = ece.decrypt(Buffer.from(BODY, 'base64'), { version: 'aes128gcm', privateKey, authSecret: AUTH });

const [, token, key] = /^vapid t=([^,]+), k=(.+)$/.exec(AUTHORIZATION);
assert.equal(key, KEY, 'signed with the key that the browser was given');
const point = Buffer.from(KEY, 'base64url');
assert.equal(point.length, 65);
const [x, y] = [point.subarray(1, 33), point.subarray(33)].map(part => part.toString('base64url'));
const now = new Date(Number(NOW) * 1000);
const { payload } = await jwtVerify(token, await importJWK({ kty: 'EC', crv: 'P-256', x, y, alg: 'ES256' }), {
  algorithms: ['ES256'], audience: new URL(ENDPOINT).origin, subject: 'https://rate.example.com/', currentDate: now,
});
assert.ok(payload.exp - Number(NOW) <= 24 * 3600, 'worth a day at most');
console.log(message.toString());
