"""The engine: a profile's choices as arrays and functions, and the steps in their order."""

from softpower.engine.engine import Engine

__all__ = ["Engine"]
