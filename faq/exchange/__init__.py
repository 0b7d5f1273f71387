"""The answers as a spreadsheet (.xlsx) or a text (.md) that officials fill in, and back without loss."""

from faq.exchange.exporting import export
from faq.exchange.importing import imported
from faq.exchange.report import Defaults, ImportReport

__all__ = ["Defaults", "ImportReport", "export", "imported"]
