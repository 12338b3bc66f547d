"""What hostile files have brought to light, each by itself."""

import sys
import time
import tomllib

import pandas as pd
import pytest

from hostile import bases
from hostile.answering import answered, check, scored, written
from hostile.building import table_of
from softpower import Framework, Profile, SoftPowerError, SpecificationError, load_profile, score, trajectory
from softpower.cli.settings import settings_of, years_of
from softpower.errors import COMPARED, LONGEST, Fault, did_you_mean
from softpower.interop import from_coinr, read_table
from softpower.result import fingerprint

SOUND = bases.SOUND
VALUES = bases.PANEL["values.csv"]
HEADER, *ROWS = SOUND["observations.csv"].decode().splitlines()


@pytest.fixture
def load(tmp_path):
    """Loads the sound study with some of its files changed; gives the profile or its error."""

    def loading(changes, base=SOUND):
        return answered(load_profile, written(base | changes, tmp_path / "study"))

    return loading


class TestNothingIsAnAnswer:
    """What raised something else than an error of the library."""

    def test_a_whole_number_of_5000_digits(self, load):
        error = load({"sources.toml": b"[sources.report]\nyear = " + b"9" * 5000})
        assert isinstance(error, SpecificationError)
        assert "too many digits" in str(error)
        assert error.faults[0].where == "sources.toml"

    @pytest.mark.parametrize("value", ["[]", '["uniform"]', "{}", "{ a = 1 }"])
    def test_observations_that_are_drawn_by_a_list_or_a_table(self, load, value):
        error = load({"profile.toml": SOUND["profile.toml"] + f"\n[uncertainty]\nobservations = {value}\n".encode()})
        (fault,) = error.faults
        assert fault.where == "profile.toml: uncertainty.observations"
        assert "is no way to draw" in fault.what

    @pytest.mark.parametrize("value", [["all"], {"a": 1}, 1])
    def test_a_parent_that_is_no_text_where_no_levels_are_named(self, value):
        data = tomllib.loads(SOUND["spec/framework.toml"].decode() + SOUND["spec/variables.toml"].decode())
        data = {name: one for name, one in data.items() if name not in {"levels", "files", "references"}}
        data["dimensions"]["regard"]["parent"] = value
        error = answered(Framework.from_dict, data)
        assert any(one.where == "Framework: dimensions.regard.parent" for one in error.faults)

    @pytest.mark.parametrize("value", ["[[]]", "[{ a = 1 }]", "[1]"])
    def test_references_that_are_no_texts(self, load, value):
        spec = SOUND["spec/framework.toml"].replace(b'references = ["handbook"]', f"references = {value}".encode(), 1)
        error = load({"spec/framework.toml": spec})
        assert [one.where for one in error.faults] == ["framework.toml: references.0"]

    def test_a_table_of_two_byte_order_marks(self, tmp_path):
        (tmp_path / "table.csv").write_bytes(b"\xef\xbb\xbf" * 2)
        error = answered(read_table, tmp_path / "table.csv")
        assert "the file is empty" in str(error)
        (tmp_path / "table.csv").write_bytes(b"\xef\xbb\xbf" * 2 + b"case,x\nA,1\n")
        assert answered(read_table, tmp_path / "table.csv").loc["A", "x"] == 1

    @pytest.mark.parametrize("option", ["--methodology", "--uncertainty"])
    @pytest.mark.parametrize("text", [b"floor = " + b"9" * 5000, b"a = " + b"[" * 5000, b"a." * 5000 + b"a = 1"])
    def test_choices_that_python_cannot_hold(self, tmp_path, option, text):
        path = tmp_path / "choices.toml"
        path.write_bytes(text)
        error = answered(settings_of, [str(path)], option)
        if isinstance(error, SpecificationError):
            check(error, names={option})

    @pytest.mark.parametrize("years", ["\u00b2\u00b2\u00b2\u00b2-2001", "\udcff", "2001-\udcff"])
    def test_years_that_are_no_numbers(self, sound, years):
        assert isinstance(answered(lambda: trajectory(sound, years=years_of(years))), SpecificationError)

    def test_a_tree_of_coinr_deeper_than_a_recursion(self):
        deep = sys.getrecursionlimit() + 100
        nodes = [f"a{level}" for level in range(2, deep)]
        imeta = pd.DataFrame(
            {
                "Level": [1, 1, *range(2, deep)],
                "iCode": ["x", "y", *nodes],
                "Parent": ["a2", "a2", *nodes[1:], None],
                "Direction": 1,
                "Type": ["Indicator", "Indicator", *["Aggregate"] * len(nodes)],
                "Weight": 1,
            }
        )
        read = answered(from_coinr, pd.DataFrame({"uCode": ["A", "B"], "x": [1.0, 2.0], "y": [2.0, 3.0]}), imeta)
        assert len(read.profile.framework.dimensions) == len(nodes)


