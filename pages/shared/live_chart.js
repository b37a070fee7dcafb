// Draws panels of curves with Plotly.react, which keeps the node, and so zoom, hover and legend, between updates.
let loading;
function plotly(address) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = new URL(address, document.baseURI).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => { loading = undefined; reject(new Error('Plotly could not be loaded')); };
    document.head.appendChild(script);
  });
  return loading;
}

function theme(element) {
  const style = getComputedStyle(element);
  const read = name => style.getPropertyValue(name).trim();
  const colours = read('--st-chart-categorical-colors').split(',').map(colour => colour.trim());
  return { colours, text: read('--st-text-color'), grid: read('--st-border-color'), font: read('--st-font'),
           paper: read('--st-background-color'), quiet: colours[6] };
}

function line(series, look) {
  const colours = look.colours;
  switch (series.role) {
    case 'training': return { color: colours[0], width: 2 };
    case 'validation': return { color: colours[1], width: 2 };
    case 'published': return { color: look.quiet };
    case 'other': return { color: colours[2 + series.number % 4], width: 1.5, dash: 'dash' };
    default: return { color: colours[series.number % colours.length], width: 2 };
  }
}

function trace(series, look) {
  const few = series.points <= 30;
  const mode = series.role === 'published' ? 'markers' : few ? 'lines+markers' : 'lines';
  const symbol = series.role === 'published' ? 'diamond-open' : 'circle';
  // Not clipped, so that a dot on an axis is a whole dot.
  return { type: 'scatter', mode, cliponaxis: mode === 'lines', marker: { size: series.points > 1 ? 6 : 9, symbol },
           name: series.name, x: series.x, y: series.y, line: line(series, look),
           hovertemplate: series.role === 'published' ? '%{y:.4f}' : '%{y:.5g}' };
}

function layout(panel, run, look, height) {
  const isEmpty = !panel.is_drawable;
  const hasPoints = panel.series.some(series => series.points > 0);
  const view = panel.first_view;
  const axis = { gridcolor: look.grid, zeroline: false, linecolor: look.grid, automargin: true, fixedrange: false };
  return {
    height, margin: { l: 8, r: 8, t: 34, b: 8 }, hovermode: 'x unified', showlegend: panel.series.length > 1,
    // A change of scale starts from a fresh range; otherwise whatever the visitor zoomed to stays.
    uirevision: run + panel.log, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
    font: { color: look.text, family: look.font, size: 13 },
    title: { text: panel.title, x: 0, xref: 'paper', y: 1, yref: 'container', yanchor: 'top', pad: { t: 6 }, font: { size: 15 } },
    hoverlabel: { bgcolor: look.paper, font: { color: look.text } },
    // Below the chart, where it may grow by lines without covering the title.
    legend: { orientation: 'h', x: 0, y: 0, yref: 'container', yanchor: 'bottom', font: { size: 12 } },
    xaxis: { ...axis, title: { text: 'Epoch', font: { size: 12 } }, rangemode: 'tozero', visible: !isEmpty,
             ...(view ? { range: view.x } : {}) },
    yaxis: { ...axis, type: panel.log ? 'log' : 'linear', exponentformat: 'power', visible: !isEmpty,
             ...(panel.log ? { tickmode: 'array', tickvals: panel.ticks[0], ticktext: panel.ticks[1] } : { nticks: 7 }), rangemode: panel.from_zero ? 'tozero' : 'normal', ...(view ? { range: view.y } : {}) },
    annotations: isEmpty ? [{ text: hasPoints ? 'No value is a finite number' : 'Waiting for the first values', showarrow: false, x: 0.5, y: 0.5,
                              xref: 'paper', yref: 'paper', font: { size: 14, color: look.quiet } }] : [],
  };
}

function label(panel) {
  const [first] = panel.series;
  return `${panel.title} by epoch, ${first ? first.points : 0} points: ${panel.series.map(s => s.name).join(', ')}`;
}

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector('.panels');
  root.style.minHeight = `${data.height}px`; // so that nothing jumps when the library has arrived
  plotly(data.plotly).then(Plotly => {
    const look = theme(root);
    while (root.children.length > data.panels.length) { Plotly.purge(root.lastChild); root.lastChild.remove(); }
    while (root.children.length < data.panels.length) root.appendChild(document.createElement('div')).className = 'panel';
    data.panels.forEach((panel, index) => {
      const element = root.children[index];
      element.setAttribute('role', 'group'); // not img: its tools can be reached by keyboard
      element.setAttribute('aria-label', label(panel));
      element.dataset.points = panel.series[0]?.points ?? 0;
      Plotly.react(element, panel.series.map(series => trace(series, look)), layout(panel, data.run, look, data.height),
        { responsive: true, displaylogo: false, modeBarButtons: [['toImage', 'zoom2d', 'pan2d', 'resetScale2d']] });
    });
  }).catch(() => { root.textContent = 'The chart library could not be loaded. Reload the page.'; });
  return () => { if (!root.isConnected && window.Plotly) [...root.children].forEach(child => window.Plotly.purge(child)); };
}
