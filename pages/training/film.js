// Plays the snapshots of a run: all frames are here, so that no frame waits for the server.
const FRAME_MS = 400;

function table(element, frame, classes) {
  const most = Math.max(1, ...frame.confusion.flatMap((row, i) => row.filter((_, j) => i !== j)));
  const cell = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const head = document.createElement('tr');
  head.append(cell('th', ''), ...classes.map(name => cell('th', name)));
  const rows = frame.confusion.map((row, i) => {
    const line = document.createElement('tr');
    line.append(cell('th', classes[i]), ...row.map((count, j) => {
      const made = cell('td', count || '');
      if (i === j) made.className = 'right';
      else made.style.setProperty('--share', count / most);
      return made;
    }));
    return line;
  });
  element.replaceChildren(head, ...rows);
}

function curve(svg, frames, position) {
  const x = i => frames.length > 1 ? 10 + 380 * i / (frames.length - 1) : 200, y = frame => 90 - 80 * frame.accuracy;
  const line = `<polyline points="${frames.map((frame, i) => `${x(i)},${y(frame)}`).join(' ')}"/>`;
  const dots = frames.map((frame, i) => `<circle cx="${x(i)}" cy="${y(frame)}" r="${i === position ? 7 : 3}"
    class="${i === position ? 'now' : ''}"/>`).join('');
  svg.innerHTML = `<line x1="0" y1="90" x2="400" y2="90"/><line x1="0" y1="10" x2="400" y2="10"/>${line}${dots}`;
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const root = parentElement.querySelector('.film'), find = name => root.querySelector(name);
  const frames = data.frames, slider = find('input'), play = find('button');
  slider.max = frames.length - 1;
  if (root.dataset.run !== data.run) {
    root.dataset.run = data.run;
    slider.value = Math.max(0, frames.findIndex(frame => frame.epochs === data.shown));
  }
  const show = () => {
    const position = Number(slider.value), frame = frames[position];
    const words = `After ${frame.epochs.toLocaleString('en')} ${frame.epochs === 1 ? 'epoch' : 'epochs'}`;
    find('output').textContent = `${words}: ${(100 * frame.accuracy).toFixed(2)} % of ${data.which} read correctly`;
    slider.setAttribute('aria-valuetext', words);
    root.dataset.epochs = frame.epochs;
    find('img').src = frame.kernels;
    table(find('table'), frame, data.classes);
    curve(find('svg'), frames, position);
  };
  const keep = () => setStateValue('epochs', frames[slider.value].epochs);
  const stop = () => { clearInterval(root.timer); root.timer = undefined; play.textContent = '▶ Play'; };
  play.onclick = () => {
    if (root.timer) { stop(); keep(); return; }
    if (Number(slider.value) === frames.length - 1) slider.value = 0;
    play.textContent = '❚❚ Pause';
    show();
    root.timer = setInterval(() => {
      slider.value = Number(slider.value) + 1;
      show();
      if (Number(slider.value) >= frames.length - 1) { stop(); keep(); }
    }, FRAME_MS);
  };
  slider.oninput = () => { stop(); show(); };
  slider.onchange = keep;
  show();
  return () => { if (!root.isConnected) clearInterval(root.timer); };
}
