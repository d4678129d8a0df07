"""What a call gives: frames, and everything needed to grade them, save them and make them again."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import Tensor

import minisora
from minisora.errors import OutputError
from minisora.guards.marking import put_marks
from minisora.models.storage import file_hash
from minisora.pipeline.prompts import Segment
from minisora.pipeline.settings import Settings
from minisora.world import World

if TYPE_CHECKING:
    from minisora.pipeline.sampling import Order
    from minisora.world.grader import Grade

__all__ = ["Clips", "sidecar_path"]


@dataclass(frozen=True)
class Clips:
    """b clips.

    Attributes:
        frames: uint8 (b, f, h, w, 3), RGB.
        prompts: what was typed for each clip (the sentences of a storyboard, joined).
        segments: what the network read, and until which frame.
        seeds: one for each clip; seed k alone gives clip k.
        settings: the numbers of the call.
        world: whose words and grader count.
        record: what else the JSON beside a file says: checkpoint, negative prompt, conditions.
        unknown: for each clip one line for each word that the world does not know.
        layout: where the network placed everything before it drew a pixel, float32 (b, f, 4, j), see
            `minisora.world.layout`; None where it drew no layout, or where frames were put together afterwards.
    """

    frames: Tensor
    prompts: tuple[str, ...]
    segments: tuple[Segment, ...]
    seeds: tuple[int, ...]
    settings: Settings
    world: World = field(repr=False)
    record: dict[str, Any] = field(default_factory=dict, repr=False)
    unknown: tuple[tuple[str, ...], ...] = ()
    layout: Tensor | None = field(default=None, repr=False)

    def __len__(self) -> int:
        """Number of clips."""
        return len(self.frames)

    @cached_property
    def grades(self) -> "list[Grade]":
        """A verdict on every word, against our own reading of the prompt: one grade for each clip, or, for a
        storyboard, one for each of its parts."""
        return [
            self.world.grade(video[first:stop], self.world.parse(text), fps=self.settings.fps)
            for video, first, stop, text in self._parts()
        ]

    def _parts(self) -> Iterator[tuple[Tensor, int, int, str]]:
        for index, video in enumerate(self.frames):
            first = 0
            for segment in self.segments:
                yield video, first, segment.stop, segment.texts[index]
                first = segment.stop

    def save(
        self,
        path: str | PathLike[str],
        scale: int = 1,
        overwrite: bool = False,
        mark: bool = True,
        visible_mark: bool = False,
    ) -> list[Path]:
        """Write each clip, and beside it a small JSON that reproduces it.

        Args:
            path: ends in .mp4, .webm, .gif or .png; of several clips each gets its number before the ending.
            scale: whole factor of pixel-crisp enlargement.
            overwrite: replace files that are there.
            mark: add the invisible mark, see `minisora.guards.mark`.
            visible_mark: write "made with minisora" into the corner of every frame.
        Returns:
            The clips' files.
        Raises:
            OutputError: a file is there already, or cannot be written; nothing is written then.
        """
        files = clip_files(path, len(self), overwrite)
        for index, file in enumerate(files):
            self.write(index, file, scale, mark, visible_mark)
        return files

    def write(self, index: int, file: Path, scale: int = 1, mark: bool = True, visible_mark: bool = False) -> None:
        """Write one clip and its JSON over whatever is there; `save` checks first.

        Args:
            index: which clip.
            file: ends in .mp4, .webm, .gif or .png.
            scale: whole factor of pixel-crisp enlargement.
            mark, visible_mark: as of `save`.
        Raises:
            OutputError: it cannot be written.
            SettingError: a factor that is none, or a frame too small for the visible mark.
        """
        from minisora.data.video_io import write_video

        frames, rest = put_marks(self.frames[index], scale, mark, visible_mark)
        write_video(file, frames, fps=self.settings.fps, scale=rest, overwrite=True)
        add_sidecar(file, self.about(index) | {"scale": scale, "mark": mark, "visible_mark": visible_mark})

    def about(self, index: int = 0) -> dict[str, Any]:
        """All that reproduces a clip: what the JSON beside its file says.

        Args:
            index: which clip.
        Returns:
            Plain data, ready for JSON.
        """
        frames_sha256 = hashlib.sha256(self.frames[index].contiguous().numpy().tobytes()).hexdigest()
        return about_clip(self, index, frames_sha256)


def about_clip(of: "Clips | Order", index: int, frames_sha256: str) -> dict[str, Any]:
    """All that reproduces a clip, whether its frames are here or not.

    Args:
        of: clips, or the order that they were made from.
        index: which clip.
        frames_sha256: of the bytes of its frames, which have no mark: marks go into files.
    Returns:
        Plain data, ready for JSON.
    """
    return {
        "minisora": minisora.__version__,
        "prompt": of.prompts[index],
        "segments": [{"text": segment.texts[index], "stop": segment.stop} for segment in of.segments],
        "seed": of.seeds[index],
        "settings": asdict(of.settings),
        **of.record,
        "frames_sha256": frames_sha256,
    }


def clip_files(path: str | PathLike[str], count: int, overwrite: bool) -> list[Path]:
    """Where clips go, once it is sure that they can.

    Args:
        path: of the only clip; of several clips each gets its number before the ending.
        count: of clips.
        overwrite: whether files that are there may be replaced.
    Returns:
        A file for each clip.
    Raises:
        OutputError: one of them, or its JSON, is there already, or cannot be written.
    """
    from minisora.data.video_io import check_output

    path = Path(path)
    files = [path] if count == 1 else [path.with_name(f"{path.stem}-{k:03d}{path.suffix}") for k in range(count)]
    for file in files:
        check_output(file, overwrite)
        check_output(sidecar_path(file), overwrite, endings=())
    return files


def sidecar_path(file: str | PathLike[str]) -> Path:
    """Where the JSON of a clip lies: clip.mp4 → clip.mp4.json."""
    return Path(f"{Path(file)}.json")


def add_sidecar(file: Path, about: dict[str, Any]) -> None:
    """Write the JSON of a clip, or take the clip back: without it a clip would be half of what was promised.

    Args:
        file: the clip, written already.
        about: what to say.
    Raises:
        OutputError: it cannot be written; the clip is gone then.
    """
    try:
        write_sidecar(file, about)
    except BaseException:  # Ctrl-C too
        file.unlink(missing_ok=True)
        raise


def write_sidecar(file: Path, about: dict[str, Any]) -> Path:
    """Write the JSON of a clip, with the hash of its file.

    Args:
        file: the clip, written already.
        about: what to say.
    Returns:
        The JSON's path.
    Raises:
        OutputError: it cannot be written.
    """
    path = sidecar_path(file)
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_text(
            json.dumps(about | {"file_sha256": file_hash(file)}, indent=2, ensure_ascii=False) + "\n", "utf-8"
        )
        draft.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}. Choose another folder.") from error
    return path


def joined(clips: Sequence[Segment], index: int) -> str:
    """The sentences of a clip as one line."""
    return " | ".join(segment.texts[index] for segment in clips)
