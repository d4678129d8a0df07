"""A real browser on a real JupyterLab and on the studio's own page; screenshots are kept in outputs/screenshots."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import nbformat
import pytest

from minisora.widgets.page import BROWSER_SWITCHES, find_browser, page_running
from tests.browser.studio_page import PATIENCE as STUDIO_PATIENCE
from tests.browser.studio_page import StudioPage

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "outputs" / "screenshots"
PATIENCE = 180.0  # seconds for a server to answer
LOCAL = re.compile(r"^(data|blob|about|chrome-extension|(http|ws)s?://127\.0\.0\.1)[:/]")
# Chromium's own complaints about a page that is fine.
HARMLESS = re.compile(r"favicon|ResizeObserver loop|Permissions policy")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, driven by playwright."""
    path = find_browser()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        missing = "No Chromium, or no playwright. Run: make install, and on Debian apt-get install chromium."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=BROWSER_SWITCHES)
        yield chromium
        chromium.close()


@dataclass
class Watch:
    """A page, and all that went wrong on it."""

    page: Any
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen."""
        self.page.on("console", lambda message: message.type == "error" and self._error(message.text))
        self.page.on("pageerror", lambda error: self._error(str(error)))
        self.page.on("request", lambda request: LOCAL.match(request.url) or self.outside.append(request.url))

    def _error(self, text: str) -> None:
        if not HARMLESS.search(text):
            self.errors.append(text)

    def shot(self, name: str) -> Path:
        """Keep a picture of the page."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        path = SHOTS / f"{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def served(command: list[str], url: str, folder: Path, **variables: str) -> Iterator[None]:
    """Run a server until it answers, and end it afterwards."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path[1:]]), **variables}
    log = folder / "server.log"
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=file)
    try:
        end = time.monotonic() + PATIENCE
        while not answers(url):
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"{command} did not answer at {url}:\n{log.read_text()[-3000:]}")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def answers(url: str) -> bool:
    """Whether a server answers."""
    try:
        with urlopen(url, timeout=5) as reply:  # noqa: S310 - our own
            return bool(reply.status == 200)
    except OSError:
        return False


# --- the two hosts ----------------------------------------------------------------------------------------------------

CELLS = {
    "studio": """
        from minisora import TextToVideoPipeline
        from minisora.widgets import PromptStudio
        pipe = TextToVideoPipeline.from_pretrained("nano")
        studio = PromptStudio(pipe)
        studio""",
    "others": """
        from minisora import TextToVideoPipeline
        from minisora.widgets import Compare, Player
        pipe = TextToVideoPipeline.from_pretrained("nano")
        compare = Compare(pipe)
        compare""",
}
PLAYERS = """
        from IPython.display import display
        for seed in (0, 1):
            display(Player(pipe("a large yellow star spinning", seed=seed)))"""
OTHERS = """
        from minisora.widgets import DenoiseScrubber, Timeline
        display(Timeline(pipe))
        display(DenoiseScrubber(pipe))"""

OPEN = """async (wait) => {
  const app = window.jupyterapp;
  await app.restored;
  let panel = null;
  while (!panel) {
    panel = [...app.shell.widgets("main")].find((widget) => widget.context?.path?.endsWith(".ipynb"));
    await new Promise((done) => setTimeout(done, 100));
  }
  app.shell.activateById(panel.id);
  await panel.context.ready;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
  await app.commands.execute("application:toggle-left-area").catch(() => {});
  const run = app.commands.execute("notebook:run-all-cells");
  if (wait) await run;
}"""


def write_notebook(path: Path, *cells: str) -> None:
    """A notebook of a few cells."""
    from textwrap import dedent

    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(dedent(cell).strip()) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, path)


@contextmanager
def lab_running(theme: str, folder: Path) -> Iterator[str]:
    """A JupyterLab of its own: its address, but for the notebook's name."""
    write_notebook(folder / "studio.ipynb", CELLS["studio"])
    write_notebook(folder / "others.ipynb", CELLS["others"], PLAYERS, OTHERS)
    settings = folder / ".settings" / "@jupyterlab"
    for name, values in {
        "notebook-extension/tracker": {"windowingMode": "none"},
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "apputils-extension/themes": {"theme": f"JupyterLab {theme.capitalize()}"},
    }.items():
        path = settings / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    port, token = free_port(), "t"
    command = [
        sys.executable, "-m", "jupyterlab", "--allow-root", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    variables = {
        name: str(folder / f".{name.lower()}") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    }
    variables |= {"JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"), "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".w")}
    with served(command, f"http://127.0.0.1:{port}/api/status?token={token}", folder, **variables):
        yield f"http://127.0.0.1:{port}/lab/tree/{{}}?token={token}&reset"


@pytest.fixture(scope="session")
def light_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab in its light theme."""
    with lab_running("light", tmp_path_factory.mktemp("light")) as address:
        yield address


@pytest.fixture(scope="session")
def dark_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab in its dark theme."""
    with lab_running("dark", tmp_path_factory.mktemp("dark")) as address:
        yield address


@pytest.fixture(scope="session")
def own_page() -> Iterator[str]:
    """The studio's own page: its address."""
    with page_running() as address:
        yield address


def open_page(browser: Any, width: int = 1280) -> Iterator[Watch]:
    """A fresh page, closed afterwards; what went wrong on it fails the test that used it last."""
    context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
    context.set_default_timeout(STUDIO_PATIENCE)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    watch = Watch(context.new_page())
    yield watch
    context.close()
    assert watch.errors == []
    assert watch.outside == []


def open_notebook(browser: Any, address: str, name: str, wait: bool = True) -> Iterator[Watch]:
    """A notebook, opened and run; `wait` for its last cell, unless that goes on until somebody stops it."""
    for watch in open_page(browser):
        watch.page.goto(address.format(name))
        watch.page.wait_for_function("() => window.jupyterapp")
        watch.page.evaluate(OPEN, wait)
        yield watch


@pytest.fixture(scope="module")
def studio_in_light_lab(browser: Any, light_lab: str) -> Iterator[StudioPage]:
    """The studio in a notebook."""
    for watch in open_notebook(browser, light_lab, "studio.ipynb"):
        yield StudioPage(watch, "lab-light")


@pytest.fixture(scope="module")
def studio_in_dark_lab(browser: Any, dark_lab: str) -> Iterator[StudioPage]:
    """The studio in a notebook, white on black."""
    for watch in open_notebook(browser, dark_lab, "studio.ipynb"):
        yield StudioPage(watch, "lab-dark")


@pytest.fixture(scope="module")
def studio_alone(browser: Any, own_page: str) -> Iterator[StudioPage]:
    """The studio on its own page."""
    for watch in open_page(browser):
        watch.page.goto(own_page)
        yield StudioPage(watch, "page")


@pytest.fixture(scope="session")
def others(browser: Any, dark_lab: str) -> Iterator[Watch]:
    """The other widgets, all in one notebook."""
    yield from open_notebook(browser, dark_lab, "others.ipynb")
