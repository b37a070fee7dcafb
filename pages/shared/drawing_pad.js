// A pad to draw one sign on: pen, finger and mouse; by keyboard arrows move the pen and the space bar lowers it.
const SIDE = 280, MOST_NUMBERS = 40000, STEP = 10;
// The pen's thickness follows the drawing's size: the same three numbers as in mnist_core/data/strokes.py.
const SHARE = 0.11, THINNEST = 9, THICKEST = 22;

const clamp = value => Math.min(Math.max(Math.round(value), 0), SIDE);
const count = strokes => strokes.reduce((sum, stroke) => sum + stroke.length, 0);

function penWidth(strokes) {
  let extent = 0;
  for (const axis of [0, 1]) {
    let low = Infinity, high = -Infinity;
    for (const stroke of strokes) {
      for (let i = axis; i < stroke.length; i += 2) { low = Math.min(low, stroke[i]); high = Math.max(high, stroke[i]); }
    }
    extent = Math.max(extent, high - low);
  }
  return Math.min(Math.max(SHARE * extent, THINNEST), THICKEST);
}

function paint(pad) {
  const ink = pad.canvas.getContext('2d');
  ink.fillStyle = '#000';
  ink.fillRect(0, 0, SIDE, SIDE);
  ink.strokeStyle = '#fff';
  ink.lineCap = ink.lineJoin = 'round';
  ink.lineWidth = penWidth(pad.strokes);
  ink.filter = 'blur(1px)';
  for (const stroke of pad.strokes) {
    ink.beginPath();
    ink.moveTo(stroke[0], stroke[1]);
    // A line to where it starts is a dot.
    ink.lineTo(stroke[0], stroke[1]);
    for (let i = 2; i < stroke.length; i += 2) ink.lineTo(stroke[i], stroke[i + 1]);
    ink.stroke();
  }
  ink.filter = 'none';
  if (pad.cursor) {
    ink.strokeStyle = pad.current ? '#e69f00' : '#56b4e9';
    ink.lineWidth = 2;
    ink.strokeRect(pad.cursor[0] - 5, pad.cursor[1] - 5, 10, 10);
  }
  pad.undo.disabled = !pad.history.length;
  pad.clear.disabled = !pad.strokes.length;
  pad.hint.hidden = pad.strokes.length > 0 || pad.cursor !== null;
}

function add(pad, x, y) {
  const stroke = pad.current, last = stroke.length - 2;
  const point = [clamp(x), clamp(y)];
  if (last >= 0 && stroke[last] === point[0] && stroke[last + 1] === point[1]) return;
  if (count(pad.strokes) < MOST_NUMBERS) stroke.push(...point);
}

function begin(pad, x, y) {
  pad.history.push(pad.strokes);
  pad.current = [];
  pad.strokes = [...pad.strokes, pad.current];
  add(pad, x, y);
}

function end(pad) {
  if (!pad.current) return;
  pad.current = null;
  pad.send();
}

function change(pad, strokes) {
  pad.current = null;
  pad.strokes = strokes;
  paint(pad);
  pad.send();
}

function undo(pad) { if (pad.history.length) change(pad, pad.history.pop()); }

function clear(pad) {
  if (!pad.strokes.length) return;
  pad.history.push(pad.strokes);
  change(pad, []);
}

function onKey(pad, event) {
  const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  const move = moves[event.key];
  if (move) {
    pad.cursor ??= [SIDE / 2, SIDE / 4];
    pad.cursor = [clamp(pad.cursor[0] + move[0]), clamp(pad.cursor[1] + move[1])];
    if (pad.current) add(pad, ...pad.cursor);
  } else if (event.key === ' ') {
    pad.cursor ??= [SIDE / 2, SIDE / 4];
    if (pad.current) end(pad); else begin(pad, ...pad.cursor);
  } else if (event.key === 'Backspace' || (event.key === 'z' && (event.ctrlKey || event.metaKey))) undo(pad);
  else if (event.key === 'Delete') clear(pad);
  else return;
  event.preventDefault();
  event.stopPropagation();
  paint(pad);
}

function listen(pad) {
  const canvas = pad.canvas;
  const at = event => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * SIDE / box.width, (event.clientY - box.top) * SIDE / box.height];
  };
  canvas.onpointerdown = event => {
    // A second finger, or another button of the mouse, does not draw.
    if (!event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    end(pad);
    pad.cursor = null;
    begin(pad, ...at(event));
    paint(pad);
  };
  canvas.onpointermove = event => {
    if (!pad.current || !event.isPrimary || pad.cursor) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const point of passed.length ? passed : [event]) add(pad, ...at(point));
    paint(pad);
  };
  canvas.onpointerup = canvas.onpointercancel = event => { if (event.isPrimary && !pad.cursor) end(pad); };
  canvas.onkeydown = event => onKey(pad, event);
  canvas.onblur = () => { end(pad); pad.cursor = null; paint(pad); };
  pad.undo.onclick = () => undo(pad);
  pad.clear.onclick = () => clear(pad);
}

export default function ({ data, parentElement, setStateValue }) {
  const canvas = parentElement.querySelector('canvas');
  if (!canvas) return;
  const send = () => setStateValue('strokes', canvas.pad.strokes);
  if (canvas.pad) {
    canvas.pad.send = send;
    return;
  }
  const [undoButton, clearButton] = parentElement.querySelectorAll('button');
  const strokes = data?.strokes ?? [];
  canvas.pad = {
    canvas, send, undo: undoButton, clear: clearButton, hint: parentElement.querySelector('.hint'),
    // What comes back from another page can be undone stroke by stroke.
    strokes, history: strokes.map((_, index) => strokes.slice(0, index)), current: null, cursor: null,
  };
  listen(canvas.pad);
  paint(canvas.pad);
}
