// The official clients, of the protocol with sessions (sdk) and of the one without (client): both find the six tools and are answered.
// URL is the address of /mcp, KEY a key with mcp:read.
import assert from 'node:assert/strict';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const { URL: address, KEY } = process.env;
const TOOLS = ['summary', 'compare', 'low_ratings', 'reasons', 'target', 'explain'];
const about = { name: 'lastword-test', version: '1' };
const options = { requestInit: { headers: { authorization: `Bearer ${KEY}` } } };

async function ask(name, client, transport, version) {
  await client.connect(transport);
  assert.equal(client.getNegotiatedProtocolVersion?.() ?? transport.protocolVersion, version);
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map(tool => tool.name), TOOLS);
  // The client compares structuredContent with the tool's outputSchema.
  for (const tool of TOOLS.slice(0, 5)) {
    const result = await client.callTool({ name: tool, arguments: {} });
    assert.ok(!result.isError && result.structuredContent, `${tool}: ${JSON.stringify(result)}`);
  }
  const refused = await client.callTool({ name: 'summary', arguments: { line: 'nowhere' } });
  assert.equal(refused.isError, true);
  await assert.rejects(client.callTool({ name: 'delete_everything', arguments: {} }), /There is no tool/);
  await client.close();
  console.log(`${name} was answered`);
}

await ask('the old client', new OldClient(about), new OldTransport(new globalThis.URL(address), options), '2025-11-25');
const pinned = { versionNegotiation: { mode: { pin: '2026-07-28' } } };
await ask('the new client', new Client(about, pinned), new StreamableHTTPClientTransport(new globalThis.URL(address), options), '2026-07-28');
