"""Windows: one goes on from another, and a long plan is a small one."""

from itertools import pairwise

from minisora.pipeline.canvas import make_canvas
from minisora.pipeline.prompts import Segment
from minisora.pipeline.settings import Settings
from minisora.pipeline.windows import plan_windows


def test_the_windows_of_a_quarter_of_an_hour_share_their_schedules() -> None:
    settings = Settings(num_frames=7201, height=16, width=16)
    windows = plan_windows(make_canvas([], 1, settings), [Segment(("a star",), 7201)], settings)
    assert len(windows) == 899
    assert [window.have for window in windows[1:]] == [window.end for window in windows[:-1]]
    assert len({id(window.schedule) for window in windows}) == 2  # the first, and all that go on from another
    assert all(one.first <= other.first for one, other in pairwise(windows))
