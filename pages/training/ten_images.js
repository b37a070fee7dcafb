// Ten images with the network's present guess for each. A tile turns over when its guess changes.
function makeTiles(root, data) {
  const list = root.querySelector('ol');
  root.dataset.png = data.png;
  list.style.setProperty('--ten', `url(${data.png})`);
  list.style.setProperty('--size', `${100 * data.labels.length}%`);
  list.replaceChildren(...data.labels.map((_, i) => {
    const tile = document.createElement('li'), button = document.createElement('button');
    const picture = document.createElement('i'), guess = document.createElement('b');
    button.type = 'button';
    button.tabIndex = i ? -1 : 0;
    picture.style.backgroundPosition = `${100 * i / Math.max(data.labels.length - 1, 1)}% 0`;
    button.append(picture, guess);
    tile.append(button);
    return tile;
  }));
  return [...list.querySelectorAll('button')];
}

function showTile(button, data, i, before) {
  const label = data.labels[i], guess = data.guesses?.[i], isKnown = guess !== undefined;
  const isOwn = label === null, isRight = isOwn || guess === label;
  const what = isOwn ? 'Your drawing' : data.names[label];
  const read = !isKnown ? 'not read yet' : isOwn ? `read as ${data.names[guess]}`
    : isRight ? 'read correctly' : `misread as ${data.names[guess]}`;
  button.lastChild.textContent = isKnown ? data.names[guess] : '–';
  button.title = `${what}: ${read}`;
  button.setAttribute('aria-label', button.title);
  button.setAttribute('aria-pressed', i === data.chosen);
  button.dataset.guess = isKnown ? guess : '';
  const hasTurned = isKnown && before !== undefined && before !== guess;
  button.className = [isKnown && !isRight ? 'wrong' : '', hasTurned ? 'turned' : ''].join(' ').trim();
}

function countWords(data) {
  if (!data.guesses) return 'Not read yet';
  const judged = data.labels.filter(label => label !== null).length;
  const right = data.labels.filter((label, i) => label !== null && data.guesses[i] === label).length;
  return `${right} of ${judged} right`;
}

// One stop for the Tab key; arrows move between the tiles.
function keys(list, buttons) {
  list.onkeydown = event => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const next = buttons[buttons.indexOf(event.target) + step];
    if (!next) return;
    event.preventDefault();
    buttons.forEach(button => { button.tabIndex = button === next ? 0 : -1; });
    next.focus();
  };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector('.ten');
  if (!root || !data) return;
  if (root.dataset.png !== data.png) {
    root.buttons = makeTiles(root, data);
    keys(root.querySelector('ol'), root.buttons);
    root.before = undefined;
  }
  const before = root.run === data.run ? root.before : undefined;
  root.classList.toggle('named', data.names.some(name => name.length > 2));
  root.querySelector('.count').textContent = countWords(data);
  root.querySelector('.which').textContent = data.which;
  root.buttons.forEach((button, i) => {
    showTile(button, data, i, before?.[i]);
    button.onclick = () => setTriggerValue('picked', i);
  });
  root.run = data.run;
  root.before = data.guesses ?? undefined;
}
