// The stage: the answer in large, the curves, and forty images. It follows the event stream by itself, so that nothing
// of the page runs again while a try trains.
const LEFT_OUT = new Set(['replaced', 'stopped', 'failed', 'gone']);

function percent(share) { return `${(100 * share).toFixed(2)} %`; }

function stateWords(one, most) {
  if (one.state === 'queued') return one.place > 1 ? `Waiting: number ${one.place} in the queue.` : 'Starting …';
  if (one.state === 'running') return `Training: ${Math.min(99, Math.round(100 * seen(one) / Math.max(most, 1)))} % of the images seen.`;
  if (one.state === 'diverged') return 'The numbers overflowed: the steps were far too large. Try a smaller learning rate.';
  if (one.state === 'bounded') return 'Ended early, after 3 seconds of training. Use fewer images or epochs to let it finish.';
  if (LEFT_OUT.has(one.state)) return one.words || 'This try was stopped.';
  return `Finished after ${one.end.train_s.toFixed(2)} s of training.`;
}

function seen(one) {
  const last = list => (list.length ? list[list.length - 1].images_seen : 0);
  return Math.max(last(one.points), last(one.epochs));
}

// The accuracy so far: that of the newest pass while the try trains, that of the network at its end.
function accuracy(one) {
  if (one.end) return one.end.accuracy ?? null;
  const last = one.epochs[one.epochs.length - 1];
  return last?.validation_accuracy ?? null;
}

function showAnswer(view, one, before) {
  const value = accuracy(one), earlier = before ? accuracy(before) : null;
  const change = value !== null && earlier !== null && one.end ? 100 * (value - earlier) : null;
  view.find('.accuracy').textContent = value === null ? (one.end ? '–' : '…') : percent(value);
  view.find('.accuracy').dataset.ended = one.end ? one.id : '';
  const said = view.find('.change');
  said.textContent = change === null ? '' : `${change >= 0 ? '▲ +' : '▼ −'}${Math.abs(change).toFixed(2)} points`;
  said.title = change === null ? '' : `${percent(earlier)} in the previous try`;
  view.find('.state').textContent = stateWords(one, one.images * one.epochs_planned);
  view.root.setAttribute('aria-busy', String(!one.end));
}

function showDigits(view, one, before) {
  const { watched } = view.data, guesses = one.guesses, earlier = before?.guesses;
  let wrong = 0, gained = 0, lost = 0;
  view.tiles.forEach((tile, i) => {
    const label = watched.labels[i], guess = guesses?.[i];
    const isRight = guess === label, wasRight = earlier ? earlier[i] === label : isRight;
    const isKnown = guess !== undefined, turned = isKnown && isRight !== wasRight;
    wrong += isKnown && !isRight;
    gained += turned && isRight;
    lost += turned && !isRight;
    tile.className = ['tile', isKnown && !isRight ? 'wrong' : '', turned ? 'turned' : ''].join(' ').trim();
    tile.lastChild.textContent = isKnown && !isRight ? watched.names[guess] : turned ? '✓' : '';
    const read = !isKnown ? 'not read yet' : isRight ? 'read correctly' : `misread as ${watched.names[guess]}`;
    tile.title = `${watched.names[label]}, ${read}${turned ? (isRight ? ', and wrongly before' : ', and correctly before') : ''}`;
    tile.setAttribute('aria-label', tile.title);
  });
  const sides = earlier && (gained || lost) ? ` Compared with the previous try, ${gained} turned right and ${lost} turned wrong (thick frames).` : '';
  view.find('.watched-words').textContent = guesses
    ? `${wrong} of these ${watched.labels.length} held-out images misread; the number is the wrong guess.${sides}` : 'Held-out images to watch: the network has not read them yet.';
}

function draw(view) {
  view.due = 0;
  const one = told.get(view.data.id) ?? unheard(view.data.id);
  const earlier = told.get(view.data.before);
  const before = earlier?.end ? earlier : null;
  // Until its first points have come, a new try has the axes of the one before it.
  const hasCurves = one.points.length || one.epochs.length || one.end || !before;
  const shown = hasCurves ? one : { ...one, images: before.images, epochs_planned: before.epochs_planned };
  showAnswer(view, one, before);
  drawCurve(view.find('.cost'), COST, shown, before);
  drawCurve(view.find('.share'), ACCURACY, shown, before);
  showDigits(view, one.guesses ? one : { ...one, guesses: one.end ? null : before?.guesses }, before);
}

function soon(view) { view.due ||= requestAnimationFrame(() => draw(view)); }

function makeTiles(view) {
  const { watched } = view.data, list = view.find('.watched');
  list.style.setProperty('--watched', `url(${watched.png})`);
  list.replaceChildren();
  view.tiles = watched.labels.map((_, i) => {
    const tile = document.createElement('li'), picture = document.createElement('i'), guess = document.createElement('b');
    picture.style.backgroundPosition = `${100 * i / (watched.labels.length - 1)}% 0`;
    tile.append(picture, guess);
    list.appendChild(tile);
    return tile;
  });
}

function tellEnd(view, one) {
  soon(view);
  if (one.end && one.id === view.data.id && view.said !== one.id) {
    view.said = one.id;
    view.send(one.id);
  }
}

function make(root) {
  const view = { root, find: selector => root.querySelector(selector), stop: () => {}, stopBefore: () => {}, due: 0, said: '', tiles: [] };
  view.watch = new ResizeObserver(() => { if (view.data) soon(view); });
  view.watch.observe(root);
  return view;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector('.stage');
  if (!root || !data) return;
  const view = root.view ??= make(root);
  const isOther = view.data?.id !== data.id, isOtherBefore = view.data?.before !== data.before;
  const hasOthers = view.data?.watched.png !== data.watched.png;
  view.data = data;
  view.send = id => setTriggerValue('ended', id);
  if (hasOthers) makeTiles(view);
  if (isOther) {
    view.stop();
    view.said = data.is_known ? data.id : ''; // the page has shown a try that had ended before it came here
    view.stop = follow(data.id, one => tellEnd(view, one));
  }
  if (isOtherBefore) {
    view.stopBefore();
    view.stopBefore = data.before ? follow(data.before, () => soon(view)) : () => {};
  }
  soon(view);
  return () => { if (!root.isConnected) { view.stop(); view.stopBefore(); view.watch.disconnect(); } };
}
