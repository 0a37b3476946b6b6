// The Inspector's command line, as a client with sessions (legacy) and as one without (modern): it connects, lists the six tools, and each
// is answered. The Inspector needs Node 22, which comes as a package. URL is the address of /mcp, KEY a key with mcp:read.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const { URL: address, KEY } = process.env;
const run = promisify(execFile);
const here = name => fileURLToPath(new URL(name, import.meta.url));
const node = here(`node_modules/node-linux-${process.arch}/bin/node`);
const inspector = here('node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');
const TOOLS = ['summary', 'compare', 'low_ratings', 'reasons', 'target', 'explain'];

async function inspect(era, method, ...rest) {
  const to = ['--cli', address, '--transport', 'http', '--header', `Authorization: Bearer ${KEY}`, '--protocol-era', era];
  const { stdout } = await run(node, [inspector, ...to, '--method', method, ...rest]);
  return JSON.parse(stdout);
}

async function era(name, version) {
  const { serverInfo, protocolVersion } = await inspect(name, 'initialize');
  assert.deepEqual([serverInfo.name, protocolVersion], ['lastword', version]);
  const { tools } = await inspect(name, 'tools/list');
  assert.deepEqual(tools.map(tool => tool.name), TOOLS);
  for (const tool of TOOLS.slice(0, 5)) {
    const result = await inspect(name, 'tools/call', '--tool-name', tool);
    assert.ok(!result.isError && result.structuredContent, `${tool}: ${JSON.stringify(result)}`);
  }
  console.log(`the ${name} inspector was answered`);
}

await Promise.all([era('legacy', '2025-11-25'), era('modern', '2026-07-28')]);
