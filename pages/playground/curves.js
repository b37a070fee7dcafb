// Two small charts, drawn by hand: cost and accuracy against images seen, the previous try as a ghost behind.
const SVG = 'http://www.w3.org/2000/svg';
const ROOM = { left: 40, right: 8, top: 24, bottom: 34 };

function shape(parent, tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  parent.appendChild(made);
  return made;
}

const ACCURACY = {
  title: 'Accuracy', key: 'accuracy', ticks: [0, 0.25, 0.5, 0.75, 1], name: tick => `${100 * tick} %`,
  share: value => value,
};
// Costs differ by tens: the axis is logarithmic, and what lies beyond its ends is drawn at the end.
const LOWEST = 0.01, HIGHEST = 10, DECADES = Math.log10(HIGHEST / LOWEST);
const COST = {
  title: 'Cost (lower is better)', key: 'cost', ticks: [0.01, 0.1, 1, 10], name: String,
  share: value => Math.log10(Math.min(Math.max(value, LOWEST), HIGHEST) / LOWEST) / DECADES,
};

function niceStep(most, marks) {
  const rough = Math.max(most, 1) / marks, power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find(factor => factor * power >= rough);
}

function axes(picture, panel, at) {
  shape(picture, 'text', { x: at.x(0), y: 14, class: 'title' }, panel.title);
  for (const tick of panel.ticks) {
    const y = at.y(panel.share(tick));
    shape(picture, 'line', { x1: at.x(0), x2: at.x(at.most), y1: y, y2: y, class: 'grid' });
    shape(picture, 'text', { x: at.x(0) - 6, y: y + 4, class: 'tick', 'text-anchor': 'end' }, panel.name(tick));
  }
  const step = niceStep(at.most, at.x(at.most) - at.x(0) < 180 ? 2 : 4);
  for (let seen = 0; seen <= at.most; seen += step) {
    const anchor = seen + step > at.most ? 'end' : 'middle';
    shape(picture, 'text', { x: at.x(seen), y: at.height - 18, class: 'tick', 'text-anchor': anchor }, seen.toLocaleString('en'));
  }
  shape(picture, 'text', { x: (at.x(0) + at.x(at.most)) / 2, y: at.height - 3, class: 'tick', 'text-anchor': 'middle' }, 'Images seen');
}

function line(picture, panel, at, points, key, className) {
  const places = points.filter(point => point[key] !== null && point[key] !== undefined)
    .map(point => [at.x(point.images_seen), at.y(panel.share(point[key]))]);
  if (!places.length) return;
  shape(picture, 'polyline', { points: places.map(place => place.map(n => n.toFixed(1)).join(',')).join(' '), class: className });
  if (places.length <= 12) for (const [x, y] of places) shape(picture, 'circle', { cx: x, cy: y, r: 3, class: className });
}

// A try of few long passes has points within them; one of many short ones has passes enough.
const training = told => (told.points.length ? told.points : told.epochs);

function words(panel, told) {
  const last = told.epochs[told.epochs.length - 1];
  const value = last && last[`validation_${panel.key}`];
  return `${panel.title} against images seen: ${training(told).length} points` +
    (typeof value === 'number' ? `, at the end ${value.toPrecision(3)} on the held-out images` : '');
}

// Draws one chart into `svg`. `told` is what is known of the try, `before` of the one before it, or null.
function drawCurve(svg, panel, told, before) {
  const width = svg.clientWidth, height = svg.clientHeight;
  if (!width || !height) return;
  const last = list => (list.length ? list[list.length - 1].images_seen : 0);
  const most = Math.max(told.images * told.epochs_planned, before ? Math.max(last(training(before)), last(before.epochs)) : 0, 1);
  const at = {
    most, height,
    x: seen => ROOM.left + (width - ROOM.left - ROOM.right) * seen / most,
    y: share => ROOM.top + (height - ROOM.top - ROOM.bottom) * (1 - share),
  };
  const picture = document.createElementNS(SVG, 'g');
  axes(picture, panel, at);
  if (before) {
    line(picture, panel, at, training(before), panel.key, 'training ghost');
    line(picture, panel, at, before.epochs, `validation_${panel.key}`, 'validation ghost');
  }
  line(picture, panel, at, training(told), panel.key, 'training');
  line(picture, panel, at, told.epochs, `validation_${panel.key}`, 'validation');
  svg.replaceChildren(picture);
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('aria-label', words(panel, told));
  svg.dataset.points = training(told).length;
}