class TestFaultsAreLines:
    """Each part of a fault is one line that prints and is read, whatever it quotes."""

    def test_what_a_file_holds_ends_no_line(self, load):
        rows = [HEADER.split(","), ["o", "A>B", "visits", "1", *[""] * 4, "a\nb\x1b[2J", *[""] * 10]]
        error = load({"observations.csv": table_of(rows)})
        assert len(str(error).splitlines()) == 1
        assert "\x1b" not in str(error)
        assert "unknown unit 'a b\\x1b[2J'" in str(error)

    def test_a_key_of_200_000_letters_is_shortened(self, load):
        error = load({"profile.toml": SOUND["profile.toml"].replace(b"[methodology]", b"[%b]" % (b"k" * 200_000))})
        check(error, names={"profile.toml"})
        assert error.faults[0].where.startswith("profile.toml: kkk")

    def test_each_part_prints(self):
        fault = Fault("a\nb", "c\x1b[2Jd\udcff", "e\u202ef")
        assert (fault.where, fault.what, fault.mend) == ("a b", "c\\x1b[2Jd\\udcff", "e\\u202ef")

    def test_both_ends_are_kept(self):
        fault = Fault("own.csv", f"'a{'x' * 3000}b' is no number", "Correct it.")
        assert len(fault.what) <= LONGEST
        assert fault.what.startswith("'axxx")
        assert fault.what.endswith("xxxb' is no number")


class TestFaultsAreTrue:
    """No fault is said that is none, and none is kept back by another."""

    def test_observations_are_not_missed_where_nothing_says_that_there_are_any(self, load):
        files = {name: raw for name, raw in bases.PANEL.items() if name != "values.csv"}
        error = load({"profile.toml": b"= broken"}, files)
        assert [one.where for one in error.faults] == ["profile.toml"]

    def test_a_source_without_a_name_is_at_fault_by_its_place(self, load):
        error = load({"sources.toml": SOUND["sources.toml"] + b'[sources.""]\nkind = 1\n'})
        check(error, names={"sources.toml", "profile.toml"})
        assert "sources.toml: sources" in str(error)

    def test_a_spec_file_without_a_name(self, load):
        spec = SOUND["spec/framework.toml"].replace(b'"variables.toml"', b'""')
        error = load({"spec/framework.toml": spec})
        assert [one.where for one in error.faults] == ["framework.toml: files"]

    @pytest.mark.parametrize("text", ["1_0", "1__0", "_1"])
    def test_digits_with_lines_between_them_are_no_number(self, load, text):
        row = f"O-visit-1,A>B,visits,{text},,,exact,,count:visit,2001,2003"
        error = load({"observations.csv": f"{HEADER}\n{row}{',' * 8}\n".encode()})
        assert error.faults[0].where == "observations.csv line 2: value"
        assert "is no number" in error.faults[0].what


