"""The house as a whole: versions have one home, imports point one way, docstrings and documents tell the truth."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "minisora"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FILES = sorted(PACKAGE.rglob("*.py"))
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"]

# A room may import from itself, from its own row and from the rows above it.
ROWS = [
    ["errors"],
    ["world"],
    ["data"],
    ["models"],
    ["diffusion"],
    ["guards"],
    ["pipeline"],
    ["evaluation"],
    ["training"],
    ["widgets", "safety", "cli", "course"],
]
ROW = {room: number for number, row in enumerate(ROWS) for room in row}
JUPYTER = {
    "IPython",
    "anywidget",
    "ipykernel",
    "ipywidgets",
    "jupyter_client",
    "jupyterlab",
    "nbclient",
    "nbformat",
    "voila",
}


# --- versions ---------------------------------------------------------------------------------------------------------


def requirements() -> list[Requirement]:
    """Every direct dependency of pyproject.toml, those of the extras included."""
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in [*PROJECT["dependencies"], *extras]]


def pins() -> dict[str, str]:
    """Version by canonical name, as constraints.txt pins them."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


@pytest.mark.parametrize("requirement", requirements(), ids=lambda requirement: requirement.name)
def test_constraints_pin_each_dependency_inside_its_range(requirement: Requirement) -> None:
    pinned = pins().get(canonicalize_name(requirement.name))
    assert pinned, f"{requirement.name} is in pyproject.toml, but constraints.txt does not pin it"
    assert requirement.specifier.contains(pinned), f"constraints.txt has {requirement.name}=={pinned}"


def test_pins_are_good_for_the_oldest_python_promised() -> None:
    oldest = PROJECT["requires-python"].removeprefix(">=") + ".0"
    for name, pinned in pins().items():
        try:
            found = distribution(name)
        except PackageNotFoundError:  # an optional extra
            continue
        if found.version.split("+")[0] == pinned:
            assert SpecifierSet(found.metadata.get("Requires-Python") or "").contains(oldest), name


def test_environment_takes_everything_from_pyproject() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    *conda, pip = environment["dependencies"]
    assert [re.split("[=<>]", line)[0] for line in conda] == ["python", "pip"]
    python = conda[0].split("=")[-1]
    assert SpecifierSet(PROJECT["requires-python"]).contains(python)
    assert pip["pip"][0] == "-c constraints.txt"
    extras = Requirement(pip["pip"][1].replace("-e .", "minisora")).extras
    assert extras <= set(PROJECT["optional-dependencies"])


# --- imports ----------------------------------------------------------------------------------------------------------


def in_fresh_python(code: str) -> str:
    """What a new interpreter prints, so that nothing which this one has loaded counts."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


def test_import_is_quick_and_loads_nothing_heavy() -> None:
    code = (
        "import sys, time; start = time.perf_counter(); import minisora; print(time.perf_counter() - start); "
        "print(sorted({'torch', 'numpy', 'lightning', 'datasets', 'IPython'} & set(sys.modules)))"
    )
    seconds, heavy = zip(*(in_fresh_python(code).splitlines() for _ in range(3)), strict=True)
    assert heavy[0] == "[]"
    assert min(map(float, seconds)) < 0.1


def test_generating_never_imports_lightning() -> None:
    code = "import sys, minisora; minisora.TextToVideoPipeline; minisora.SHAPES; print('lightning' in sys.modules)"
    assert in_fresh_python(code) == "False"


def test_an_unknown_name_is_an_attribute_error() -> None:
    import minisora

    with pytest.raises(AttributeError, match="TextToVideoPipeline"):
        minisora.TextToVideoPipelin  # noqa: B018
    assert set(minisora.__all__) <= set(dir(minisora))


def imported_modules(path: Path) -> Iterator[str]:
    """Dotted names of all that a file imports, at its top or inside a function; relative imports made absolute."""
    package = ("minisora", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            if module == "minisora":
                yield from (f"minisora.{alias.name}" for alias in node.names)


def room_of(path: Path) -> str:
    """The first part of a file's path inside the package, without `.py`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


HOUSED = [path for path in FILES if room_of(path) != "__init__"]


