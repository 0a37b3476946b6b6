// Runs the workflow of the docs without n8n: first it is compared with what n8n publishes about its nodes (nodes.json), then each request
// goes through its nodes. Expressions are evaluated as JavaScript, which is what n8n does with them. SECRET is the HMAC secret of
// the credential; ROOM replaces the room's address.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const read = path => JSON.parse(readFileSync(new URL(path, import.meta.url)));
const workflow = read(process.env.WORKFLOW ?? '../../docs/n8n/low_ratings.json');
const { nodes: published } = read('nodes.json');
const { SECRET, ROOM } = process.env;
const named = name => workflow.nodes.find(node => node.name === name) ?? fail(`there is no node ${name}`);
const fail = text => { throw new Error(text); };

function check() {
  for (const { name, type, typeVersion, parameters, credentials = {} } of workflow.nodes) {
    const known = published[type] ?? fail(`${name}: n8n has no node ${type}`);
    if (!known.versions.includes(typeVersion)) fail(`${name}: n8n has no version ${typeVersion} of ${type}`);
    for (const credential of Object.keys(credentials)) if (!known.credentials.includes(credential)) fail(`${name}: no credential ${credential}`);
    for (const [key, value] of Object.entries(parameters)) {
      const { values, fields } = known.parameters[key] ?? fail(`${name}: ${type} has no parameter ${key}`);
      if (values && !values.includes(value)) fail(`${name}: ${key} cannot be ${value}`);
      for (const field of fields ? Object.keys(value) : []) if (!fields.includes(field)) fail(`${name}: ${key} has no field ${field}`);
    }
    const outputs = workflow.connections[name]?.main ?? [];
    if (outputs.length > (known.outputs ?? 1)) fail(`${name}: has ${known.outputs ?? 1} outputs, not ${outputs.length}`);
    outputs.flat().forEach(({ node }) => named(node));
  }
}

/** The value of a parameter: `={{ … }}` is an expression, also within text. */
function value(parameter, json, items) {
  if (typeof parameter !== 'string' || !parameter.startsWith('=')) return parameter;
  const of = expression => new Function('$json', '$', `return (${expression});`)(json, name => ({ item: { json: items[name] } }));
  const whole = parameter.match(/^=\{\{((?:(?!\}\}).)*)\}\}$/s);
  return whole ? of(whole[1]) : parameter.slice(1).replace(/\{\{(.*?)\}\}/gs, (_, expression) => of(expression));
}

const holds = {
  'boolean true': left => left === true,
  'number lte': (left, right) => left <= right,
  'string equals': (left, right) => left === right,
};

/** What each node does with its item. Returns the item, and the number of the output. */
const does = {
  'n8n-nodes-base.extractFromFile': async ({ json, binary }, { binaryPropertyName, destinationKey, options }) =>
    [{ ...(options.keepSource === 'json' ? json : {}), [destinationKey]: binary[binaryPropertyName].toString('utf8') }],
  'n8n-nodes-base.crypto': async ({ json }, { action, type, value, dataPropertyName, encoding }) => {
    if (action !== 'hmac') fail(`${action} is not known here`);
    return [{ ...json, [dataPropertyName]: createHmac(type, SECRET).update(value).digest(encoding) }];
  },
  'n8n-nodes-base.if': async ({ json, of }, { conditions }) => {
    const results = conditions.conditions.map(({ leftValue, rightValue, operator: { type, operation } }) => {
      const left = of(leftValue);
      if (typeof left !== type) fail(`${leftValue} is a ${typeof left}, not a ${type}`);
      return holds[`${type} ${operation}`](left, of(rightValue));
    });
    return [json, results[conditions.combinator === 'and' ? 'every' : 'some'](Boolean) ? 0 : 1];
  },
  'n8n-nodes-base.respondToWebhook': async ({ json, response }, { options }) => {
    response.writeHead(options.responseCode).end();
    return [json];
  },
  'n8n-nodes-base.httpRequest': async (_, { method, url, jsonBody }) => {
    const answer = await fetch(ROOM ?? url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(JSON.parse(jsonBody)) });
    return [{ status: answer.status }];
  },
};

async function go(name, item, items, response) {
  const { type, parameters } = named(name);
  const of = parameter => value(parameter, item.json, items);
  const evaluated = Object.fromEntries(Object.entries(parameters).map(([key, parameter]) => [key, of(parameter)]));
  const [json, output = 0] = type === 'n8n-nodes-base.webhook' ? [item.json] : await does[type]({ ...item, of, response }, evaluated);
  items[name] = json;
  for (const { node } of workflow.connections[name]?.main[output] ?? []) await go(node, { ...item, json }, items, response);
}

check();
const trigger = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.webhook');
const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const raw = Buffer.concat(parts);
  const { httpMethod, path, options } = trigger.parameters;
  if (request.method !== httpMethod || request.url !== `/webhook/${path}`) return response.writeHead(404).end();
  try {
    const json = { headers: request.headers, params: {}, query: {}, body: JSON.parse(raw) };
    await go(trigger.name, { json, binary: options.rawBody ? { data: raw } : {} }, {}, response);
  } catch (error) {
    console.error(error);
    if (!response.headersSent) response.writeHead(500).end();
  }
});
server.listen(0, '127.0.0.1', () => console.log(`listening on 127.0.0.1:${server.address().port}`));
