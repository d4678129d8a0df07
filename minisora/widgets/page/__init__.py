"""The studio as a page of its own: a notebook that voila shows, with a page that asks nothing of the internet.

`minisora studio` (or `make studio`) starts it on this computer alone.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from minisora.errors import OutputError

__all__ = ["HOST", "find_browser", "page_arguments", "page_running", "serve_page"]

FOLDER = Path(__file__).parent
HOST = "127.0.0.1"
ANSWERS = "voila/static/voila.js"  # a file that is served as soon as the page is
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def page_arguments(port: int, theme: str, browser: bool) -> list[str]:
    """What voila is started with.

    Args:
        port: of the page.
        theme: "light" or "dark".
        browser: open it.
    Returns:
        Its arguments.
    """
    return [
        str(FOLDER / "minisora.ipynb"),
        f"--Voila.ip={HOST}",
        f"--port={port}",
        "--template=minisora",
        f"--theme={theme}",
        "--show_tracebacks=True",
        *([] if browser else ["--no-browser"]),
    ]


def serve_page(port: int = 8866, theme: str = "light", model: str = "nano", browser: bool = True) -> None:
    """Serve the studio until Ctrl-C.

    Args:
        port, theme: see above.
        model: a shipped name, a folder or a hub id.
        browser: see above.
    """
    paths = [str(FOLDER), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(paths)  # where voila looks for the template
    os.environ["MINISORA_MODEL"] = model
    from voila.app import Voila

    Voila.launch_instance(argv=page_arguments(port, theme, browser))


@contextmanager
def page_running(theme: str = "light", patience: float = 180.0) -> Iterator[str]:
    """The page in a process of its own, while it is needed: for tests, benchmarks and recordings.

    Args:
        theme: "light" or "dark".
        patience: seconds for it to start.
    Yields:
        Its address.
    Raises:
        OutputError: it did not start; the message has the end of what it said.
    """
    with socket.socket() as door:
        door.bind((HOST, 0))
        port = door.getsockname()[1]
    command = [sys.executable, "-m", "minisora.cli", "studio", "--no-browser", "--theme", theme, "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "page.log"
        with log.open("w") as file:
            process = subprocess.Popen(command, stdout=file, stderr=file, env=environment)  # noqa: S603 - our own
        try:
            address, end = f"http://{HOST}:{port}/", time.monotonic() + patience
            while not _answers(address + ANSWERS):
                if process.poll() is not None or time.monotonic() > end:
                    raise OutputError(f"The page did not start: {log.read_text()[-1000:]}")
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def find_browser() -> str | None:
    """Chromium or one of its family: $MINISORA_BROWSER, or what there is.

    Returns:
        The program's path; None where there is none.
    """
    named = os.environ.get("MINISORA_BROWSER")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as reply:  # noqa: S310 - our own
            return bool(reply.status == 200)
    except (URLError, OSError):
        return False
