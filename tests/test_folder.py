"""Tests of selfeval.unit.folder and FILE-01: every entry of a unit's folder is accounted for."""

import os

import pytest
from builders import BASIC, PROJECTS, make_unit
from evaluated import findings

from selfeval.checks import check
from selfeval.errors import InputErrors, TableError
from selfeval.evaluation.load import load_unit

TABLES = {"basic": BASIC, "projects": PROJECTS}


def unread(folder, *names):
    """Put files into a unit's folder; return what FILE-01 says of them, by name."""
    for name in names:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    found = findings(check(load_unit(folder)), "FILE-01")
    return {finding.item: finding.message for finding in found}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("总结.docx", "文字材料和 PDF 不能直接读。里面的数请抄进填报表，文字请抄进 narrative.md"),
        ("总结.DOC", "文字材料和 PDF 不能直接读"),
        ("总结.wps", "文字材料和 PDF 不能直接读"),
        ("批复.pdf", "文字材料和 PDF 不能直接读"),
        ("公开.html", "文字材料和 PDF 不能直接读"),
        ("narrative.md.txt", "文字材料和 PDF 不能直接读"),
        ("截图.png", "是图片。图里的数请抄进填报表"),
        ("附件.zip", "是压缩包。请解压后放入要用的表格"),
        ("数据.dbf", "不认识这种文件。里面有要用的表格的，请另存为 .xlsx 再放入"),
        ("没有后缀", "不认识这种文件"),
    ],
)
def test_a_file_that_nobody_reads_is_named_with_what_to_do(tmp_path, name, said):
    told = unread(make_unit(tmp_path, **TABLES), name)

    assert list(told) == [name]
    assert said in told[name]


def test_what_is_said_of_an_unread_file(tmp_path):
    folder = make_unit(tmp_path, **TABLES)
    unread(folder, "批复.pdf")

    (finding,) = findings(check(load_unit(folder)), "FILE-01")

    assert finding.message == (
        "“批复.pdf”没有读取：文字材料和 PDF 不能直接读。里面的数请抄进填报表，文字请抄进 "
        "narrative.md；有现成公开表的，请把表复制出来，另存为 .xlsx 再放入；作佐证的，请放进"
        " evidence 文件夹；不用的，请移走，或在 unit.yaml 的 ignore 里写明“批复.pdf”。"
    )
    assert (finding.severity, finding.outcome) == ("warning", "fail")
    assert [str(place) for place in finding.places] == ["T001 › 批复.pdf"]


def test_a_folder_that_nobody_reads_is_named_once_and_an_empty_one_not_at_all(tmp_path):
    folder = make_unit(tmp_path, **TABLES)
    (folder / "空").mkdir()

    told = unread(folder, "附件/甲.xlsx", "附件/乙.pdf")

    assert list(told) == ["附件/"]
    assert "子文件夹里的文件都不读取" in told["附件/"]


def test_evidence_and_what_programs_leave_by_themselves_is_no_finding(tmp_path):
    names = ["evidence/甲.pdf", "~$填报.xlsx", ".~lock.填报.xlsx#", ".DS_Store", "Thumbs.db",
             "thumbs.DB", "desktop.ini", "narrative.md~", "~甲.tmp", "__MACOSX/甲"]  # fmt: skip

    assert unread(make_unit(tmp_path, **TABLES), *names) == {}


@pytest.mark.parametrize("ignored", ["批复.pdf", "附件", "附件/"])
def test_what_unit_yaml_ignores_is_no_finding(tmp_path, ignored):
    folder = make_unit(tmp_path, settings={"ignore": [ignored]}, **TABLES)

    told = unread(folder, "批复.pdf", "附件/甲.xlsx")

    assert set(told) == {"批复.pdf", "附件/"} - {ignored, f"{ignored}/"}


def test_what_is_ignored_is_not_among_the_inputs(tmp_path):
    folder = make_unit(tmp_path, settings={"ignore": ["备查.xlsx"]}, **TABLES)
    (folder / "备查.xlsx").write_bytes(b"x")

    assert "备查.xlsx" not in load_unit(folder).unit.inputs()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_or_a_broken_link_that_is_named_like_a_table_is_refused_by_name(tmp_path):
    folder = make_unit(tmp_path, **TABLES)
    os.mkfifo(folder / "管道.xlsx")
    os.symlink("没有.xlsx", folder / "链接.xlsx")

    with pytest.raises((TableError, InputErrors)) as caught:
        load_unit(folder)

    assert "管道.xlsx：文件打不开（不是普通文件）" in str(caught.value)
    assert "链接.xlsx：文件打不开（文件不存在）" in str(caught.value)
