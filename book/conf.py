"""Sphinx's settings of the book. `gathering` writes the pages that are made of other files."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import minisora  # noqa: E402
from gathering import gather  # noqa: E402 - found by the line above
from gathering.api import as_rst, shield_property  # noqa: E402

gather(HERE.parent, HERE)

project = "minisora"
author = "The minisora authors"
copyright = "The minisora authors, Apache License 2.0"
release = version = minisora.__version__

extensions = ["myst_nb", "sphinx_design", "sphinx_copybutton", "sphinx.ext.autodoc", "sphinx.ext.napoleon",
              "sphinx.ext.viewcode", "gathering.mathml"]  # fmt: skip
exclude_patterns = ["pieces"]
default_role = "literal"  # `name` in a docstring is code
html_math_renderer = "mathml"

# --- lessons: as they were committed ----------------------------------------------------------------------------------
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # widgets show their stills: see gathering/lessons.py
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Fold the code"
nb_merge_streams = True
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

# --- the API ----------------------------------------------------------------------------------------------------------
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
napoleon_custom_sections = [("Source", "returns_style"), ("Yields", "returns_style")]
napoleon_numpy_docstring = False
napoleon_use_rtype = False
toc_object_entries_show_parents = "hide"

# --- how it looks -----------------------------------------------------------------------------------------------------
html_theme = "sphinx_book_theme"
html_title = "minisora"
html_favicon = "_static/icon.svg"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_js_files = ["clips.js"]
html_copy_source = False
html_show_sourcelink = False
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system has it
html_theme_options = {
    "navbar_start": [],
    "navbar_center": [],
    "navbar_end": [],
    "navbar_persistent": [],  # the search stands in the sidebar
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "github-dark-high-contrast",
}
copybutton_exclude = ".linenos, .gp, .go"


def setup(app: object) -> None:
    """Docstrings pass through the house's own reader."""
    app.connect("autodoc-process-docstring", shield_property, priority=400)  # type: ignore[attr-defined]
    app.connect("autodoc-process-docstring", as_rst)  # type: ignore[attr-defined]
