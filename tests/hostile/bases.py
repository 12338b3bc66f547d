"""Small sound studies, as files by their name, that hostile ones are made from."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
MORE = """
[scenarios.without_money]
title = "Without money"
exclude = { tags = ["money"] }

[scenarios.talk]
title = "What the talk says"
preferred = ["O-help-other"]
without_observations = { after = 2008, ids = ["O-aside"] }

[scenarios.elsewhere]
title = "Another tree"
reason = "Presence may count as help."
parents = { presence = "help" }
weights = { help = 2 }
rungs = { ties = ["union"] }

[scenarios.means]
title = "Means that make up for little"
measures = { health_share = "in_all" }
goalposts = { trade_volume = "wide" }
methodology = { aggregate = { composite = "geometric", part = { method = "power", p = 0.5 } } }

[uncertainty]
observations = true
measures = true
goalposts = ["trade_volume"]
aggregate = ["arithmetic", { method = "power", p = { low = 0.0, high = 1.0 } }]
scenarios = ["talk"]
leave_out = "one"

[uncertainty.weights]
composite = { method = "band", share = 0.5 }
part = { method = "dirichlet", concentration = 20 }

[[claims]]
id = "regard_leads"
says = "Regard is the greater."
source = "talk"
kind = "order"
nodes = ["regard", "help"]
by = 1
"""
ALTERNATIVES = """
[[indicators.health_share.alternative_measures]]
id = "in_all"
title = "All help"
reason = "As an example."
measure = { kind = "value", variable = "help_all" }
unit = "EUR million"
goalposts = { low = 1, high = 5000, kind = "benchmark", reason = "From little to much." }
"""
RANGE = b'reason = "From small to large."'
WIDER = b', alternatives = [{ id = "wide", low = 0.1, high = 1000, log = true, reason = "Wider." }]'
PANEL_PROFILE = b"""id = "panel"
title = "A table"
framework = "spec"
values = "values.csv"
sources = "sources.toml"
caveats = ["Invented."]

[methodology]
impute = { trade = { method = "linear", maximum_gap = 2 }, others = "mean" }
treat = { students = { method = "percentile_clip", low = 5, high = 95 } }
normalise = { trade = "goalposts", others = "min_max" }
weights = { trade = 2 }
periods = "apart"

[scenarios.equal]
title = "Equal weights"
methodology = { weights = "equal" }

[uncertainty]
observations = "uniform"
normalise = ["min_max", "z_score"]
weights = "simplex"
"""
PANEL_SPEC = b"""id = "panel"
title = "Exchange"
levels = ["composite"]

[variables.people]
title = "People"
kind = "stock"
unit = "count:person"

[dimensions.all]
title = "All"

[indicators.trade]
title = "Trade"
dimension = "all"
unit = "USD billion"
target = 40
goalposts = { low = 0, high = 100, kind = "benchmark", reason = "Much." }

[indicators.students]
title = "Students"
dimension = "all"
unit = "count:person"
denominator = { variable = "people", scale = 1000 }

[indicators.visits]
title = "Visits"
dimension = "all"
better = "lower"
"""
PANEL_VALUES = b"""case,period,group:region,trade,trade:low,trade:high,students,students:source,visits,people
KAZ,2001,Central,29.4,20,30,1200,board,4,16000
KAZ,2002,Central,,,,1300,board,5,16100
NA,2001,South,11,,,900,,2,1800
NA,2002,South,12.5,10,,950,,3,1850
UZB,2001,Central,40,,,4000,board,1,25000
UZB,2002,Central,41,,,,,1,25100
"""
PANEL_SOURCES = b'[sources.board]\ntitle = "A board"\nkind = "dataset"\n'


def files(folder):
    """The files of a folder by their names."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


SOUND = files(ROOT / "tests/broken/sound")
RICH = SOUND | {
    "profile.toml": SOUND["profile.toml"] + MORE.encode(),
    "spec/framework.toml": SOUND["spec/framework.toml"].replace(RANGE, RANGE + WIDER) + ALTERNATIVES.encode(),
}
PANEL = {
    "profile.toml": PANEL_PROFILE,
    "spec/framework.toml": PANEL_SPEC,
    "values.csv": PANEL_VALUES,
    "sources.toml": PANEL_SOURCES,
}
KAZAKHSTAN = {name: raw for name, raw in files(ROOT / "examples/kazakhstan").items() if not name.endswith(".md")}
NYE = files(ROOT / "indicators/nye")
MANNERS = files(ROOT / "indicators/manners")
TABLE = {"table.csv": PANEL_VALUES}
COINR = {
    "iData.csv": b"uCode,uName,Time,Region,trade,visits,people\nKAZ,Kazakhstan,2001,Central,29.4,4,16\n"
    b"KAZ,Kazakhstan,2002,Central,NA,5,16\nNAM,Namibia,2001,South,11,2,2\nNAM,Namibia,2002,South,12,3,2\n",
    "iMeta.csv": b"Level,iCode,iName,Parent,Direction,Type,Weight,Unit,Target,Denominator,ScaleFactor,"
    b"goalpost_lower,goalpost_upper,goalpost_scale,goalpost_trunc2posts\n"
    b"1,trade,Trade,index,1,Indicator,2,USD billion,40,people,1000,0,50,1,TRUE\n"
    b"1,visits,Visits,index,-1,Indicator,1,count:visit,NA,NA,NA,0,10,1,TRUE\n"
    b"2,index,Index,NA,1,Aggregate,1,NA,NA,NA,NA,NA,NA,NA,NA\n"
    b"NA,people,People,NA,NA,Denominator,NA,count:person,NA,NA,NA,NA,NA,NA,NA\n"
    b"NA,Region,Region,NA,NA,Group,NA,NA,NA,NA,NA,NA,NA,NA,NA\n",
}
CHOICES = b"""normalise = "goalposts"
floor = 1.0
weights = "simplex"
observations = true
aggregate = ["arithmetic", { method = "power", p = { low = 0.0, high = 1.0 } }]
leave_out = 0.1
"""
