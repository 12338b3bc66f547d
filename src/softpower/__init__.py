"""Score soft power, or any composite indicator, so that every number can be traced to its facts."""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from softpower import interop as interop
    from softpower import plot as plot
    from softpower.public import *  # noqa: F403  # that is what it is for
else:
    # Models take time to be built: who imports the package pays for them with the first name that is asked for.
    def __getattr__(name: str) -> object:
        from softpower.holding import uninterrupted

        # An interruption within an import may be taken for a fault of what is imported, and is lost as one.
        with uninterrupted():
            if find_spec(f"softpower.{name}") is not None:
                return import_module(f"softpower.{name}")
            try:
                found = getattr(import_module("softpower.public"), name)
            except AttributeError:
                raise AttributeError(f"module 'softpower' has no attribute {name!r}") from None
            # Asked once: from now on it is an attribute like any other.
            globals()[name] = found
            return found


def __dir__() -> list[str]:
    from softpower.public import __all__ as public

    return public
