"""Label and transcript files: one module a format, each with `parse` and `serialize`, text in and text out."""

from annotation.formats.errors import FormatError
from annotation.formats.reading import decode
from annotation.formats.sniffing import LABEL_SUFFIXES, LabelFile, LabelFormat, read_labels, sniff

__all__ = ["LABEL_SUFFIXES", "FormatError", "LabelFile", "LabelFormat", "decode", "read_labels", "sniff"]
