"""Everything that brings a graph in or sends one out as data."""

from loaders.load import Loaded, RejectedError, load, load_rows

__all__ = ["Loaded", "RejectedError", "load", "load_rows"]
