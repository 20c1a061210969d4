"""Everything that brings a graph in or sends one out as data."""

from loaders.load import SAMPLES, Loaded, RejectedError, load, load_rows, read_sheets

__all__ = ["SAMPLES", "Loaded", "RejectedError", "load", "load_rows", "read_sheets"]
