"""Other programs' files: COINr's two tables, CSV and Excel."""

from softpower.interop.coinr_export import ToCoinr, to_coinr
from softpower.interop.coinr_import import FromCoinr, from_coinr
from softpower.interop.tables import read_table, write_table
from softpower.interop.workbook import write_workbook

__all__ = ["FromCoinr", "ToCoinr", "from_coinr", "read_table", "to_coinr", "write_table", "write_workbook"]
