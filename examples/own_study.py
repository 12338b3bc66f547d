"""A study from a DataFrame: score it, change a choice, see what moves, keep it. All numbers are invented."""

import tempfile

import pandas as pd

import softpower

table = pd.DataFrame(
    {"trade": [29.4, 11.0, 20.5, 8.2], "students": [1200, 300, 800, 450], "tension": [2, 5, 3, None]},
    index=["Arvonia", "Belmark", "Corland", "Dorn"],
)
framework = softpower.Framework.flat(table.columns, better={"tension": "lower"}, weights={"trade": 2})
result = softpower.score(table, framework)
print(result)
print(softpower.compare(result, softpower.score(table, framework, methodology={"aggregate": "geometric", "floor": 1})))
print(softpower.score(result.profile.without("tension")).composite)
with tempfile.TemporaryDirectory() as folder:
    saved = result.profile.save(f"{folder}/ties")
    print(softpower.score(saved).composite.equals(result.composite))
