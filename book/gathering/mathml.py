"""Formulas as MathML, which every browser of today draws by itself.

A page then needs no script, no fonts and no network for them, and they can be copied and read aloud. docutils turns TeX
into MathML while the book is built; a formula that it cannot read is a warning, and so fails the build.
"""

from docutils import nodes
from docutils.utils.math import MathError, latex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

log = logging.getLogger(__name__)


def mathml(node: nodes.Element, as_block: bool) -> str:
    """The formula of a node as markup; its TeX, and a warning, where docutils cannot read it."""
    tex = node.astext()
    try:
        return str(latex2mathml.tex2mathml(tex, as_block=as_block))
    except MathError as error:
        log.warning("no MathML for %r: %s", tex, error, location=node)
        return f"<code>{nodes.unescape(tex)}</code>"


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """A formula in a line."""
    self.body.append(mathml(node, as_block=False))
    raise nodes.SkipNode


def visit_displaymath(self: HTML5Translator, node: nodes.math_block) -> None:
    """A formula of its own, which scrolls where it is wider than the page."""
    self.body.append(f'<div class="formula" tabindex="0">{mathml(node, as_block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Make it known to Sphinx."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displaymath, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
