// A stub of the engine: the widget's endpoints over HTTP and WebSocket, and a host page on another origin with the
// strictest content security policy that a site can have. It stores the widget's frames once per ID, as the engine does.
import { createServer } from 'node:http';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { WebSocketServer } from 'ws';

const file = name => readFileSync(new URL(`../../adapters/webchat/widget/${name}`, import.meta.url));
const WIDGET = file('widget.js');
const WORDS = JSON.parse(file('words.json'));

export class EngineStub extends EventEmitter {
  frames = []; // to the widget, as stored in the mailbox
  kept = new Map(); // from the widget: id → frame
  posts = []; // every frame that arrived, including repeats
  visits = []; // bodies of POST …/visitor
  sockets = new Set();
  polls = new Set();
  refuseSockets = false;
  answering = true; // false: frames arrive without a response
  refuse = null; // (frame) → an error code, or null
  down = false;
  mode = 'own';
  texts = {};
  brand; // how the organisation looks, if it was set
  forbidden = false;
  rate; // response to POST …/rate
  rated; // its last request body

  async start() {
    this.engine = createServer((request, response) => this.#http(request, response));
    const wss = new WebSocketServer({ noServer: true });
    this.engine.on('upgrade', (request, socket, head) => {
      if (this.refuseSockets || this.down) return socket.destroy();
      wss.handleUpgrade(request, socket, head, line => this.#line(line, request));
    });
    this.site = createServer((request, response) => this.#page(request, response));
    for (const server of [this.engine, this.site]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    this.origin = `http://127.0.0.1:${this.engine.address().port}`;
    // Another host name, so that the page has another origin and another site.
    this.page = `http://localhost:${this.site.address().port}`;
    return this;
  }

  async stop() {
    this.cut();
    for (const server of [this.engine, this.site]) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }

  /** Breaks every open connection. */
  cut() {
    for (const line of this.sockets) line.terminate();
    for (const answer of this.polls) answer();
  }

  /** Adds a frame to the visitor's mailbox. */
  put(frame) {
    const kept = { seq: this.frames.length + 1, key: `k${this.frames.length + 1}`, at: 1_700_000_000_000, ...frame };
    this.frames.push(kept);
    for (const line of this.sockets) line.send(JSON.stringify(kept));
    for (const answer of this.polls) answer();
    return kept;
  }

  question(extra = {}) {
    const n = this.frames.length;
    return this.put({
      kind: 'question', scale: 'binary', text: 'Please rate the quality of service', lang: 'en', comment: null,
      choices: [{ label: '👍', token: `q${n}_1`, kind: 'score' }, { label: '👎', token: `q${n}_0`, kind: 'score' }], ...extra,
    });
  }

  stars(extra = {}) {
    const choices = [5, 4, 3, 2, 1].map(n => ({ label: '★'.repeat(n), token: `s_${n}`, kind: 'score' }));
    return this.question({ scale: 'five_star', choices, ...extra });
  }

  settle(question, extra = {}) {
    return this.put({
      kind: 'settle', replaces: question.key, text: 'Thank you for telling us. We are sorry.', lang: 'en',
      choices: [
        { label: 'Slow answer', token: 'r_slow', kind: 'reason' }, { label: 'Not solved', token: 'r_open', kind: 'reason' },
        { label: 'Unfriendly', token: 'r_rude', kind: 'reason' },
        { label: 'Yes', token: 'y_1', kind: 'resolved' }, { label: 'No', token: 'y_0', kind: 'resolved' },
      ],
      comment: { label: 'Tell us more', token: 'c_1', max_chars: 2000 }, ...extra,
    });
  }

  /** Returns the frame with this token or text once it has arrived and, by default, been stored. */
  async arrived(what, list = () => [...this.kept.values()]) {
    for (;;) {
      const found = list().find(frame => frame.token === what || frame.text === what);
      if (found) return found;
      await once(this, 'arrived', { signal: AbortSignal.timeout(10_000) });
    }
  }

  async connected(kind) {
    while (!(kind === 'socket' ? this.sockets.size : this.polls.size)) await once(this, kind, { signal: AbortSignal.timeout(15_000) });
  }

  #take(frame) {
    this.posts.push(frame);
    const code = this.refuse?.(frame);
    if (!code && this.answering) this.kept.set(frame.id, frame);
    queueMicrotask(() => this.emit('arrived', frame));
    if (!this.answering) return null;
    if (code) return { kind: 'error', id: frame.id, code, detail: 'by the test' };
    // The engine echoes messages, so that other tabs show them.
    const key = `visitor:${frame.id}`;
    if (frame.kind === 'message' && !this.frames.some(kept => kept.key === key)) {
      queueMicrotask(() => this.put({ kind: 'message', from: 'visitor', text: frame.text, key }));
    }
    return { kind: 'ack', id: frame.id };
  }

  #line(line, request) {
    const url = new URL(request.url, 'http://x');
    line.token = request.headers['sec-websocket-protocol']?.split(/, */)[1];
    this.sockets.add(line);
    line.on('close', () => this.sockets.delete(line));
    line.on('message', data => {
      const answer = this.#take(JSON.parse(data));
      if (answer) line.send(JSON.stringify(answer));
    });
    const after = Number(url.searchParams.get('after'));
    for (const frame of this.frames.slice(-200)) if (frame.seq > after) line.send(JSON.stringify(frame));
    this.emit('socket');
  }

  async #http(request, response) {
    const url = new URL(request.url, 'http://x');
    const json = (status, value) => {
      response.writeHead(status, { 'content-type': 'application/json', 'access-control-allow-origin': this.page });
      response.end(JSON.stringify(value));
    };
    if (this.down) return response.destroy();
    if (url.pathname === '/widget.js') {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' });
      return response.end(WIDGET);
    }
    if (request.method === 'OPTIONS') {
      response.writeHead(204, {
        'access-control-allow-origin': this.page, 'access-control-allow-methods': 'GET, POST', 'access-control-allow-headers': 'authorization, content-type',
      });
      return response.end();
    }
    let body = '';
    for await (const part of request) body += part;
    if (this.forbidden) return json(403, {});
    const path = url.pathname.split('/').slice(3).join('/');
    if (path === 'visitor') {
      const asked = JSON.parse(body);
      this.visits.push(asked);
      this.emit('visit');
      return json(200, { token: asked.token || `t${this.visits.length}`, visitor: 'visitor', mode: this.mode, texts: { ...WORDS[asked.lang], ...this.texts }, line: 'sales', cursor: this.frames.length, brand: this.brand });
    }
    if (path === 'rate') {
      this.rated = JSON.parse(body);
      if (this.rate === undefined) return json(404, {});
      if (this.rate.asked) this.question();
      return json(200, this.rate);
    }
    if (path === 'frames' && request.method === 'POST') {
      const frames = JSON.parse(body);
      if (frames.some(frame => this.refuse?.(frame) === 'whole post')) return json(422, {});
      return json(200, { acks: frames.map(frame => this.#take(frame)).filter(Boolean) });
    }
    if (path === 'frames') {
      const after = Number(url.searchParams.get('after'));
      const waiting = () => this.frames.filter(frame => frame.seq > after);
      if (waiting().length || url.searchParams.get('wait') === '0') return json(200, { frames: waiting() });
      const answer = () => {
        this.polls.delete(answer);
        json(200, { frames: waiting() });
      };
      response.on('close', () => this.polls.delete(answer));
      this.polls.add(answer);
      return this.emit('poll');
    }
    return json(404, {});
  }

  #page(request, response) {
    const url = new URL(request.url, 'http://x');
    const socket = this.origin.replace('http', 'ws');
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; script-src ${this.origin}; connect-src ${this.origin} ${socket}; style-src 'nonce-page'; require-trusted-types-for 'script'`,
    });
    const attributes = [...url.searchParams].filter(([key]) => key.startsWith('data-')).map(([key, value]) => `${key}="${value}"`).join(' ');
    response.end(`<!doctype html><html lang="${url.searchParams.get('lang') || 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>A shop</title>
<style nonce="page">:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;margin:40px;max-width:60ch;background:Canvas}
#here{height:520px;width:400px;max-width:100%;box-sizing:border-box;border-radius:20px;border:1px solid GrayText}
/* Styles that hostile or careless sites apply to everything on their pages. */
div,p,button,section,textarea{font-family:"Comic Sans MS",fantasy;letter-spacing:9px;text-transform:uppercase}</style></head>
<body><main><h1>A shop</h1><p>Words about goods.</p><label>Search <input id="search"></label><div id="here"></div></main>
<script src="${this.origin}/widget.js" data-connection="site" ${attributes} async></script></body></html>`);
  }
}
