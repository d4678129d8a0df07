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

from minisora.errors import OutputError, SettingError

__all__ = ["BROWSER_SWITCHES", "HOST", "check_port", "find_browser", "page_arguments", "page_running", "serve_page"]

FOLDER = Path(__file__).parent
HOST = "127.0.0.1"
ANSWERS = "voila/static/voila.js"  # a file that is served as soon as the page is
MOST_PORT = 2**16
RETRIES = 100  # ports that are looked at for one to propose
BROWSER_SWITCHES = (  # for Chromium without a screen, in a container, asking nothing of the internet by itself
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
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


def check_port(port: int) -> None:
    """Refuse a port that the page cannot have, so that it is where it was said to be.

    Args:
        port: of the page.
    Raises:
        SettingError: it is no port, or in use; the message names one that is not.
    """
    if not 0 < port < MOST_PORT:
        raise SettingError(f"port={port}, but ports lie from 1 to {MOST_PORT - 1}. Use --port 8866.")
    if not _is_free(port):
        near = next(filter(_is_free, range(port + 1, min(port + RETRIES, MOST_PORT))), 8866)
        raise SettingError(f"Port {port} is in use on this computer. Use --port {near}.")


def serve_page(
    port: int = 8866, theme: str = "light", model: str = "nano", browser: bool = True, policy: str = "default"
) -> None:
    """Serve the studio until Ctrl-C.

    Args:
        port, theme: see above.
        model: a shipped name, a folder or a hub id.
        browser: see above.
        policy: rules for sentences: a shipped name, a YAML, or "none".
    Raises:
        SettingError: the port cannot be had.
    """
    check_port(port)
    paths = [str(FOLDER), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(paths)  # where voila looks for the template
    os.environ["MINISORA_MODEL"] = model
    os.environ["MINISORA_POLICY"] = policy if policy in ("default", "none") else str(Path(policy).absolute())
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


def _is_free(port: int) -> bool:
    with socket.socket() as door:
        if os.name == "posix":  # a page that ended a moment ago does not count; elsewhere this would mean another thing
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except OSError:
            return False
    return True


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as reply:  # noqa: S310 - our own
            return bool(reply.status == 200)
    except (URLError, OSError):
        return False
