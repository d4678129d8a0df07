"""A widget lives as long as somebody looks at it, and a good while longer."""

import threading

import pytest

from minisora.widgets.lifetime import LINGER, Lifetime


class Room:
    """Views, and what becomes of the widget that they show."""

    def __init__(self, grace: float = 0.05, linger: float = 0.05) -> None:
        self.left, self.over = threading.Event(), threading.Event()
        self.views: set[str] = set()
        self.lifetime = Lifetime(self.ask, self.left.set, self.over.set, grace, linger)

    def ask(self) -> None:
        for _ in self.views:
            self.lifetime.seen()

    def open(self, name: str) -> None:
        self.views.add(name)
        self.lifetime.seen()

    def close(self, name: str) -> None:
        self.views.remove(name)
        self.lifetime.unseen()


@pytest.fixture
def room() -> Room:
    return Room()


def test_it_ends_some_time_after_the_last_view(room: Room) -> None:
    room.open("one")
    room.open("other")
    room.close("one")
    assert not room.left.wait(0.2)
    room.close("other")
    assert room.left.wait(5)
    assert room.over.wait(5)


def test_who_comes_back_in_a_moment_finds_it_at_work() -> None:
    room = Room(grace=0.2)
    room.open("one")
    room.close("one")
    room.open("one")
    assert not room.left.wait(0.5)


def test_who_comes_back_later_finds_all_that_was_made() -> None:
    room = Room(linger=0.3)
    room.open("one")
    room.close("one")
    assert room.left.wait(5)
    room.open("one")
    assert not room.over.wait(0.6)
    assert LINGER >= 3600


def test_a_page_that_said_no_goodbye_does_not_keep_it_for_ever(room: Room) -> None:
    room.open("before the page was loaded anew")
    room.views.clear()
    room.open("after")
    room.close("after")
    assert room.over.wait(5)
