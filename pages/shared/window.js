// What concerns the whole window, which Streamlit has no word for.
let closed = 0;

// Charts are as wide as the window, so paper shows the window's layout, made smaller as a whole.
const PAPER_PX = 700; // A4 and Letter less their margins, at 96 pixels an inch
addEventListener('beforeprint', () => {
  const page = document.querySelector('[data-testid=stMainBlockContainer]');
  const { clientWidth, style } = page;
  style.setProperty('--window-width', `${clientWidth}px`);
  style.setProperty('--paper-zoom', Math.min(1, PAPER_PX / clientWidth));
  const app = document.querySelector('[data-testid=stApp]');
  document.documentElement.toggleAttribute('data-dark', getComputedStyle(app).colorScheme === 'dark');
});

export default function ({ data }) {
  // Each number closes the sidebar once, and only where it lies over the page.
  if (data.close_sidebar > closed && matchMedia('(max-width: 768px)').matches) {
    document.querySelector('[data-testid=stSidebarCollapseButton] button')?.click();
  }
  closed = data.close_sidebar;
}
