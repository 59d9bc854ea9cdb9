// The page: what is chosen goes to worker.js, what comes back is shown step by step.
'use strict';

const classes =
    ['T-shirts', 'trousers', 'pullovers', 'dresses', 'coats', 'sandals', 'shirts', 'sneakers', 'bags', 'boots'];
const networks = {
  fashion: {side: 28, counts: [1, 4, 10, 20], count: 4, steps: 12, method: 'BoundedxEAB2', fineSteps: 24},
  digits: {side: 8, counts: [1, 16, 64], count: 64, steps: 10, method: 'xEAB3', fineSteps: 100},
};
const columnsOf = {1: 1, 4: 2, 10: 5, 16: 4, 20: 5, 64: 8};
const leastDelay = 60;  // milliseconds from one step shown to the next

const $ = (id) => document.getElementById(id);
const form = $('choice');
const field = (name) => form.elements[name];
if (location.protocol === 'file:') {  // where there are no workers
  tell('A browser does not run this from a file: serve the folder, as by python3 -m http.server.', 'error');
}
const worker = new Worker('worker.js');

let methods = new Map();
let id = 0;
let choice, run, flow;      // run: its frames; flow: those of the exact flow, for every method from the same noise
let shown = 0, timer = 0;   // the frame on show, and what leads to the next one
let results = [];           // a row of the table for each method

function fill(select, entries) {
  select.replaceChildren(...entries.map(([value, text]) => new Option(text, value)));
}

function chosen() {
  const network = field('network').value;
  const clothes = network === 'fashion';
  return {
    network, method: field('method').value, grid: field('grid').value, steps: +field('steps').value,
    guidance: clothes ? +field('guidance').value : 1, label: clothes ? +field('label').value : -1,
    count: +field('count').value,
    seed: Math.min(Math.max(Math.trunc(+field('seed').value) || 0, 0), Number.MAX_SAFE_INTEGER),
  };
}

/// What the exact flow depends on; what the table is about.
const flowKey = ({method, ...rest}) => JSON.stringify(rest);
const noiseKey = ({method, grid, steps, ...rest}) => JSON.stringify(rest);

/// What is under way, or done, is on the body, too, for whoever waits.
function tell(message, state) {
  $('message').textContent = message;
  document.body.dataset.state = state;
}

function enter(network) {
  const {counts, count, steps, method} = networks[network];
  fill(field('count'), counts.map((n) => [n, n]));
  field('count').value = count;
  field('steps').value = steps;
  field('method').value = method;
}

function draw() {
  choice = chosen();
  if (!flow || flow.key !== flowKey(choice)) flow = {key: flowKey(choice), frames: []};
  if (results.key !== noiseKey(choice)) results = Object.assign([], {key: noiseKey(choice)});
  run = {frames: []};
  shown = 0;
  clearTimeout(timer);
  timer = 0;
  ++id;
  const known = flow.frames.length === choice.steps + 1;
  if (!known) flow.frames = [];
  const {fineSteps} = networks[choice.network];
  worker.postMessage({id, choice, flow: known ? 0 : Math.max(1, Math.ceil(fineSteps / choice.steps))});
  tell('Drawing …', 'drawing');
  labels();
}

/// All that follows from the choice alone.
function labels() {
  const clothes = choice.network === 'fashion';
  for (const element of document.querySelectorAll('.clothes')) element.hidden = !clothes;
  $('steps-value').textContent = field('steps').value;
  $('guidance-value').textContent = +field('guidance').value === 1 ? 'none' : field('guidance').value;
  $('run-name').textContent = choice.method;
  $('network-file').textContent = choice.network + '_network';
  $('code').textContent = program(choice, methods.get(choice.method), columnsOf[choice.count]);
  $('frame').max = choice.steps;
  location.replace('#' + new URLSearchParams(choice));
}

function paint(canvas, values) {
  const {side} = networks[choice.network];
  const columns = columnsOf[choice.count], gap = side > 8 ? 2 : 1;
  const rows = choice.count / columns, pitch = side + gap;
  canvas.width = columns * pitch - gap;
  canvas.height = rows * pitch - gap;
  const context = canvas.getContext('2d');
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; values && i < values.length; ++i) {
    const picture = Math.floor(i / (side * side)), pixel = i % (side * side);
    const x = (picture % columns) * pitch + pixel % side;
    const y = Math.floor(picture / columns) * pitch + Math.floor(pixel / side);
    const grey = (values[i] + 1) * 127.5;  // clamped and rounded by the array
    image.data.set([grey, grey, grey, 255], 4 * (y * canvas.width + x));
  }
  context.putImageData(image, 0, 0);
}

function rms(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / a.length);
}

const of = (frame) => frame && ($('mean').checked ? frame.mean : frame.state);

function show() {
  $('frame').value = shown;
  $('frame-value').textContent = `${shown} of ${choice.steps}`;
  paint($('run'), of(run.frames[shown]));
  paint($('flow'), of(flow.frames[shown]));
  chart();
}

function animate() {
  timer = 0;
  if (shown + 1 >= run.frames.length) return;
  ++shown;
  show();
  timer = setTimeout(animate, leastDelay);
}

const complete = (frames) => frames.length > 0 && !frames.at(-1).more;
const short = (x) => x === 0 ? '0' : x < 1e-3 || x >= 1e4 ? x.toExponential(1) : x.toPrecision(3);

