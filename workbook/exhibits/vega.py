"""The one Vega runtime of a page, made from vl-convert's bundle and kept on disk, since building it takes a second.

It is one script without imports, to be used as a classic ``<script>``, as a module or from a Blob URL. It sets
``globalThis.__workbook_vega`` to a promise of ``{vega, vegaLite, interpreter}``. The interpreter evaluates Vega's
expressions without ``eval``, so that a page may forbid it.
"""

import hashlib
import os
import re
import tempfile
from functools import cache
from pathlib import Path

__all__ = ["runtime_js", "script_safe"]

# vl-convert leaves Vega-Lite out unless vega-embed is named; and only vega-embed knows the interpreter, which it hands
# to the view it makes.
_SNIPPET = """
globalThis.__workbook_vega = (async () => {
  let interpreter = null;
  class Listening extends vega.View {
    constructor(runtime, options) { super(runtime, options); interpreter = options.expr; }
  }
  const nothing = {$schema: "https://vega.github.io/schema/vega/v6.json", width: 1, height: 1};
  const plain = {mode: "vega", actions: false, defaultStyle: false, renderer: "none"};
  (await vegaEmbed(document.createElement("div"), nothing, {...plain, ast: true, viewClass: Listening})).finalize();
  return {vega, vegaLite, interpreter};
})();
"""

# vl-convert 1.9 hands a snippet `vega` and `vegaLite` as the modules' default exports, which are null; the modules
# themselves stand beside them: `const __default=null;const mod12=function(){...}();`.
_DEFAULTS = (r"const (__default\d*)=null;const (mod\d+)=(?=function)", r"let \1;const \2=\1=")


@cache
def runtime_js() -> str:
    """Return the runtime as a script of about 0.9 MB, from the user's cache folder where it was built before."""
    path = _cached_at()
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        script = _build()
    _keep(script, path)
    return script


def script_safe(script: str) -> str:
    """Return JavaScript to stand between script tags: its strings' ``</script`` and ``<!--`` written otherwise."""
    return script.replace("</script", "<\\/script").replace("</SCRIPT", "<\\/SCRIPT").replace("<!--", "<\\!--")


def _build() -> str:
    from vl_convert import javascript_bundle

    bundle = re.sub(*_DEFAULTS, javascript_bundle(_SNIPPET))
    # The bundle's hundreds of top-level names would be the page's own in a classic script.
    return "(()=>{" + script_safe(bundle) + "\n})();\n"


def _cached_at() -> Path:
    from importlib.metadata import version

    from platformdirs import user_cache_path

    recipe = hashlib.sha256("".join((_SNIPPET, *_DEFAULTS)).encode()).hexdigest()[:8]
    return user_cache_path("marketing-workbook", appauthor=False) / f"vega-{version('vl-convert-python')}-{recipe}.js"


def _keep(script: str, path: Path) -> None:
    """Write the script for the next process; a folder that cannot be written costs a second each time, no more."""
    beside = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(script)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, path)
    except OSError:
        if beside:
            Path(beside).unlink(missing_ok=True)
