// The conformance suite against a running server. The suite cannot send a key, so a proxy adds it; the rest of each request, also its
// Host, goes through unchanged. URL is the address of /mcp, KEY a key with mcp:read. not_offered.yml names the scenarios about what
// this server does not offer (tools of the suite's own, resources, prompts, logging): the suite fails if another scenario does, or if
// one of these no longer fails.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { fileURLToPath } from 'node:url';

const { URL: address, KEY } = process.env;
const target = new globalThis.URL(address);
const proxy = createServer((incoming, response) => {
  const { hostname, port } = target;
  const headers = { ...incoming.headers, authorization: `Bearer ${KEY}` };
  const outgoing = request({ hostname, port, path: incoming.url, method: incoming.method, headers }, answer => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', error => response.destroy(error));
  incoming.pipe(outgoing);
});
proxy.listen(0, '127.0.0.1');
await once(proxy, 'listening');
const here = name => fileURLToPath(new URL(name, import.meta.url));
const suite = here('node_modules/@modelcontextprotocol/conformance/dist/index.js');
const url = `http://localhost:${proxy.address().port}${target.pathname}`;
const run = spawn(process.execPath, [suite, 'server', '--url', url, '--expected-failures', here('not_offered.yml')], { stdio: 'inherit' });
const [code] = await once(run, 'exit');
process.exit(code ?? 1);
