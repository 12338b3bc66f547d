"""The list of changes that no test notices is of code that there is, and of kinds that are explained."""

import ast
import csv
import re
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE.parent / "src" / "softpower"
LISTED = list(csv.DictReader((HERE / "mutants.csv").read_text(encoding="utf-8").splitlines()))


def functions(node: ast.AST, above: str = "") -> set[str]:
    """Return the functions and methods below a node, by the names of what they stand in and their own."""
    found = set()
    for one in ast.iter_child_nodes(node):
        named = isinstance(one, ast.FunctionDef | ast.ClassDef)
        name = f"{above}.{one.name}".removeprefix(".") if named else above
        found |= {name, *functions(one, name)}
    return found


def test_every_change_is_of_a_function_that_there_is():
    there = {
        name: functions(ast.parse((SOURCE / name).read_text(encoding="utf-8"))) | {"(module)"}
        for name in {one["module"] for one in LISTED}
    }
    assert [one for one in LISTED if one["function"] not in there[one["module"]]] == []


def test_every_kind_is_explained_and_every_change_has_a_reason():
    account = (HERE / "README.md").read_text(encoding="utf-8").partition("## Mutants")[2]
    explained = re.findall(r"^- \*\*(.+?)\.\*\*", account, re.MULTILINE)
    assert {one["kind"] for one in LISTED} == set(explained)
    assert all(one["change"] and one["reason"] for one in LISTED)
