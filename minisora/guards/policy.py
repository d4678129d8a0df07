"""The prompt policy: what a sentence may not say, as a YAML that a teacher can read, copy and change.

    pipe = TextToVideoPipeline.from_pretrained("nano", policy="mine.yaml")
    pipe("a red circle with a gun")   # PolicyError: … the rule 'weapons' of the policy 'default' …

The model knows nothing but shapes, so no sentence could make it draw a weapon: the policy is there to be learned from,
for worlds that know more, and for a class in which sentences are shown on a wall. It works on words and their disguises
(`disguises.py`), not on meaning; `minisora redteam` says what gets past it.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

from minisora.errors import PolicyError, SettingError, nearest_name
from minisora.guards.disguises import MOST, fold, hidden_words, mixed_words, readings, spelled_out

__all__ = ["KINDS", "POLICIES", "Lengths", "PromptPolicy", "Refusal", "WordRule", "read_policy"]

POLICIES = Path(__file__).parent / "policies"
GAP = r"(?:\S+ ){0,4}"  # what "..." in an entry stands for
LEAST = 3  # letters of a word that is looked for inside of spelled letters
KEYS = ("name", "allowed", "lengths", "kinds", "words", "except")


@dataclass(frozen=True)
class Refusal:
    """Why a sentence is refused.

    Attributes:
        rule: its name in the YAML.
        reason: what was found, a sentence without its stop.
        advice: what to do; "" where what is allowed says it.
    """

    rule: str
    reason: str
    advice: str = ""


@dataclass(frozen=True)
class Lengths:
    """The longest that is allowed.

    Attributes:
        characters: of a sentence.
        words: of a sentence.
        letters: of a word.
    """

    characters: int = 2000
    words: int = 300
    letters: int = 60

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise SettingError(f"lengths: {each.name}={value!r} is no length. Use a whole number above 0, or 300.")
        if self.characters > MOST:
            raise SettingError(
                f"lengths: characters={self.characters}, but at most {MOST} are looked through. Use {MOST}."
            )

    def refusal(self, text: str) -> Refusal | None:
        """Why a text is too long, or None.

        Args:
            text: as it was typed.
        """
        counts = {
            "characters": len(text),
            "words": len(text.split()),
            "letters": max((len(word) for word in text.split()), default=0),
        }
        for name, count in counts.items():
            most = getattr(self, name)
            if count > most:
                what = f"a word of {count:,} letters" if name == "letters" else f"{count:,} {name}"
                return Refusal(f"lengths: {name}", f"it has {what}, at most {most:,} are read", "Shorten it.")
        return None


@dataclass(frozen=True)
class WordRule:
    """Words and phrases of one kind.

    Attributes:
        name: of the rule.
        entries: words, phrases; `*` inside of a word is any letters, `...` between words up to four words.
    """

    name: str
    entries: tuple[str, ...]

    @cached_property
    def singles(self) -> dict[str, str]:
        """Entries that are one plain word: in plain letters, and with a final s, to the entry."""
        words = {fold(entry): entry for entry in self.entries if re.fullmatch(r"[^\W_]+", entry)}
        return {f"{word}s": entry for word, entry in words.items()} | words

    @cached_property
    def phrases(self) -> re.Pattern[str] | None:
        """All other entries as one pattern over a reading."""
        patterns = [_pattern(entry) for entry in self.entries if not re.fullmatch(r"[^\W_]+", entry)]
        return re.compile("|".join(f"(?<!\\S)(?:{pattern})(?!\\S)" for pattern in patterns)) if patterns else None

    def found(self, reading: str) -> str | None:
        """The first entry that a reading has: a word as the YAML has it, a phrase as it stands there; None for none.

        Args:
            reading: one of `readings(text)`.
        """
        for word in reading.split():
            if word in self.singles:
                return self.singles[word]
        matched = self.phrases.search(reading) if self.phrases else None
        return matched[0] if matched else None


def _pattern(entry: str) -> str:
    """An entry of several words, or with a star, as a pattern that takes a final s, too."""
    parts = [
        GAP if part == "..." else re.escape(fold(part)).replace(r"\*", r"\S*") + " "
        for part in re.sub(r"(?<=\w)[-'’](?=\w)", " ", entry).split()
    ]
    return "".join(parts).rstrip() + "s?"


def _links(text: str) -> str | None:
    found = re.search(r"https?:\S+|\bwww\.\S+|\S+@\w+\.\w+", text, re.IGNORECASE)
    return f"it has the address {found[0]!r}" if found else None


def _markup(text: str) -> str | None:
    found = re.search(r"</?\w[^<>]*>|&#?\w+;|\[/?[a-z]+\]", text)
    return f"it has the markup {found[0]!r}" if found else None


def _numbers(text: str) -> str | None:
    found = re.search(r"\+?\d(?:[ ./-]?\d){6,}", text)
    return f"it has the long number {found[0]!r}, as of a telephone or a card" if found else None


def _mixed(text: str) -> str | None:
    word = next(mixed_words(text), None)
    return f"the word {word!r} has letters of several alphabets" if word else None


# Kinds of text that no sentence about a video needs: name in the YAML → what was found, or None.
KINDS: Mapping[str, Callable[[str], str | None]] = {
    "links": _links,
    "markup": _markup,
    "long_numbers": _numbers,
    "mixed_alphabets": _mixed,
}


@dataclass(frozen=True)
class PromptPolicy:
    """The rules that a sentence has to keep.

    Attributes:
        name: said in every refusal.
        allowed: what may be said instead, the end of every refusal.
        lengths: how long a sentence may be.
        kinds: names of `KINDS` that are refused.
        rules: words and phrases that are refused.
        exceptions: phrases in which a refused word is meant otherwise: "shooting star".
    """

    name: str
    allowed: str
    lengths: Lengths = Lengths()
    kinds: tuple[str, ...] = ()
    rules: tuple[WordRule, ...] = ()
    exceptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for kind in self.kinds:
            if kind not in KINDS:
                near = nearest_name(kind, KINDS)
                raise SettingError(f"The policy {self.name!r} refuses the kind {kind!r}, which is none. Use {near!r}.")

    @classmethod
    def read(cls, file: str | os.PathLike[str]) -> Self:
        """Read a policy.

        Args:
            file: a YAML as `minisora/guards/policies/default.yaml`, or the name of a shipped one ("default").
        Returns:
            The policy.
        Raises:
            SettingError: there is no such file, or it says what no policy says; the message names the nearest key.
        """
        return cls.parse(*_yaml_of(file))

    @classmethod
    def parse(cls, said: Any, where: str = "policy") -> Self:
        """A policy from plain data.

        Args:
            said: what a YAML says: a mapping with keys out of `KEYS`.
            where: the file, for messages.
        Returns:
            The policy.
        Raises:
            SettingError: it says what no policy says.
        """
        table = _mapping(said, where, KEYS)
        lengths = _mapping(table.get("lengths") or {}, f"{where}, lengths", [each.name for each in fields(Lengths)])
        kinds = _mapping(table.get("kinds") or {}, f"{where}, kinds", KINDS)
        words = _mapping(table.get("words") or {}, f"{where}, words")
        return cls(
            name=str(table.get("name", Path(where).stem)),
            allowed=str(table.get("allowed", "what is left")),
            lengths=Lengths(**lengths),
            kinds=tuple(kind for kind, refused in kinds.items() if refused),
            rules=tuple(WordRule(name, _entries(listed, f"{where}, {name}")) for name, listed in words.items()),
            exceptions=_entries(table.get("except") or [], f"{where}, except"),
        )

    def judge(self, text: str) -> Refusal | None:
        """Why a sentence is refused, or None.

        Args:
            text: as it was typed.
        """
        return self.lengths.refusal(text) or self._kind(text) or self._words(text)

    def check(self, texts: Iterable[str]) -> None:
        """Refuse sentences.

        Args:
            texts: as they were typed.
        Raises:
            PolicyError: one breaks a rule; the message names it, and what is allowed.
        """
        for text in texts:
            refusal = self.judge(text)
            if refusal is not None:
                raise PolicyError(
                    f"The prompt is refused by the rule {refusal.rule!r} of the policy {self.name!r}: "
                    f"{refusal.reason}. {refusal.advice or f'Allowed: {self.allowed}.'}",
                    rule=refusal.rule,
                )

    def _kind(self, text: str) -> Refusal | None:
        for kind in self.kinds:
            reason = KINDS[kind](text)
            if reason is not None:
                return Refusal(f"kinds: {kind}", reason)
        return None

    def _words(self, text: str) -> Refusal | None:
        found = [self._exempt(reading) for reading in readings(text)]
        for rule in self.rules:
            for reading in sorted(found, key=len):
                word = rule.found(reading)
                if word is not None:
                    return Refusal(rule.name, f"it says {word!r}")
            word = next(_concealed(rule, text), None)
            if word is not None:
                return Refusal(rule.name, f"it hides {word!r}")
        return None

    @cached_property
    def _exceptions(self) -> re.Pattern[str] | None:
        patterns = [_pattern(entry) for entry in self.exceptions]
        return re.compile("|".join(f"(?<!\\S)(?:{pattern})(?!\\S)" for pattern in patterns)) if patterns else None

    def _exempt(self, reading: str) -> str:
        """A reading without the phrases in which a refused word is meant otherwise."""
        return self._exceptions.sub("-", reading) if self._exceptions else reading


def _concealed(rule: WordRule, text: str) -> Iterator[str]:
    """Words of a rule of which some letters are hidden, or that stand in a row of single letters."""
    for pattern in hidden_words(text):
        yield from (entry for word, entry in rule.singles.items() if pattern.fullmatch(word))
    for run in spelled_out(text):
        yield from (entry for word, entry in rule.singles.items() if len(word) >= LEAST and word in run)


def read_policy(policy: "PromptPolicy | str | os.PathLike[str] | None") -> PromptPolicy | None:
    """A policy in whatever form it is given.

    Args:
        policy: one, the name of a shipped one, a YAML, or None for none.
    Returns:
        The policy.
    Raises:
        SettingError: it cannot be read.
    """
    if policy is None or isinstance(policy, PromptPolicy):
        return policy
    return _shipped(str(policy)) if str(policy) in _shipped_names() else PromptPolicy.read(policy)


@lru_cache(maxsize=8)
def _shipped(name: str) -> PromptPolicy:
    """A shipped policy, read once: every pipeline of a process has it."""
    return PromptPolicy.read(name)


# --- the YAML ---------------------------------------------------------------------------------------------------------


def _shipped_names() -> list[str]:
    return sorted(path.stem for path in POLICIES.glob("*.yaml"))


def _yaml_of(file: str | os.PathLike[str]) -> tuple[Any, str]:
    """What a YAML says, and its path."""
    import yaml

    path = POLICIES / f"{file}.yaml" if str(file) in _shipped_names() else Path(file)
    if not path.is_file():
        names = _shipped_names()
        near = nearest_name(str(file), names)
        raise SettingError(f"There is no policy {str(file)!r}: no file, and none of {', '.join(names)}. Use {near!r}.")
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")), str(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingError(f"{path} is no YAML that can be read ({' '.join(str(error).split())}).") from error


def _mapping(said: Any, where: str, keys: Iterable[str] | None = None) -> dict[str, Any]:
    """A mapping whose keys are all known."""
    if not isinstance(said, dict):
        raise SettingError(f"{where} is {type(said).__name__}, but it must be a mapping such as 'words: {{…}}'.")
    known = None if keys is None else list(keys)
    for key in said:
        if known is not None and key not in known:
            near = nearest_name(str(key), known)
            raise SettingError(
                f"{where} has the key {key!r}, which no policy has. Use {near!r}, of {', '.join(known)}."
            )
    return {str(key): value for key, value in said.items()}


def _entries(listed: Any, where: str) -> tuple[str, ...]:
    """Words and phrases: a list, each entry a text that is not empty."""
    if not isinstance(listed, list):
        raise SettingError(f"{where} is {type(listed).__name__}, but it must be a list such as [gun, rifle].")
    for entry in listed:
        if not isinstance(entry, str) or not re.search(r"\w", entry):
            raise SettingError(f"{where} has the entry {entry!r}, which is no word. Put it in quotes: {str(entry)!r}.")
    return tuple(listed)
