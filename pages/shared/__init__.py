"""What several pages need, and the conventions for everybody who writes a page.

A page is a package ``pages/<page>/``: ``page.py`` reads top to bottom like a table of contents,
its parts lie beside it. It is entered in ``pages/places.py``; it imports no other page. No arithmetic, no SQL: they
belong into mnist_core. What a second page needs moves here.

Head
    ``page.head(places.DATASET)`` comes first.
Data, store and engine
    ``resources.dataset()``, ``resources.store()``, ``resources.engine()``: loaded once per server, shared by all
    sessions, never changed by a page. What is costly and depends on arguments goes behind ``@st.cache_data`` with small
    hashable arguments (a run's id, a split's name), with ``show_spinner=False`` where it takes less than a second.
Asking for work
    ``asking.submit("start", config)``, or ``asking.ask(...)`` for anything else that engine or store may refuse;
    ``asking.say_why_not("start")`` where the answer belongs. No page catches their errors itself.
Choosing a run
    ``run_picker.choose("evaluation", among=...)`` shows the selector of runs and returns the chosen run, or None if
    there is none to choose; the page then says what to do. It is bound to ``?run=...`` in the address bar.
Address bar
    It always holds the page's state. A widget of few options does it by itself:
    ``permalink.check("split", ("train", "test"))`` and then
    ``st.segmented_control("Images", ("train", "test"), default="train", key="split", bind="query-params",
    persist_state="session")``: the check says so when somebody edited the value by hand. State that is no single widget
    goes through ``permalink.enter`` and ``permalink.write``.
Figures
    Pure functions in ``mnist_core/figures``, which end in ``theme.style(figure, height=..., x=..., y=...)``:
    transparent, colours of ``theme.CATEGORICAL``, readable in light and dark. Shown by
    ``st.plotly_chart(figure, width="stretch", key=..., alt="what it shows, in words")``.
Images of digits
    ``mosaic.show(mosaic_png, alt="...")`` with a PNG of ``mnist_core.figures.mosaic``: crisp pixels, words for those
    who cannot see them. Never ``st.image``, which blurs them.
Live parts
    A fragment with ``run_every`` only while there is something to follow (see ``run_view``), and a chart by
    ``live_chart.show`` of the panels of ``mnist_core.figures.live``; ``st.plotly_chart`` would lose the zoom at each
    update.
Links to other pages
    ``st.page_link(TRAINING.path, label=..., query_params={"run": run.id})``, the page from ``pages/places.py``.
Every page
    says on an empty store what to do next, works by keyboard and at 400 pixels, and shows failures in words.
Tests
    ``tests/app`` (AppTest, fixture ``show_page``) in every state, asserting values; ``tests/browser`` (fixtures
    ``server`` and ``open_page``) for what only a browser can show.
"""
