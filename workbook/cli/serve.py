"""``workbook serve``: the pages of a workspace in the browser."""

from pathlib import Path

import click

from workbook.cli.speech import FOLDER, LANGUAGE, plain_errors
from workbook.language import speak

__all__ = ["serve"]


@click.command()
@FOLDER
@click.option("--port", type=click.IntRange(0, 65535), default=8866, show_default=True, help="0 takes any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; loopback only.")
@click.option("--token", default=None, help="Secret in the address; a new random one when left out.")
@click.option("--pages", type=click.IntRange(1), default=24, show_default=True, help="Pages open at once.")
@click.option("--read-only", is_flag=True, help="Show a copy that nobody can change, for people who only look.")
@click.option(
    "--proxy-secret",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="File with what a proxy that signs people in sends as X-Workbook-Proxy.",
)
@click.option(
    "--identity-header", default="X-Forwarded-User", show_default=True, help="Where the proxy names a person."
)
@click.option("--public-address", default="", help="Where people reach the proxy, as https://plans.example.org.")
@click.option("--browser/--no-browser", default=False, show_default=True, help="Open a browser.")
@LANGUAGE
def serve(
    workspace: Path,
    port: int,
    host: str,
    token: str | None,
    pages: int,
    read_only: bool,
    proxy_secret: Path | None,
    identity_header: str,
    public_address: str,
    browser: bool,
    language: str,
) -> None:
    """Serve the notebooks of a workspace as pages, on this machine only, behind a token.

    \b
    Example:
        workbook serve --workspace demo
        workbook serve --read-only --port 8867
        workbook serve --proxy-secret proxy.secret --public-address https://plans.example.org
    """
    from workbook.plan.workspace import Workspace
    from workbook.serving.dashboards import serve as serve_pages
    from workbook.serving.gate import read_proxy

    with plain_errors():
        speak(language)
        serve_pages(
            Workspace.find(workspace),
            port=port,
            host=host,
            token=token,
            language=language,
            pages=pages,
            read_only=read_only,
            proxy=read_proxy(proxy_secret, identity_header, public_address) if proxy_secret else None,
            open_browser=browser,
            announce=click.echo,
        )
