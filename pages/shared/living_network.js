// Draws a network as it reads one image. All numbers come from the network; nothing is made up here but the motion.
const TURN_MS = 2600, MOST_SPARKS = 70, PIXELS = 28;
const POSITIVE = '#E8772E', NEGATIVE = '#3D97D3';

function decode(text) { return Uint8Array.from(atob(text), letter => letter.charCodeAt(0)); }

function paintInk(canvas, bytes) {
  const ink = canvas.getContext('2d'), picture = ink.createImageData(PIXELS, PIXELS);
  bytes.forEach((level, i) => picture.data.set([level, level, level, 255], 4 * i));
  ink.putImageData(picture, 0, 0);
}

// Where everything is, in CSS pixels: the image at the left, a column for each layer.
function measure(data, width) {
  const narrow = width < 520, side = Math.min(narrow ? 84 : 168, width * 0.24);
  const most = Math.max(...data.layers.map(layer => layer.units.length));
  const pitch = narrow ? 23 : 25, top = 44, height = top + most * pitch + 22;
  const right = narrow ? 96 : 150, left = side + (narrow ? 26 : 60), last = data.layers.length - 1;
  const x = data.layers.map((_, l) => last === 0 ? width - right : left + (width - right - left) * l / last);
  const y = data.layers.map(layer => layer.units.map((_, u) => top + pitch * (u + 0.5 + (most - layer.units.length) / 2)));
  return { width, height, side, top, pitch, right, x, y, imageTop: top + (most * pitch - side) / 2 };
}

function linesOf(data, at) {
  const strongest = data.lines.map(lines => Math.max(1e-12, ...lines.map(line => Math.abs(line[2]))));
  const loudest = data.lines.map(lines => Math.max(1e-12, ...lines.map(line => Math.abs(line[3]))));
  const cell = at.side / PIXELS;
  return data.lines.flatMap((lines, l) => lines.map(([from, to, weight, product]) => ({
    layer: l, from, to, weight, share: Math.abs(weight) / strongest[l], flow: Math.abs(product) / loudest[l],
    x0: l ? at.x[l - 1] : (from % PIXELS + 0.5) * cell, y0: l ? at.y[l - 1][from] : at.imageTop + (Math.floor(from / PIXELS) + 0.5) * cell,
    x1: at.x[l], y1: at.y[l][to],
  })));
}

// A line belongs to a unit if it ends or begins there.
const touches = (line, unit) => (line.layer === unit.layer && line.to === unit.place) || (line.layer === unit.layer + 1 && line.from === unit.place);

function curve(ink, line) {
  const middle = (line.x0 + line.x1) / 2;
  ink.moveTo(line.x0, line.y0);
  ink.bezierCurveTo(middle, line.y0, middle, line.y1, line.x1, line.y1);
}

function along(line, t) {
  const middle = (line.x0 + line.x1) / 2, s = 1 - t;
  const mix = (a, b, c, d) => s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
  return [mix(line.x0, middle, middle, line.x1), mix(line.y0, line.y0, line.y1, line.y1)];
}

function drawLines(ink, lines, focus) {
  for (const line of lines) {
    const own = focus && touches(line, focus);
    if (focus && !own) continue;
    ink.beginPath();
    ink.strokeStyle = line.weight >= 0 ? POSITIVE : NEGATIVE;
    ink.globalAlpha = own ? 0.35 + 0.65 * line.share : 0.05 + 0.75 * line.share ** 2;
    ink.lineWidth = 0.4 + 3.2 * line.share;
    curve(ink, line);
    ink.stroke();
  }
  ink.globalAlpha = 1;
}

function drawSparks(ink, view, now) {
  const layers = view.data.lines.length, phase = (now % TURN_MS) / TURN_MS * (layers + 0.4);
  for (const line of view.sparks) {
    const t = phase - line.layer;
    if (t < 0 || t > 1 || (view.focus && !touches(line, view.focus))) continue;
    const [x, y] = along(line, t);
    ink.beginPath();
    ink.fillStyle = line.weight >= 0 ? POSITIVE : NEGATIVE;
    ink.arc(x, y, 1.2 + 2.6 * line.flow, 0, 7);
    ink.fill();
  }
}

