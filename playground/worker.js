// Draws for page.js, beside its thread. A message {id, choice, flow} is answered by frames as they come; whatever was
// under way is given up. `flow` is how finely the exact flow is to follow, or 0 if the page knows it.
'use strict';

let module;
let latest = 0;
const loaded = new Map();

const ready = new Promise((resolve) => {
  importScripts('azula.js');
  azula().then((it) => {
    module = it;
    resolve();
  });
});

const text = () => module.ccall('text', 'string', [], []);
const check = (result) => {
  if (result < 0) throw new Error(text());
  return result;
};
const lines = (call) => {
  module.ccall(call, null, [], []);
  return text().trim().split('\n');
};
const floats = (pointer) => module.HEAPF32.slice(pointer / 4, pointer / 4 + module._values());
const others = () => new Promise((resolve) => setTimeout(resolve));  // lets new messages in

function load(network) {
  if (!loaded.has(network)) loaded.set(network, fetchWeights(network));
  return loaded.get(network);
}

async function fetchWeights(network) {
  const response = await fetch(network + '.safetensors');
  if (!response.ok) throw new Error(`${network}.safetensors: ${response.status} ${response.statusText}`);
  module.FS.writeFile('/' + network, new Uint8Array(await response.arrayBuffer()));
  check(module.ccall('load', 'number', ['string', 'string'], [network, '/' + network]));
  module.FS.unlink('/' + network);
}

function begin(choice, flow) {
  const {network, method, grid, steps, guidance, label, count, seed} = choice;
  check(module.ccall('begin', 'number',
                     ['string', 'string', 'string', 'number', 'number', 'number', 'number', 'number', 'number'],
                     [network, method, grid, steps, guidance, label, count, seed, flow]));
}

/// Whether it came to its end.
async function run(id, kind, choice, flow) {
  begin(choice, flow);
  const drawsNoise = module._draws_noise() === 1;
  let spent = 0;  // in WebAssembly
  for (let index = 0, more = 1;; ++index) {
    postMessage({id, kind, index, more: more === 1, drawsNoise, spent, evaluations: module._evaluations(),
                 state: floats(module._state()), mean: floats(module._mean())});
    if (more === 0) return true;
    await others();
    if (id !== latest) return false;
    const began = performance.now();
    more = check(module._step());
    spent += performance.now() - began;
  }
}

onmessage = async ({data: {id, choice, flow}}) => {
  latest = id;
  try {
    await ready;
    if (!choice) {
      postMessage({id, kind: 'lists', methods: lines('list_methods'), grids: lines('list_grids')});
      return;
    }
    await load(choice.network);
    if (id !== latest || !await run(id, 'frame', choice, 0)) return;
    if (flow > 0) await run(id, 'flow', choice, flow);
  } catch (error) {
    postMessage({id, kind: 'error', text: error.message ?? String(error)});
  }
};
