"""Gives the site the places of the repository, so that a link that works in one works in the other.

MkDocs reads one folder of pages and calls its files by their places in it. Here README.md, docs/, indicators/ and
examples/ all have pages, which link to each other. So each file enters the site under its place in the repository.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
PLACES = ("README.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "docs", "indicators", "examples")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the repository's own files in the place of those that MkDocs found, and keep the theme's."""
    theirs = [one for one in files if one.src_dir != config.docs_dir]
    found = [path for place in PLACES for path in sorted((ROOT / place).rglob("*") or []) if path.is_file()]
    found += [ROOT / place for place in PLACES if (ROOT / place).is_file()]
    ours = [path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts]
    return Files(
        [
            *theirs,
            *(File(place, str(ROOT), config.site_dir, config.use_directory_urls) for place in ours),
        ]
    )