function still(view) {
  const ratio = window.devicePixelRatio || 1, { width, height } = view.at;
  const picture = view.still ??= document.createElement('canvas');
  picture.width = view.canvas.width = width * ratio;
  picture.height = view.canvas.height = height * ratio;
  const ink = picture.getContext('2d');
  ink.scale(ratio, ratio);
  drawLines(ink, view.lines, view.focus);
}

function frame(view, now) {
  const ink = view.canvas.getContext('2d'), ratio = window.devicePixelRatio || 1;
  ink.setTransform(1, 0, 0, 1, 0, 0);
  ink.clearRect(0, 0, view.canvas.width, view.canvas.height);
  ink.drawImage(view.still, 0, 0);
  ink.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (!view.calm.matches) drawSparks(ink, view, now);
}

function animate(view) {
  cancelAnimationFrame(view.request);
  const step = now => {
    if (!view.canvas.isConnected) return;
    frame(view, now);
    if (!view.calm.matches) view.request = requestAnimationFrame(step);
  };
  view.request = requestAnimationFrame(step);
}

function element(parent, tag, className, x, y) {
  const made = document.createElement(tag);
  made.className = className;
  made.style.left = `${x}px`;
  if (y !== null) made.style.top = `${y}px`;
  parent.appendChild(made);
  return made;
}

function unitButton(view, l, u) {
  const layer = view.data.layers[l], { x, y } = view.at, isLast = l === view.data.layers.length - 1;
  const value = layer.values[u], most = isLast ? 1 : Math.max(1e-12, ...layer.values.map(Math.abs));
  const button = element(view.columns, 'button', 'unit', x[l], y[l][u]);
  const level = Math.round(255 * Math.min(1, Math.abs(value) / most));
  button.type = 'button';
  button.style.background = value < 0 ? `rgb(0 ${Math.round(level * 0.45)} ${Math.round(level * 0.7)})` : `rgb(${level} ${level} ${level})`;
  button.dataset.layer = l + 1;
  button.dataset.unit = layer.units[u];
  button.dataset.value = value;
  button.tabIndex = -1;
  const name = isLast ? `Class ${layer.names[u]}: probability` : `Hidden layer ${l + 1}, unit ${layer.names[u]}: activation`;
  button.setAttribute('aria-label', `${name} ${value.toPrecision(3)}`);
  button.title = button.getAttribute('aria-label');
  button.setAttribute('aria-pressed', view.chosen === `${l + 1}:${layer.units[u]}`);
  const look = () => { view.focus = { layer: l, place: u }; still(view); frame(view, performance.now()); };
  const away = () => { view.focus = placeOf(view); still(view); frame(view, performance.now()); };
  button.onpointerenter = button.onfocus = look;
  button.onpointerleave = button.onblur = away;
  button.onclick = () => choose(view, `${l + 1}:${layer.units[u]}`);
  return button;
}

function placeOf(view) {
  const [l, unit] = (view.chosen || '').split(':').map(Number);
  const place = view.data.layers[l - 1]?.units.indexOf(unit);
  return place >= 0 ? { layer: l - 1, place } : null;
}

function choose(view, unit) {
  view.chosen = view.chosen === unit ? '' : unit;
  view.send(view.chosen);
  for (const button of view.buttons.flat()) button.setAttribute('aria-pressed', view.chosen === `${button.dataset.layer}:${button.dataset.unit}`);
  view.focus = placeOf(view);
  still(view);
}

// One stop for the Tab key; arrows move between units, as in a grid.
function keys(view) {
  view.columns.onkeydown = event => {
    const l = view.buttons.findIndex(column => column.includes(event.target));
    if (l < 0) return;
    const u = view.buttons[l].indexOf(event.target);
    const to = { ArrowUp: [l, u - 1], ArrowDown: [l, u + 1], ArrowLeft: [l - 1, u], ArrowRight: [l + 1, u] }[event.key];
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    const column = view.buttons[to[0]];
    const next = column?.[Math.min(Math.max(to[1], 0), column.length - 1)];
    if (!next) return;
    view.buttons.flat().forEach(button => { button.tabIndex = -1; });
    next.tabIndex = 0;
    next.focus();
  };
}

