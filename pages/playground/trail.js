// The trail: every try is a dot, the setting last moved against held-out accuracy. Dots are buttons.
function place(dot, low) {
  const range = 1 - low;
  return dot.accuracy === null ? 0 : Math.max(0, Math.min(1, (dot.accuracy - low) / range));
}

function path(root, dots, low) {
  const svg = root.querySelector('svg'), { clientWidth: width, clientHeight: height } = svg;
  const best = new Map(); // of several seeds at one value, the way leads through their mean
  for (const dot of dots) if (dot.is_alike) best.set(dot.x, [...(best.get(dot.x) ?? []), place(dot, low)]);
  const points = [...best].sort((a, b) => a[0] - b[0])
    .map(([x, shares]) => `${(x * width).toFixed(1)},${((1 - shares.reduce((a, b) => a + b) / shares.length) * height).toFixed(1)}`);
  svg.setAttribute('viewBox', `0 0 ${Math.max(width, 1)} ${Math.max(height, 1)}`);
  svg.querySelector('polyline').setAttribute('points', points.join(' '));
}

function bandOf(root, band, low) {
  const element = root.querySelector('.band');
  element.hidden = !band;
  if (!band) return;
  const at = accuracy => 100 * place({ accuracy }, low);
  element.style.bottom = `${at(band.low)}%`;
  element.style.height = `${Math.max(at(band.high) - at(band.low), 0.5)}%`;
}

function labels(root, data) {
  const marks = (className, list, style) => root.querySelector(className).replaceChildren(...list.map(([share, text]) => {
    const mark = document.createElement('span');
    mark.textContent = text;
    mark.style[style] = `${100 * share}%`;
    return mark;
  }));
  marks('.xs', data.xs, 'left');
  const steps = [0, 0.25, 0.5, 0.75, 1].map(share => [share, `${Number((100 * (data.low + share * (1 - data.low))).toFixed(1))} %`]);
  marks('.ys', steps, 'bottom');
  root.querySelector('.axis').textContent = data.axis;
}

function draw(view) {
  const { root, data } = view;
  labels(root, data);
  bandOf(root, data.band, data.low);
  path(root, data.dots, data.low);
}

function buttons(view) {
  const { root, data } = view, plot = root.querySelector('.plot');
  const held = root.getRootNode().activeElement?.dataset?.id;
  plot.querySelectorAll('button').forEach(button => button.remove());
  for (const dot of data.dots) {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.id = dot.id;
    button.className = ['dot', dot.is_alike ? '' : 'other', dot.accuracy === null ? 'none' : ''].join(' ').trim();
    button.style.left = `${100 * dot.x}%`;
    button.style.bottom = `${100 * place(dot, data.low)}%`;
    button.setAttribute('aria-label', dot.words);
    button.setAttribute('aria-pressed', String(dot.id === data.shown));
    button.title = dot.words;
    button.onclick = () => view.send(dot.id);
    plot.appendChild(button);
    if (dot.id === held) button.focus();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector('.trail');
  if (!root || !data) return;
  const view = root.view ??= { root };
  view.watch ??= new ResizeObserver(() => draw(view));
  view.data = data;
  view.send = id => setTriggerValue('chosen', id);
  buttons(view);
  draw(view);
  view.watch.observe(root);
  return () => { if (!root.isConnected) view.watch.disconnect(); };
}
