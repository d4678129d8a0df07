"""A widget lives as long as somebody looks at it, and a little longer."""

import threading

from minisora.widgets.lifetime import Lifetime


def test_it_ends_some_time_after_the_last_view() -> None:
    left, over = threading.Event(), threading.Event()
    lifetime = Lifetime(left.set, over.set, linger=0.05)
    lifetime.seen()
    lifetime.seen()
    lifetime.unseen()
    assert not left.is_set()
    lifetime.unseen()
    assert left.is_set()
    assert over.wait(5)


def test_who_comes_back_in_time_finds_it() -> None:
    over = threading.Event()
    lifetime = Lifetime(lambda: None, over.set, linger=0.2)
    lifetime.seen()
    lifetime.unseen()
    lifetime.seen()
    assert not over.wait(0.5)
