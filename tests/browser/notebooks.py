"""Further notebooks for a JupyterLab that runs already."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import dedent
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import nbformat

from tests.browser.conftest import Watch, open_notebook

PIPE = """
    from IPython.display import display
    from minisora import TextToVideoPipeline
    pipe = TextToVideoPipeline.from_pretrained("nano")"""
HOSTILE = '<img src=x onerror="window.hurt=1">'


def put_notebook(address: str, name: str, *cells: str) -> None:
    """Write a notebook into the folder of a JupyterLab.

    Args:
        address: of the lab, with its token, as `lab_running` gives it.
        name: of the notebook.
        *cells: of code.
    """
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(dedent(cell).strip()) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    parts = urlsplit(address)
    url = f"{parts.scheme}://{parts.netloc}/api/contents/{name}"
    headers = {"Authorization": f"token {parse_qs(parts.query)['token'][0]}", "Content-Type": "application/json"}
    body = json.dumps({"type": "notebook", "format": "json", "content": book}).encode()
    with urlopen(Request(url, body, headers, method="PUT"), timeout=60) as reply:  # noqa: S310 - our own
        assert reply.status in (200, 201)


@contextmanager
def notebook_open(browser: Any, address: str, name: str, *cells: str, wait: bool = True) -> Iterator[Watch]:
    """A page with a notebook of these cells, run; what went wrong on it fails whoever used it last.

    Args:
        browser: that opens it.
        address: of the lab.
        name: of the notebook.
        *cells: of code.
        wait: for the last cell to end.
    Yields:
        The page.
    """
    put_notebook(address, name, *cells)
    pages = open_notebook(browser, address, name, wait)
    yield next(pages)
    assert next(pages, None) is None