@pytest.mark.parametrize("path", HOUSED, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    room = room_of(path)
    assert room in ROW, f"{room} is a new room: give it a place in ROWS and in ARCHITECTURE.md"
    for module in imported_modules(path):
        if module.startswith("minisora.") and (other := module.split(".")[1]) in ROW:
            assert ROW[other] <= ROW[room], f"{room} imports {module}, which stands above it"
        if ROW[room] < ROW["widgets"]:
            assert module.split(".")[0] not in JUPYTER, (
                f"{room} imports {module}: only widgets and what stands beside them may need Jupyter"
            )


# --- docstrings -------------------------------------------------------------------------------------------------------

Function = ast.FunctionDef | ast.AsyncFunctionDef
DOCUMENTED_DUNDERS = {"__call__", "__getattr__", "__dir__"}


def public_functions(node: ast.Module | ast.ClassDef) -> Iterator[Function]:
    """Functions and methods that a reader may call; overloads and setters have their text elsewhere."""
    for child in node.body:
        if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from public_functions(child)
        elif isinstance(child, Function) and (child.name in DOCUMENTED_DUNDERS or not child.name.startswith("_")):
            decorators = " ".join(ast.unparse(decorator) for decorator in child.decorator_list)
            if "overload" not in decorators and ".setter" not in decorators:
                yield child


def parameters(function: Function) -> list[str]:
    """Names of the parameters in order, without `self` and `cls`."""
    spec = function.args
    names = [arg.arg for arg in [*spec.posonlyargs, *spec.args]]
    names += [spec.vararg.arg] if spec.vararg else []
    names += [arg.arg for arg in spec.kwonlyargs]
    names += [spec.kwarg.arg] if spec.kwarg else []
    return [name for name in names if name not in {"self", "cls"}]


def documented_parameters(docstring: str) -> list[str] | None:
    """Names in the section `Args:`, several to a line allowed (`height, width: …`); None without that section."""
    section = re.search(r"^Args:\n((?:[ \t]+.*\n?|\n(?=[ \t]))+)", docstring, re.MULTILINE)
    if not section:
        return None
    indent = re.match(r"[ \t]+", section[1])[0]  # type: ignore[index]
    heads = re.findall(rf"^{indent}(\*{{0,2}}\w[^:\n]*):", section[1], re.MULTILINE)
    return [name.strip().lstrip("*") for head in heads for name in head.split(",")]


def docstring_faults(path: Path) -> Iterator[str]:
    """One line for each public function whose docstring is missing or names other arguments than the signature."""
    for function in public_functions(ast.parse(path.read_text(encoding="utf-8"))):
        where = f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
        docstring = ast.get_docstring(function)
        if not docstring:
            yield f"{where} has no docstring"
            continue
        described = documented_parameters(docstring)
        sections = re.search(r"^(Returns|Raises|Yields):", docstring, re.MULTILINE)
        if described is None and sections and len(parameters(function)) > 1:
            yield f"{where} has sections, but no Args for {parameters(function)}"
        if described is not None and described != parameters(function):
            yield f"{where} describes {described}, takes {parameters(function)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_docstrings_tell_the_truth(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{path.name} does not say what it is for"
    assert list(docstring_faults(path)) == []


def test_the_docstring_check_sees_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    path = tmp_path / "faulty.py"
    path.write_text(
        '"""A file."""\n'
        "def bare(): pass\n"
        'def wrong(a, b):\n    """Say.\n\n    Args:\n        a: one.\n        c: other.\n    """\n'
        'def right(a, b, *c):\n    """S.\n\n    Args:\n        a, b: two,\n            so.\n        *c: it.\n    """\n'
        'def half(a, b):\n    """Say.\n\n    Returns:\n        Something.\n    """\n'
    )
    faults = list(docstring_faults(path))
    assert [fault.split()[1] for fault in faults] == ["bare", "wrong", "half"]


# --- documents --------------------------------------------------------------------------------------------------------


def code_in(document: str) -> str:
    """All that stands between backticks: blocks and inline."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_that_a_document_names_exist(document: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"(?:^|`)make ([a-z]+)", code_in(document), re.MULTILINE)
    assert set(named) <= set(targets)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_a_document_links_or_maps_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    linked = [target for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text) if target]
    mapped = re.findall(r"^\| `([\w./-]+)` \|", text, re.MULTILINE)
    missing = [target for target in [*linked, *mapped] if not (ROOT / target).exists()]
    assert missing == []


def test_commands_that_the_readme_names_exist() -> None:
    named = set(re.findall(r"(?:^|`)minisora ([a-z]+)", code_in("README.md"), re.MULTILINE))
    help_text = subprocess.run(
        [sys.executable, "-m", "minisora.cli", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert named
    assert [name for name in named if not re.search(rf"\b{name}\b", help_text)] == []


@pytest.mark.slow
def test_python_of_the_readme_runs(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 2
    script = tmp_path / "readme.py"
    script.write_text("\n".join(blocks).replace("num_frames=481", "num_frames=33"), encoding="utf-8")
    subprocess.run([sys.executable, script.name], check=True, cwd=tmp_path, timeout=900)
    assert list(tmp_path.glob("*.mp4"))


def test_plots_share_one_look() -> None:
    import matplotlib

    rules = matplotlib.rc_params_from_file(PACKAGE / "minisora.mplstyle", use_default_template=False)
    assert rules["axes.prop_cycle"].by_key()["color"][0] == "#1E64EB"
