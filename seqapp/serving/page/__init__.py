"""Web page to write, speak and show images on: plain HTML, CSS and ES modules, served as they lie here."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

FOLDER = Path(__file__).parent
# Nothing but this server is ever asked for anything, whatever a model's text may hold.
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",  # asked about each time, sent again only where changed: they belong together
}


def page_routes() -> list[BaseRoute]:
    """Make the routes: the page at /, and its files below /page."""
    return [Route("/", _index), Mount("/page", _Files(directory=FOLDER / "files"))]


def _index(request: Request) -> FileResponse:
    return FileResponse(FOLDER / "files" / "index.html", headers=HEADERS)


class _Files(StaticFiles):
    def file_response(self, *arguments, **options):
        response = super().file_response(*arguments, **options)
        response.headers.update(HEADERS)
        return response
