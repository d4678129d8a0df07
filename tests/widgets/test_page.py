"""The studio's own page, without a browser: where it is served."""

import socket

import pytest

from minisora.cli import main
from minisora.errors import SettingError
from minisora.widgets.page import FOLDER, HOST, check_port, page_arguments


def test_a_port_in_use_is_refused_and_a_free_one_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as door:
        door.bind((HOST, 0))
        door.listen()
        port = door.getsockname()[1]
        with pytest.raises(SettingError, match=rf"Port {port} is in use.* Use --port \d+"):
            check_port(port)
        assert main(["studio", "--no-browser", "--port", str(port)]) == 2
    assert "The studio is at" not in capsys.readouterr().out
    check_port(port)


@pytest.mark.parametrize("port", [-1, 0, 2**16])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(SettingError, match="Use --port 8866"):
        check_port(port)


def test_it_is_served_to_this_computer_alone() -> None:
    arguments = page_arguments(8866, "dark", browser=False)
    assert f"--Voila.ip={HOST}" in arguments
    assert HOST == "127.0.0.1"
    assert "--no-browser" in arguments
    assert "--theme=dark" in arguments
    assert (FOLDER / "minisora.ipynb").exists()
