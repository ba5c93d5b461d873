"""Files made to do harm, or broken by accident, each with the words that refuse it."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import xlwt
from builders import ole_of, write_ods, write_xls, write_xlsx
from xlwt.CompoundDoc import XlsDoc

SHEET_XML = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData>{}</worksheet>"
)
ONE_CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'
ODS_CELL = (
    '<table:table-cell office:value-type="float" office:value="7"{}>'
    "<text:p>7</text:p></table:table-cell>"
)
LAUGHS = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
BOMB = f'<!DOCTYPE x [<!ENTITY a "ha">{LAUGHS}]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY a "{"ha" * 10_000}">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
TEXTS = "xl/sharedStrings.xml"
Change = Callable[[bytes], bytes]
Build = Callable[[Path], object]


def edit_zip(path: Path, part: str, change: Change) -> Path:
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def xlsx_of(path: Path, rows: str, after: str = "", before: str = "") -> Path:
    """Write a workbook whose only sheet, 表, has this XML for rows."""
    write_xlsx(path, 表=[["x"]])
    xml = SHEET_XML.format(rows, after).replace("<sheetData>", f"{before}<sheetData>")
    return edit_zip(path, "xl/worksheets/sheet1.xml", lambda _: xml.encode())


def ods_of_xml(path: Path, body: str) -> Path:
    """Write an OpenDocument spreadsheet whose only sheet, 表, has this XML within its table."""
    write_ods(path, 表=[[1]])
    head, tail = b"<table:table ", b"</table:table>"

    def change(xml: bytes) -> bytes:
        table = f'<table:table table:name="表">{body}</table:table>'.encode()
        return xml[: xml.index(head)] + table + xml[xml.index(tail) + len(tail) :]

    return edit_zip(path, "content.xml", change)


def add_parts(path: Path, *parts: tuple[str, bytes]) -> Path:
    """Add parts to a workbook, a new one if there is none."""
    if not path.exists():
        write_xlsx(path, 表=[["x"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return path


def _lying(change: Callable[[list[zipfile.ZipInfo]], None]) -> Build:
    """Return a builder of a workbook whose table of contents was changed before it was written."""

    def build(path: Path) -> Path:
        add_parts(path, (TEXTS, b"<sst><si><t>x</t></si></sst>"))
        whole = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(path, "w") as archive:
            for name in source.namelist():
                archive.writestr(name, source.read(name), zipfile.ZIP_DEFLATED)
            change(archive.filelist)
        return path

    return build


def _overlap(parts: list[zipfile.ZipInfo]) -> None:
    parts[1].header_offset = parts[0].header_offset


def _understate(parts: list[zipfile.ZipInfo]) -> None:
    parts[-1].file_size = 10


def _wrong_sum(parts: list[zipfile.ZipInfo]) -> None:
    parts[-1].CRC ^= 1


def _locked(parts: list[zipfile.ZipInfo]) -> None:
    parts[0].flag_bits |= 1


def _unknown_method(parts: list[zipfile.ZipInfo]) -> None:
    parts[0].compress_type = zipfile.ZIP_LZMA


def _twice(path: Path) -> Path:
    name = b"xl/workbook.xm"
    add_parts(path, ((name + b"m").decode(), b"<x/>"))
    path.write_bytes(path.read_bytes().replace(name + b"m", name + b"l"))
    return path


def _with_type(part: str, declared: str, encoding: str = "utf-8") -> Build:
    """Return a builder of a workbook one of whose parts declares a document type."""

    def change(xml: bytes) -> bytes:
        text = xml.decode().removeprefix("<?xml version='1.0'?>")
        text = text.removeprefix('<?xml version="1.0" encoding="UTF-8"?>').lstrip()
        return f'<?xml version="1.0" encoding="{encoding}"?>{declared}{text}'.encode(encoding)

    def build(path: Path) -> Path:
        if part == "content.xml":
            return edit_zip(write_ods(path, 表=[["x"]]), part, change)
        return edit_zip(write_xlsx(path, 表=[["x"]]), part, change)

    return build


def _zip_of_tables(path: Path) -> None:
    inner = write_xlsx(path.with_name("甲.xlsx"), 表=[[1]])
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "甲.xlsx")
    inner.unlink()


def _many_styles(path: Path) -> Path:
    formats = "".join(f'<xf numFmtId="{number}"/>' for number in range(65_537))
    change = f"<styleSheet><cellXfs>{formats}</cellXfs></styleSheet>".encode()
    return edit_zip(write_xlsx(path, 表=[["x"]]), "xl/styles.xml", lambda _: change)


def _many_sheets(path: Path) -> Path:
    link = "<Relationship Id='{0}' Target='worksheets/{0}.xml'/>".format
    sheet = "<sheet name='{0}' id='{0}'/>".format
    links = f"<Relationships>{''.join(map(link, range(501)))}</Relationships>".encode()
    sheets = f"<workbook><sheets>{''.join(map(sheet, range(501)))}</sheets></workbook>".encode()
    edit_zip(write_xlsx(path, 表=[["x"]]), "xl/_rels/workbook.xml.rels", lambda _: links)
    return edit_zip(path, "xl/workbook.xml", lambda _: sheets)


def _same_sheet_twice(path: Path) -> Path:
    def change(xml: bytes) -> bytes:
        start, end = xml.index(b"<sheet "), xml.index(b"</sheets>")
        sheet = xml[start:end]
        return xml[:end] + sheet.replace("表".encode(), "乙".encode()) + xml[end:]

    return edit_zip(write_xlsx(path, 表=[["x"]]), "xl/workbook.xml", change)


def _without_link(path: Path) -> Path:
    def change(xml: bytes) -> bytes:
        return xml.replace(b"r:id", b"r:i")

    return edit_zip(write_xlsx(path, 表=[["x"]]), "xl/workbook.xml", change)


def _many_old_sheets(path: Path) -> None:
    book = xlwt.Workbook()
    for number in range(501):
        book.add_sheet(str(number))
    book.save(str(path))


def _old_sheet_twice(path: Path) -> None:
    book = xlwt.Workbook()
    for name in ("甲", "乙"):
        book.add_sheet(name).write(0, 0, 1)
    book.save(str(path))
    data = bytearray(path.read_bytes())
    first = data.index(b"\x85\x00")
    second = data.index(b"\x85\x00", first + 2)
    data[second + 4 : second + 8] = data[first + 4 : first + 8]
    path.write_bytes(data)


def _full_old_sheet(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for number in range(65_536):
        sheet.write(number, 0, 1)
    book.save(str(path))


def _full_sheet(path: Path) -> Path:
    cell = '<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'.format
    return xlsx_of(path, "".join(map(cell, range(524_288, 1_048_577))))


def endless_xls(path: Path) -> Path:
    """Write an old workbook of ten million empty records: reading it takes many seconds."""
    start = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 0)
    XlsDoc().save(str(path), start + bytes(40_000_000))
    return path


def _in_circles(path: Path) -> Path:
    """Write an old workbook whose stream is 2 GB long: its sectors, again and again."""
    data = bytearray(write_xls(path, 表=[["x"]]).read_bytes())
    start = data.index("Workbook".encode("utf-16-le")) + 116
    (first,) = struct.unpack_from("<I", data, start)
    struct.pack_into("<I", data, start + 4, 2**31)
    (table,) = struct.unpack_from("<I", data, 76)
    struct.pack_into("<I", data, 512 * (table + 1) + 4 * first, first)
    path.write_bytes(data)
    return path


def _bytes(data: bytes) -> Build:
    return lambda path: path.write_bytes(data)


def _row(body: str, attributes: str = "") -> str:
    return f"<table:table-row{attributes}>{body}</table:table-row>"


HOSTILE: dict[str, tuple[str, str, Build]] = {
    "a part that unpacks to a thousand times its size": (
        "xlsx", "压缩炸弹", lambda path: add_parts(path, ("xl/x.xml", bytes(2_000_000)))),
    "many small parts that unpack to 201 MB": (
        "xlsx", "解压后超过 200 MB",
        lambda path: add_parts(path, *((f"xl/{n}.bin", bytes(2**20)) for n in range(201)))),
    "2,001 parts": (
        "xlsx", "内部文件超过 2000 个",
        lambda path: add_parts(path, *((f"xl/{n}.bin", b"") for n in range(2_001)))),
    "the same part twice": ("xlsx", "重名", _twice),
    "the same part twice but for capitals": (
        "xlsx", "重名", lambda path: add_parts(path, ("xl/WORKBOOK.xml", b"<x/>"))),
    "a part outside the archive": (
        "xlsx", "路径不对", lambda path: add_parts(path, ("../../x.xml", b"<x/>"))),
    "a part at the root of the disk": (
        "xlsx", "路径不对", lambda path: add_parts(path, ("/etc/x.xml", b"<x/>"))),
    "two parts that share their bytes": ("xlsx", "重叠", _lying(_overlap)),
    "a part larger than it says": ("xlsx", "损坏", _lying(_understate)),
    "a part with a wrong checksum": ("xlsx", "损坏", _lying(_wrong_sum)),
    "a part with a password": ("xlsx", "密码", _lying(_locked)),
    "a part packed in an unusual way": ("xlsx", "压缩方法不对", _lying(_unknown_method)),
    "an archive of tables": ("xlsx", "是压缩包，里面有 甲.xlsx", _zip_of_tables),
    "macros under another suffix": (
        "xlsx", "含有宏", lambda path: add_parts(path, ("xl/vbaProject.bin", b"x"))),
    "macros of Excel 4": (
        "xlsx", "含有宏", lambda path: add_parts(path, ("xl/macrosheets/sheet1.xml", b"<x/>"))),
    "a billion laughs in the shared texts": (
        "xlsx", "文档类型", lambda path: add_parts(path, (TEXTS, f"{BOMB}<sst/>".encode()))),
    "a billion laughs in UTF-16": (
        "xlsx", "文档类型", _with_type("xl/worksheets/sheet1.xml", BOMB, "utf-16")),
    "a quadratic bomb": ("xlsx", "文档类型", _with_type("xl/styles.xml", QUADRATIC)),
    "an external entity": ("xlsx", "文档类型", _with_type("xl/workbook.xml", EXTERNAL)),
    "a document type in a part of no use": (
        "xlsx", "文档类型", _with_type("docProps/core.xml", "<!DOCTYPE x>")),
    "a billion laughs in an .ods": ("ods", "文档类型", _with_type("content.xml", BOMB)),
    "a cell in the farthest corner": (
        "xlsx", "很远的行或列",
        lambda path: xlsx_of(path, ONE_CELL + '<row><c r="XFD1048576"><v>1</v></c></row>')),
    "an empty result in the farthest corner": (
        "xlsx", "很远的行或列",
        lambda path: xlsx_of(path, ONE_CELL + '<row><c r="XFD1048576" t="str"><v></v></c></row>')),
    "a cell outside the sheet": (
        "xlsx", "很远的行或列",
        lambda path: xlsx_of(path, '<row><c r="A99999999999"><v>1</v></c></row>')),
    "a cell in row 0": (
        "xlsx", "没有 A0", lambda path: xlsx_of(path, '<row><c r="A0"><v>1</v></c></row>')),
    "a cell in no column": (
        "xlsx", "没有 AAAAAA 列",
        lambda path: xlsx_of(path, '<row><c r="AAAAAA1"><v>1</v></c></row>')),
    "a row repeated to the end of an .ods": (
        "ods", "恐怕已被截断",
        lambda path: ods_of_xml(
            path, _row(ODS_CELL.format(""), ' table:number-rows-repeated="1048576"'))),
    "a row repeated beyond the end of an .ods": (
        "ods", "很远的行或列",
        lambda path: ods_of_xml(
            path, _row(ODS_CELL.format(""), ' table:number-rows-repeated="4000000000"'))),
    "a cell repeated beyond the end of an .ods": (
        "ods", "很远的行或列",
        lambda path: ods_of_xml(
            path, _row(ODS_CELL.format(' table:number-columns-repeated="4000000000"')))),
    "a cell repeated less than never": (
        "ods", "不对",
        lambda path: ods_of_xml(
            path, _row(ODS_CELL.format(' table:number-columns-repeated="-5"')))),
    "65,537 cell formats": ("xlsx", "单元格格式超过 65536 种", _many_styles),
    "ten million cell formats": (
        "xlsx", "压缩炸弹",
        lambda path: edit_zip(
            write_xlsx(path, 表=[["x"]]), "xl/styles.xml",
            lambda _: b"<styleSheet><cellXfs>" + b"<xf/>" * 10**7 + b"</cellXfs></styleSheet>")),
    "501 sheets": ("xlsx", "工作表超过 500 张", _many_sheets),
    "501 sheets in an .ods": (
        "ods", "工作表超过 500 张",
        lambda path: ods_of_xml(path, "</table:table><table:table table:name='x'>" * 500)),
    "501 sheets in an .xls": ("xls", "工作表超过 500 张", _many_old_sheets),
    "a sheet that leads nowhere": (
        "xlsx",
        "损坏",
        _without_link,
    ),
    "one sheet under two names": ("xlsx", "两张工作表是同一张", _same_sheet_twice),
    "one sheet under two names in an .xls": ("xls", "两张工作表是同一张", _old_sheet_twice),
    "an .xls whose sectors go in circles": ("xls", "损坏", _in_circles),
    "5,000 streams that lead one to the next": (
        "xls", "损坏", _bytes(ole_of(*map(str, range(5_000))))),
    "an .xls full to its last row": ("xls", "最后一行（65536），恐怕已被截断", _full_old_sheet),
    "an .xlsx full to its last row": ("xlsx", "最后一行（1048576），恐怕已被截断", _full_sheet),
    "a web page under another suffix": ("xls", "网页", _bytes(b"<html><table></table></html>")),
    "one line of 50 MB": ("csv", "有一格多于", _bytes(b"a" * 50_000_000)),
    "one line of 25 million cells": ("csv", "有一行多于 16384 格", _bytes(b"1," * 25_000_000)),
    "25 million lines": ("csv", "行。", _bytes(b"1\n" * 25_000_000)),
    "more than 50 MB": ("csv", "文件超过 50 MB", _bytes(b"1\n" * 27_000_000)),
    "a CSV file with NUL in it": ("csv", "文字编码", _bytes("项目,数\n甲\x00,1\n".encode())),
    "a CSV file that ends within a character": (
        "csv", "不完整", _bytes("项目,数\n甲".encode()[:-1])),
}  # fmt: skip


def build(name: str, folder: Path) -> Path:
    """Write one of the files above."""
    suffix, _, write = HOSTILE[name]
    path = folder / f"坏.{suffix}"
    write(path)
    return path
