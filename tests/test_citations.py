"""Tests of TEXT-21: regulations as a text cites them."""

import pytest
from builders import SCHEMES
from evaluated import LINES, evaluate, fails, findings, saying, text

from selfeval.schemes.citations import load_citations

METHOD = "《项目支出绩效评价管理办法》"
OPINION = "《关于全面实施预算绩效管理的意见》"
OLD = "《财政支出绩效评价管理暂行办法》（财预〔2011〕285号）"


def cited(tmp_path, sentence):
    return fails(saying(tmp_path, sentence), "TEXT-21")


def test_a_wrong_number_is_told_with_the_right_one(tmp_path):
    (finding,) = findings(saying(tmp_path, f"根据{METHOD}（财预〔2020〕11号）开展。"), "TEXT-21")

    assert (finding.outcome, finding.severity) == ("fail", "warning")
    assert finding.message == (
        f"“财预〔2020〕11号”与登记的文号不同，登记的是财政部{METHOD}，财预〔2020〕10号："
        f"“根据{METHOD}（财预〔2020〕11号）开展”。请对照原文核实。"
    )
    assert (finding.expected, finding.found) == ("财预〔2020〕10号", "财预〔2020〕11号")


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (f"根据{METHOD}（财预〔2019〕10号）开展。", "财预〔2019〕10号"),
        (f"根据{METHOD}（财绩〔2020〕10号）开展。", "财绩〔2020〕10号"),
        (
            "按照《关于全面实施预算绩效管理的实施意见》（湘政发〔2019〕10号）。",
            "湘政发〔2019〕10号",
        ),
        ("按照《关于全面落实预算绩效管理的意见》（中发〔2018〕34号）。", "中发〔2018〕34号"),
        ("按照财预〔2020〕10号《中央部门预算绩效目标管理办法》执行。", "财预〔2020〕10号"),
        ("《预算法实施条例》（国务院令第728号）施行。", "国务院令第728号"),
    ],
)
def test_a_number_and_a_title_that_do_not_belong_together_are_found(tmp_path, sentence, found):
    assert cited(tmp_path, sentence) == [found]


@pytest.mark.parametrize(
    "sentence",
    [
        f"根据{METHOD}（财预〔2020〕10号）开展。",
        f"根据《财政部关于印发〈{METHOD[1:-1]}〉的通知》（财预〔2020〕10号）开展。",
        f"根据《财政部关于印发{METHOD}的通知》（财预[2020]10号）开展。",
        "根据《绩效评价管理办法》（财预〔2020〕10号）开展。",
        f"根据《中共中央 国务院{OPINION[1:]}（中发〔2018〕34号）开展。",
        f"根据{METHOD}（星财绩〔2021〕5号）开展。",
        f"根据《星桥区{METHOD[1:]}（星财预〔2020〕10号）开展。",
        "根据《星桥区差旅费管理办法》（星财行〔2019〕3号）开展。",
        f"根据{METHOD}开展。",
        f"根据《中共中央国务院{OPINION[1:]}（中发〔2018〕34号）和《湖北省财政厅关于印发全面实施"
        "预算绩效管理系列制度的通知》（鄂财绩发〔2020〕3号）等规定。",
        f"根据《星桥旗人民政府<关于印发方案>的通知》（星政办发〔2021〕15号），结合财政部{METHOD}"
        "（财预〔2020〕10号）等。",
        "根据沪府规【2016】168号文件和普发改投【2017】89号文《关于可行性研究报告的批复》建设。",
        "按照《关于全面实施预算绩效管理的实施意见》（星办发〔2019〕10号）。",
        "根据财预〔2020〕10号、《星桥区差旅费管理办法》开展。",
        f"根据{METHOD}（财预〔2020〕10号）《星桥区差旅费管理办法》开展。",
        "《预算法实施条例》（国务院令第729号）施行。",
    ],
)
def test_a_citation_as_registered_or_of_another_place_is_not_found(tmp_path, sentence):
    assert cited(tmp_path, sentence) == []


@pytest.mark.parametrize(
    "written", ["〔20241号", "〔2024 1号", "2024〕1号", "〔202〕1号", "【20244】1号", "〔2034〕1号"]
)
def test_a_number_that_is_none_is_found(tmp_path, written):
    (finding,) = findings(saying(tmp_path, f"根据湘财绩{written}通知。"), "TEXT-21")

    assert written in finding.message


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (f"根据财政部{OPINION}开展。", True),
        (f"按照国务院印发的{METHOD}开展。", True),
        (f"按照中共中央、国务院{OPINION}开展。", False),
        (f"按照国务院{OPINION}开展。", False),
        (f"按照财政部{METHOD}开展。", False),
        (f"按照星桥区财政局{METHOD}开展。", False),
        ("根据财政部《星桥区差旅费管理办法》开展。", False),
    ],
)
def test_a_title_given_to_another_national_office_is_found(tmp_path, sentence, found):
    assert bool(cited(tmp_path, sentence)) is found


@pytest.mark.parametrize(
    ("year", "sentence", "found"),
    [
        (2021, f"根据{OLD}开展。", True),
        (2019, f"根据{OLD}开展。", False),
        (2020, f"根据{OLD}开展。", False),
        (2021, f"{OLD}已经废止。", False),
        (2021, "根据《预算法实施条例》（国务院令第186号）开展。", True),
    ],
)
def test_what_was_replaced_before_the_year_is_no_longer_cited(tmp_path, year, sentence, found):
    evaluation = evaluate(
        tmp_path, narrative=text(sentence), settings={"fiscal_year": year}, **LINES
    )

    assert bool(fails(evaluation, "TEXT-21")) is found


def test_an_entry_that_nobody_compared_says_so_and_is_never_severe(tmp_path):
    told = findings(saying(tmp_path, "根据《预算法实施条例》（国务院令第728号）。"), "TEXT-21")

    assert [("尚未对照原文核实" in f.message, f.severity) for f in told] == [(True, "warning")]


def test_a_regulation_is_registered_once_and_its_title_is_its_own():
    known = load_citations(SCHEMES)

    assert all(one.is_called(one.title) for one in known.regulations)
    assert len(known.numbered) == len(known.regulations)