function build(view) {
  const { data, at } = view, held = view.columns.contains(view.columns.getRootNode().activeElement)
    ? view.columns.getRootNode().activeElement.dataset : null;
  const names = data.layers[data.layers.length - 1].names, probabilities = data.layers[data.layers.length - 1].values;
  const first = probabilities.indexOf(Math.max(...probabilities));
  view.stage.style.height = `${at.height}px`;
  Object.assign(view.ink.style, { width: `${at.side}px`, height: `${at.side}px`, top: `${at.imageTop}px` });
  view.ink.setAttribute('aria-label', data.label === null ? 'The image' : `The image: ${names[data.label]}`);
  view.stage.parentElement.classList.toggle('has-negative', data.layers.some(layer => layer.values.some(value => value < 0)));
  view.columns.replaceChildren();
  view.buttons = data.layers.map((layer, l) => {
    const isLast = l === data.layers.length - 1;
    const head = element(view.columns, 'div', 'head', at.x[l], null);
    head.innerHTML = `${layer.size}<br><small>${layer.kind}</small>`;
    const left = layer.size - layer.units.length;
    if (left > 0) element(view.columns, 'div', 'rest', at.x[l], at.height - 18).textContent = `+ ${left} more`;
    if (isLast) layer.units.forEach((_, u) => answer(view, u, u === first));
    return layer.units.map((_, u) => unitButton(view, l, u));
  });
  const again = held && view.buttons.flat().find(button => button.dataset.layer === held.layer && button.dataset.unit === held.unit);
  (again || view.buttons[0][0]).tabIndex = 0;
  if (again) again.focus();
}

function answer(view, u, isFirst) {
  const layer = view.data.layers[view.data.layers.length - 1], { at } = view;
  const row = element(view.columns, 'div', isFirst ? 'answer first' : 'answer', at.x[at.x.length - 1] + 16, at.y[at.y.length - 1][u]);
  const name = document.createElement('b'), bar = document.createElement('span'), share = document.createElement('span');
  name.textContent = layer.names[u];
  bar.className = 'bar';
  bar.style.width = `${Math.max(1, (at.right - 74) * layer.values[u])}px`;
  share.textContent = layer.values[u] >= 0.005 ? `${Math.round(100 * layer.values[u])} %` : '';
  row.append(name, bar, share);
}

function draw(view) {
  const width = view.stage.clientWidth;
  if (!width) return;
  view.at = measure(view.data, width);
  view.lines = linesOf(view.data, view.at);
  view.sparks = [...view.lines].sort((a, b) => b.flow - a.flow).slice(0, MOST_SPARKS);
  view.focus = placeOf(view);
  paintInk(view.ink, decode(view.data.image));
  build(view);
  still(view);
  animate(view);
}

export default function ({ data, parentElement, setStateValue }) {
  const stage = parentElement.querySelector('.stage');
  if (!stage || !data) return;
  let view = stage.view;
  if (!view) {
    view = stage.view = {
      stage, canvas: stage.querySelector('canvas.lines'), ink: stage.querySelector('canvas.ink'),
      columns: stage.querySelector('.columns'), calm: matchMedia('(prefers-reduced-motion: reduce)'), chosen: data.chosen ?? '', request: 0,
    };
    keys(view);
    view.watch = new ResizeObserver(() => { if (view.data && Math.abs(stage.clientWidth - (view.at?.width ?? 0)) > 1) draw(view); });
    view.watch.observe(stage);
  }
  view.data = data;
  view.send = unit => setStateValue('unit', unit);
  draw(view);
  return () => { if (!stage.isConnected) { cancelAnimationFrame(view.request); view.watch.disconnect(); } };
}
