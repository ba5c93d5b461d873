"""XML parts of a workbook, read piece by piece: no tree is built, no entity is ever expanded."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from xml.parsers import expat

PIECE = 2**20
XML = (".xml", ".rels")

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


def read_part(
    archive: zipfile.ZipFile,
    name: str,
    start: Start,
    end: End | None = None,
    parser: expat.XMLParserType | None = None,
) -> None:
    """Tell ``start`` and ``end`` of each element of a part. Names come with their prefixes.

    Raises
    ------
    xml.parsers.expat.ExpatError, ValueError, KeyError, zipfile.BadZipFile
        If the part is missing, damaged, or declares a document type.
    """
    parser = parser or expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    with archive.open(name) as part:
        while piece := part.read(PIECE):
            parser.Parse(piece)
    parser.Parse(b"", True)


def check_parts(archive: zipfile.ZipFile, read: Iterable[str]) -> None:
    """Unpack the other XML parts, too, which only calamine reads: sizes, sums, document types."""
    done = set(read)
    for name in archive.namelist():
        if name.endswith(XML) and name not in done:
            _check_part(archive, name)


class _RootFound(Exception):  # noqa: N818 - no error: a document type can only come before it
    pass


def _check_part(archive: zipfile.ZipFile, name: str) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = _stop
    with archive.open(name) as part:
        try:
            while piece := part.read(PIECE):
                parser.Parse(piece)
        except _RootFound:
            pass
        except expat.ExpatError:
            if name.startswith("xl/"):  # elsewhere is nothing that anybody reads
                raise
        while part.read(PIECE):
            pass


def _stop(name: str, given: dict[str, str]) -> None:
    raise _RootFound


def _refuse_document_type(*_: object) -> None:
    raise ValueError("含有文档类型声明")


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]
