"""What decides a score, as hashes that can be compared."""

import hashlib
import json
from importlib.metadata import version
from operator import itemgetter
from typing import Any

from softpower.model.profile import Profile


def fingerprint(profile: Profile) -> dict[str, str]:
    """Return the library's version and SHA-256 hashes of what decides a score.

    ``specifications`` covers the framework, ``observations`` every row or cell, ``sources`` where they come from,
    ``methodology`` the choices, the cases, the window, the sets of indicators and what is left out. The order of keys
    and rows in the files does not matter.
    """
    parts: dict[str, Any] = {
        "specifications": profile.framework.model_dump(mode="json"),
        "observations": sorted((one.model_dump(mode="json") for one in profile.observations), key=itemgetter("id")),
        "sources": {name: one.model_dump(mode="json") for name, one in profile.sources.items()},
        "methodology": profile.model_dump(mode="json", include={"methodology", "cases", "window"})
        | {"sets": sorted(set(profile.sets)), "left_out": sorted(set(profile.left_out))},
    }
    if profile.values is not None:
        parts["observations"] = profile.values.digest()
    hashes = {
        name: hashlib.sha256(json.dumps(part, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        for name, part in parts.items()
    }
    return {"version": version("softpower"), **hashes}
