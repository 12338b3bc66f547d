"""What all tests share: hypothesis profiles, and a small sound study to score or to break."""

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

from softpower import Profile, Result, load_profile, score

# A deadline fails where the machine is slow, not where the code is wrong.
settings.register_profile("default", deadline=None, max_examples=40)
# Before a release: pytest --hypothesis-profile=thorough
settings.register_profile("thorough", settings.get_profile("default"), max_examples=1000)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

# What a shell starts in the background ignores Ctrl-C, and so does what it starts itself; tests send it on purpose.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.default_int_handler)

BROKEN = Path(__file__).parent / "broken"


@pytest.fixture(scope="session")
def sound() -> Profile:
    """The profile of tests/broken/sound, which every mistake beside it breaks."""
    return load_profile(BROKEN / "sound")


@pytest.fixture(scope="session")
def scored(sound: Profile) -> Result:
    """The scores of the sound profile."""
    return score(sound)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the folder of the sound profile, to be changed."""
    return Path(shutil.copytree(BROKEN / "sound", tmp_path / "study"))
