// What is known of each try, filled by its event stream. `GET /tries/<id>/events` says what comes.
const told = new Map(), MOST_KEPT = 120;

function unheard(id) {
  return { id, images: 0, epochs_planned: 0, points: [], epochs: [], guesses: null, state: 'queued', place: null, words: '', end: null };
}

function forgetOldest() {
  for (const id of told.keys()) { if (told.size <= MOST_KEPT) return; told.delete(id); }
}

// Opens the stream of a try, unless all is known already; calls `changed` after each event. Returns what ends it.
function follow(id, changed) {
  const known = told.get(id);
  if (known?.end) return () => {};
  const stream = new EventSource(new URL(`tries/${encodeURIComponent(id)}/events`, document.baseURI).href);
  let one = known ?? unheard(id);
  told.set(id, one);
  forgetOldest();
  const on = (name, take) => stream.addEventListener(name, event => { take(JSON.parse(event.data)); changed(one); });
  on('start', data => {
    one = { ...unheard(id), images: data.images, epochs_planned: data.epochs };
    told.set(id, one);
  });
  on('state', data => { Object.assign(one, data); });
  on('points', data => {
    one.state = 'running';
    one.points.push(...data.points);
    one.epochs.push(...data.epochs);
    one.guesses = data.guesses ?? one.guesses;
  });
  on('end', data => {
    one.guesses = data.digits?.guesses ?? one.guesses;
    Object.assign(one, { end: data, state: data.state, words: data.words });
    stream.close();
  });
  on('gone', data => {
    Object.assign(one, { end: { ...data, accuracy: null }, state: 'gone', words: data.words });
    stream.close();
  });
  // A stream that was refused is closed at once; one that broke off connects again by itself.
  stream.onerror = () => {
    if (stream.readyState !== EventSource.CLOSED) return;
    Object.assign(one, { end: { accuracy: null }, state: 'gone', words: 'This try cannot be read right now. Reload the page.' });
    told.delete(id);
    changed(one);
  };
  return () => stream.close();
}
