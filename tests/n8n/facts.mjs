// Writes nodes.json: the facts that n8n publishes about the nodes and parameters of the workflow in the docs.
//   npm pack n8n-nodes-base@2.41.2 && tar xzf n8n-nodes-base-*.tgz package/dist/types
//   node tests/n8n/facts.mjs package/dist/types/nodes.json 2.41.2
import { readFileSync, writeFileSync } from 'node:fs';

const [types, release] = process.argv.slice(2);
const published = JSON.parse(readFileSync(types));
const workflow = JSON.parse(readFileSync(new URL('../../docs/n8n/low_ratings.json', import.meta.url)));
const facts = {};
for (const { type, typeVersion, parameters } of workflow.nodes) {
  const node = published.find(({ name, version }) => `n8n-nodes-base.${name}` === type && [version].flat().includes(typeVersion));
  const of = facts[type] ??= { versions: [node.version].flat(), credentials: (node.credentials ?? []).map(({ name }) => name), parameters: {} };
  if (Array.isArray(node.outputs)) of.outputs = node.outputs.length;
  for (const key of Object.keys(parameters)) {
    const known = node.properties.filter(({ name }) => name === key);
    const values = known.filter(({ type }) => type === 'options' || type === 'multiOptions').flatMap(({ options }) => options.map(({ value }) => value));
    const fields = known.filter(({ type }) => type === 'collection').flatMap(({ options }) => options.map(({ name }) => name));
    if (known.length) of.parameters[key] = { ...(values.length && { values: [...new Set(values)] }), ...(fields.length && { fields: [...new Set(fields)] }) };
  }
}
writeFileSync(new URL('nodes.json', import.meta.url), `${JSON.stringify({ release: `n8n-nodes-base ${release}`, nodes: facts }, null, 1)}\n`);
