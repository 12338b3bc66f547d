"""What options say in words of their own: choices in TOML, spans of years."""

import tomllib
from pathlib import Path
from typing import Any

from softpower.errors import FileError, SpecificationError


def settings_of(settings: list[str], option: str = "--methodology") -> dict[str, Any] | None:
    """Return the choices that settings make: ``key=value`` in TOML, bare words allowed, or a TOML file."""
    changes: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        where = f"{option} {setting}"
        try:
            if equals:
                changes[key.strip()] = _toml_value(value.strip())
            else:
                changes |= tomllib.loads(Path(setting).read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise SpecificationError.of(
                where, f"not valid TOML: {error}", "Write aggregate=geometric or floor=1."
            ) from None
        except UnicodeDecodeError:
            raise FileError.of(where, "the file is not UTF-8", "Save it as UTF-8.") from None
        except OSError as error:
            mend = "Write a setting like aggregate=geometric, or name a TOML file."
            raise SpecificationError.of(
                where, f"it is no setting, and no file that can be read ({error.strerror})", mend
            ) from None
    return changes or None


def _toml_value(text: str) -> Any:
    try:
        read = tomllib.loads(f"value = {text}")
        if len(read) > 1:
            raise tomllib.TOMLDecodeError("one setting at a time")
        return read["value"]
    except tomllib.TOMLDecodeError:
        if text.replace("_", "").isalnum():
            return text
        raise


def years_of(text: str | None) -> list[str] | range | None:
    """Return the years that are asked for: a span, or single ones."""
    if text is None:
        return None
    first, dash, last = (one.strip() for one in text.partition("-"))
    if dash and len(first) == len(last) == 4 and (first + last).isdigit():
        return range(int(first), int(last) + 1)
    return [one.strip() for one in text.split(",")]
