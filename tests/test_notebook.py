"""That the notebook is as it was run: executed anew it prints what it shows.

``python tests/test_notebook.py`` writes its outputs anew.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

PATH = Path(__file__).parents[1] / "examples" / "kazakhstan.ipynb"


def read():
    return nbformat.read(PATH, as_version=4)


def executed(notebook, folder):
    """The notebook run anew in a fresh kernel, which writes to a folder alone."""
    before = dict(os.environ)
    # The kernel imports the library from where the tests do, and leaves nothing in anybody's home.
    os.environ.update({name: str(folder) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR")})
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    try:
        client = NotebookClient(
            notebook, timeout=120, kernel_name="python3", record_timing=False, resources={"metadata": {"path": folder}}
        )
        made = client.execute()
    finally:
        os.environ.clear()
        os.environ.update(before)
    made.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    made.metadata["language_info"] = {"name": "python"}
    return made


def texts(notebook):
    """What each cell of code shows as text."""
    return [
        ["".join(one.get("text", "") or one.get("data", {}).get("text/plain", "")) for one in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


# Sockets and loops that the client leaves to the collector are not ours.
@pytest.mark.filterwarnings("default")
def test_it_prints_what_it_shows(tmp_path):
    shown = texts(read())
    assert sum(map(bool, shown)) == len(shown) >= 5
    assert texts(executed(read(), tmp_path)) == shown


def test_it_is_clean():
    notebook, source = read(), PATH.read_text(encoding="utf-8")
    nbformat.validate(notebook)
    assert not any(one.output_type == "error" for cell in notebook.cells for one in cell.get("outputs", ()))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert set(notebook.metadata.language_info) == {"name"}
    assert not any(cell.metadata for cell in notebook.cells)
    assert not any(f"/{part}/" in source for part in ("home", "tmp", "usr", "work", "Users"))
    assert len(source) < 200_000


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        nbformat.write(executed(read(), made), PATH)