function chart() {
  const noisy = run.frames[0]?.drawsNoise;
  const errors = [];
  for (let i = 1; !noisy && i < Math.min(run.frames.length, flow.frames.length); ++i) {
    errors.push([i, rms(run.frames[i].state, flow.frames[i].state)]);
  }
  const drawn = errors.filter(([, e]) => e > 0 && Number.isFinite(e));
  const logs = drawn.map(([, e]) => Math.log10(e));
  const low = Math.floor(Math.min(-3, ...logs)), high = Math.ceil(Math.max(0, ...logs));
  const width = $('chart').clientWidth;
  const x = (i) => 60 + (width - 80) * i / choice.steps, y = (log) => 15 + 195 * (high - log) / (high - low);
  let svg = '';
  for (let d = low; d <= high; ++d) {
    const level = d < -3 || d > 3 ? '1e' + d : 10 ** d;
    svg += `<path class="rule" d="M60 ${y(d)}H${width - 20}"/>` +
        `<text x="52" y="${y(d) + 4}" text-anchor="end">${level}</text>`;
  }
  const every = Math.ceil(choice.steps * 40 / (width - 80));
  for (let i = 0; i <= choice.steps; i += every) {
    svg += `<text x="${x(i)}" y="230" text-anchor="middle">${i}</text>`;
  }
  svg += `<text x="${x(choice.steps / 2)}" y="247" text-anchor="middle">step</text>`;
  svg += `<path class="line" d="${drawn.map(([i], k) => `${k ? 'L' : 'M'}${x(i)} ${y(logs[k])}`).join('')}"/>`;
  drawn.forEach(([i], k) => {
    const [look, radius] = i === shown ? ['now', 6] : ['dot', 3.5];
    svg += `<circle class="${look}" cx="${x(i)}" cy="${y(logs[k])}" r="${radius}"/>`;
  });
  $('chart').setAttribute('viewBox', `0 0 ${width} 250`);
  $('chart').innerHTML = svg;
}

function note() {
  const last = run.frames.at(-1);
  if (!last) return;
  const each = (last.spent / choice.count).toFixed(1);
  $('run-note').textContent = ` ${last.evaluations} evaluations, ${Math.round(last.spent)} ms, ${each} ms a picture`;
  const fine = flow.frames.at(-1);
  $('flow-note').textContent = !fine ? '' :
      ` from the same noise, ${fine.evaluations} evaluations${complete(flow.frames) ? '' : ' so far'}`;
  $('error-note').textContent = last.drawsNoise ?
      'This method draws noise on its way. It ends at other pictures of the same law: there is no error to be shown.' :
      'Root mean square per pixel, which goes from -1 (black) to 1 (white), after each step. The exact flow is a ' +
          'fine run by DPMSolver3S with the same network.';
}

function conclude() {
  const last = run.frames.at(-1), fine = flow.frames.at(-1);
  const name = `${choice.method}, ${choice.grid}, ${choice.steps} steps`;
  const error = last.drawsNoise ? NaN : rms(last.state, fine.state);
  const row = {name, evaluations: last.evaluations, error, spent: last.spent};
  const before = results.findIndex((r) => r.name === name);
  if (before >= 0) results[before] = row;
  else results.push(row);
  results.sort((a, b) => (a.error - b.error) || (Number.isNaN(a.error) ? 1 : -1));
  $('table').replaceChildren(...results.map((r) => {
    const line = document.createElement('tr');
    const error = Number.isNaN(r.error) ? 'draws noise' : short(r.error);
    const cells = [r.name, r.evaluations, error, `${Math.round(r.spent)} ms`];
    line.className = r.name === name ? 'now' : '';
    for (const text of cells) line.insertCell().textContent = text;
    return line;
  }));
}

function start({methods: lines, grids}) {
  methods = new Map(lines.map(parseMethod).map((method) => [method.name, method]));
  const plain = (method) => spelled(method, false).replaceAll('azula::', '');
  fill(field('method'), [...methods.values()].map((method) => [method.name, plain(method)]));
  fill(field('grid'), grids.map((grid) => [grid, grid]));
  fill(field('label'), [[-1, 'all ten in turn'], ...classes.map((name, i) => [i, name]), [10, 'any']]);
  const given = new URLSearchParams(location.hash.slice(1));
  if (networks[given.get('network')]) field('network').value = given.get('network');
  enter(field('network').value);
  for (const [name, value] of given) {
    const control = field(name);
    if (control && !(control.options && ![...control.options].some((o) => o.value === value))) control.value = value;
  }
  draw();
}

worker.onmessage = ({data}) => {
  if (data.kind === 'lists') return start(data);
  if (data.id !== id) return;
  if (data.kind === 'error') return tell(data.text, 'error');
  if (data.kind === 'frame') {
    run.frames.push(data);
    if (run.frames.length === 1) show();
    else if (!timer) timer = setTimeout(animate, leastDelay);
    if (!data.more) tell(complete(flow.frames) ? '' : 'Following the exact flow from the same noise …', 'drawn');
  } else {
    flow.frames.push(data);
    if (timer === 0) show();
  }
  note();
  if (!complete(run.frames) || !complete(flow.frames)) return;
  conclude();
  tell('', 'compared');
};
worker.onerror = ({message}) => tell(`The worker failed: ${message ?? 'it could not be loaded'}`, 'error');
worker.postMessage({id});

form.onsubmit = (event) => {
  event.preventDefault();
  draw();
};
form.oninput = () => {
  $('steps-value').textContent = field('steps').value;
  $('guidance-value').textContent = field('guidance').value;
};
form.onchange = ({target}) => {
  if (target.name === 'network') enter(target.value);
  draw();
};
$('frame').oninput = () => {
  clearTimeout(timer);
  timer = 0;
  shown = Math.min(+$('frame').value, run.frames.length - 1);
  show();
};
$('mean').onchange = show;
$('copy').onclick = async () => {
  await navigator.clipboard.writeText($('code').textContent);
  $('copy').textContent = 'Copied';
};
