"""The engine with one more axis: what is uncertain, drawn."""
