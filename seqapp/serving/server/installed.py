"""Check for the packages of the extra `serve`: an error at once, in place of a traceback after seconds."""

import importlib.util

PACKAGES = ("starlette", "uvicorn", "websockets", "prometheus_client", "tensorflow_serving", "grpc")


def check_installed(packages: tuple[str, ...] = PACKAGES) -> None:
    """Look for packages without importing them.

    Raises:
        ValueError: One is missing.
    """
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        raise ValueError(f"The server needs {', '.join(missing)}. Not installed. Try: pip install -e '.[serve]'")