class TestNothingHangs:
    """Twice as many faults take about twice as long."""

    def test_faults_of_many_rows(self, load):
        def seconds(count):
            rows = [ROWS[0].replace("visits", "visitz").replace("O-visit-1", f"o{place}") for place in range(count)]
            before = time.process_time()
            error = load({"observations.csv": "\n".join([HEADER, *rows]).encode()})
            assert len(error.faults) == count
            return time.process_time() - before

        # The square would be 64 times as long.
        assert seconds(3200) < 32 * max(seconds(400), 0.02)

    def test_names_nobody_knows_among_many(self):
        known = {f"name{place}" for place in range(20_000)}
        before = time.process_time()
        for place in range(30):
            assert did_you_mean(f"name7777{place:07}", known).startswith("Did you mean 'name777")
        assert time.process_time() - before < 2.5
        assert did_you_mean("nome5", [f"name{place}" for place in range(COMPARED)]) == "Did you mean 'name5'?"

    def test_a_chain_of_dimensions(self, load):
        chain = "".join(f'[dimensions.d{one}]\ntitle = "d"\nparent = "d{one - 1}"\n' for one in range(1, 1200))
        spec = SOUND["spec/framework.toml"] + f'[dimensions.d0]\ntitle = "d"\nparent = "help"\n{chain}'.encode()
        before = time.process_time()
        assert isinstance(load({"spec/framework.toml": spec}), SpecificationError)
        assert time.process_time() - before < 5


class TestNothingChanges:
    """What another program makes of a file without changing what it says changes no number."""

    @pytest.mark.parametrize("name", ["observations.csv", "profile.toml", "sources.toml", "spec/framework.toml"])
    @pytest.mark.parametrize(
        "change",
        [
            lambda raw: raw.replace(b"\n", b"\r\n"),
            lambda raw: raw.rstrip(b"\n"),
            lambda raw: raw + b"\n\n\n",
        ],
        ids=["CRLF", "no end", "blank lines"],
    )
    def test_line_ends(self, load, name, change):
        assert load({name: change(SOUND[name])}) == load({})

    def test_quotes_and_the_order_of_columns(self, load):
        rows = [line.split(",") for line in (HEADER, *(row for row in ROWS if '"' not in row))]
        plain = load({"observations.csv": table_of(rows)})
        assert isinstance(plain, Profile)
        assert load({"observations.csv": table_of(rows, quoting=1)}) == plain
        assert load({"observations.csv": table_of([row[::-1] for row in rows])}) == plain

    def test_the_order_of_rows(self, load):
        turned = load({"observations.csv": "\n".join([HEADER, *ROWS[::-1]]).encode()})
        assert (scored(turned).score == score(load({})).score).all()

    def test_a_table_with_a_mark_and_other_line_ends(self, load):
        one = load({}, bases.PANEL)
        other = load({"values.csv": VALUES.replace(b"\n", b"\r\n").rstrip()}, bases.PANEL)
        assert fingerprint(one) == fingerprint(other)

    @pytest.mark.parametrize("ends", [b"\r", b"\n\r"])
    def test_lines_of_old_computers(self, load, ends):
        assert load({"observations.csv": SOUND["observations.csv"].replace(b"\n", ends)}) == load({})
        one, other = (load({"values.csv": raw}, bases.PANEL) for raw in (VALUES, VALUES.replace(b"\n", ends)))
        assert fingerprint(one) == fingerprint(other)
        assert isinstance(load({"profile.toml": SOUND["profile.toml"].replace(b"\n", ends)}), SpecificationError)

    @pytest.mark.parametrize("ends", ["\u2028", "\x0b", "\x85", ""])
    def test_lines_that_do_not_end_are_refused(self, load, ends):
        for name in ("observations.csv", "profile.toml"):
            assert isinstance(load({name: SOUND[name].replace(b"\n", ends.encode())}), SoftPowerError)


def test_tags_that_are_no_texts_are_refused_where_they_stand():
    leaf = {"title": "A", "dimension": "all", "tags": ["soft"]}
    nodes = {"dimensions": {"all": {"title": "All"}}, "indicators": {"a": leaf}}
    with pytest.raises(SpecificationError, match="tags"):
        Framework.parse({"id": "it", "title": "It", "tags": [{}, {}], **nodes})
