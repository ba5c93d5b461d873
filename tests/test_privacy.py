"""Personal numbers and addresses: what is one, what is not, and where they may never come."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import NARRATIVE, SCHEMES
from evaluated import COMPLETE, evaluate, fails, findings, indicator, line, measure, text
from hypothesis import example, given
from hypothesis import strategies as st

from notebooks import exported
from selfeval.annex import build_annexes
from selfeval.evaluation import Evaluation
from selfeval.evaluation.finding import places_text
from selfeval.schemes.checks import load_checks
from selfeval.schemes.privacy import (
    find_in_page,
    find_in_text,
    find_in_workbook,
    heading_before,
    masked_page,
    masked_text,
)
from selfeval.scoring.score import score

CHECKS = load_checks(SCHEMES)
IDENTITY, MOBILE, CARD = "110101199003077774", "13800138000", "6222021234567890128"


def kinds(said: str) -> list[str]:
    return [found.kind.rule for found in find_in_text(said, CHECKS)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (f"张三身份证{IDENTITY}。", "PRIV-01"),
        ("身份证 110101 19900307 7774", "PRIV-01"),
        ("１１０１０１１９９００３０７７７７４", "PRIV-01"),
        ("11010119900307002X", "PRIV-01"),
        ("11010119900307002x", "PRIV-01"),
        ("身份证号码：430103650101123", "PRIV-01"),
        (f"联系电话：{MOBILE}", "PRIV-02"),
        ("138 0013 8000", "PRIV-02"),
        ("138-0013-8000", "PRIV-02"),
        ("+86 138—0013—8000", "PRIV-02"),
        ("8613800138000", "PRIV-02"),
        ("电话 0731-88000000/13800138000", "PRIV-02"),
        ("１３８　００１３　８０００", "PRIV-02"),
        ("138\u200b0013\u200b8000", "PRIV-02"),
        (f"卡号{CARD}", "PRIV-03"),
        ("6222 0212 3456 7890 128", "PRIV-03"),
        ("银行卡4367 4212 1234 5679", "PRIV-03"),
        ("邮箱zhangsan@example.gov.cn", "PRIV-04"),
        ("tel13800138000", "PRIV-02"),
        ("微信Tel/13800138000", "PRIV-02"),
        ("手机138.0013.8000", "PRIV-02"),
        ("手机138·0013·8000", "PRIV-02"),
        ("0086-138-0013-8000", "PRIV-02"),
        ("张三_13800138000.xlsx", "PRIV-02"),
        ("13800138000分机8001", "PRIV-02"),
        (f"ID{IDENTITY}", "PRIV-01"),
        ("ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "PRIV-04"),
    ],
)
def test_personal_numbers_are_found_however_they_are_written(said: str, code: str) -> None:
    assert kinds(said) == [code]


@pytest.mark.parametrize(
    "said",
    [
        "110101199003077775",  # the check digit is another
        "110101199013077774",  # no month 13
        "430103650101123",  # 15 digits of anything
        "13800138000元",
        "13800138000.00",
        "13,800,138,000.00",
        "总投资13800138000万元",
        "项目编号：13800138000",
        "合同编号13800138000号",
        "12345678901",
        "0731-88000000",
        "6222021234567890123",  # the check digit is another
        "6201022021000123453",  # an office's number: district, year, serial
        "4367421212345679",  # no word of a card before it
        "长财预〔2021〕13800号、GB/T 8170-2008、2021-01-01至2021-12-31",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "114301126616610579",  # 统一社会信用代码
        "https://example.cn/t20210303_13800138000.html",
        "100123456789 2021 2022 2023 2024",
        "138****8000",
        "合同JS13800138000",
        "政采计划2021-13800138000号",
        "第13800138000号",
        "星财预〔2021〕15号",
        "IP 138.00.13.80",
        "1380013.8000万元",
        "ISBN 978-7-5141-1380-0",
        "2019 2020 2021",
        "@",
    ],
)
def test_other_numbers_are_not_personal(said: str) -> None:
    assert kinds(said) == []


def test_numbers_are_found_where_tags_break_them_and_not_across_cells() -> None:
    broken = '<p>138<strong>0013</strong>8<a class="n" data-note="甲">000</a></p>'
    cells = "<tr><td>138</td><td>00138000</td></tr><p>138</p><p>00138000</p>"
    entities = "<p>&#49;3800138000</p>"
    notes = '<a data-note="电话13800138000">1</a>'

    assert [one.shown for one in find_in_page(broken, CHECKS)] == ["138****8000"]
    assert find_in_page(cells, CHECKS) == []
    assert len(find_in_page(entities, CHECKS)) == 1
    assert len(find_in_page(notes, CHECKS)) == 1


@given(
    st.lists(
        st.sampled_from(["", "<b>", "</b>", '<a title="甲&amp;">', "\u200b", "&#8203;", "&shy;"]),
        min_size=len(MOBILE),
        max_size=len(MOBILE),
    ),
    st.lists(
        st.sampled_from(["{}", "&#x3{};", "&#x003{};"]),
        min_size=len(MOBILE),
        max_size=len(MOBILE),
    ),
)
def test_a_number_is_found_and_hidden_whatever_unseen_stands_in_it(
    unseen: list[str], written: list[str]
) -> None:
    pieces = (
        f"{gap}{form.format(digit)}"
        for gap, form, digit in zip(unseen, written, MOBILE, strict=True)
    )
    page = f"<p>电话{''.join(pieces)}。</p>"

    assert [found.text for found in find_in_page(page, CHECKS)] == [MOBILE]
    assert find_in_page(masked_page(page, CHECKS), CHECKS) == []


def test_masking_keeps_the_page_and_hides_the_middle() -> None:
    page = f"<p>电话138<b>0013</b>8000，证件{IDENTITY}，甲 &amp; 乙 a.b@example.cn</p>"

    masked = masked_page(page, CHECKS)

    assert masked == (
        "<p>电话138<b>****</b>8000，证件110101********7774，甲 &amp; 乙 ***@example.cn</p>"
    )
    assert find_in_page(masked, CHECKS) == []
    assert masked_text(f"电话{MOBILE}", CHECKS) == "电话138****8000"


def test_what_is_known_is_masked_also_where_other_digits_touch_it() -> None:
    known = find_in_text(f"{MOBILE} a-b@example.cn", CHECKS)
    said = f"编制{MOBILE}14人，https://a.cn/{MOBILE}，1A-B@EXAMPLE.CN"

    assert find_in_text(said, CHECKS)[:-1] == []
    assert masked_text(said, CHECKS, known=known) == (
        "编制138****800014人，https://a.cn/138****8000，****@EXAMPLE.CN"
    )
    assert masked_text(f"采购{MOBILE[:8]}…", CHECKS, known=known) == "采购138*****…"
    assert masked_page(f"<p>1{MOBILE[:4]}<b>{MOBILE[4:]}</b>9</p>", CHECKS, known=known) == (
        "<p>1138*<b>***8000</b>9</p>"
    )


@example("a@b.cn@c.cn")
@given(st.text("0123456789Xx -１@.a元\n<", max_size=60))
def test_what_is_masked_is_found_no_more(said: str) -> None:
    assert find_in_text(masked_text(said, CHECKS), CHECKS) == []


@given(st.integers(0, 10**17 - 1))
def test_a_wrong_check_digit_is_no_identity_number(first: int) -> None:
    bodies = [f"{first:017d}{last}" for last in "0123456789X"]

    assert sum(kinds(body) == ["PRIV-01"] for body in bodies) <= 1


def test_a_number_is_found_under_its_heading() -> None:
    page = "<h2 id=a>一、<b>概况</b></h2><p>甲</p><h3>（一）机构</h3><p>乙</p>"

    assert heading_before(page, page.index("甲")) == "一、概况"
    assert heading_before(page, page.index("乙")) == "（一）机构"


def test_a_finding_names_the_line_the_cell_and_what_is_shown_of_the_number(tmp_path: Path) -> None:
    said = text("联系人张三，电话13800138000。", f"证件{IDENTITY[:6]}**{IDENTITY[6:]}**。")

    found = evaluate(
        tmp_path,
        narrative=said,
        settings={"contact": "办公室 139 0013 9000"},
        **COMPLETE | {"projects": [line("采购13700137000", 1, 1, 0, 1, 1)]},
    )

    (identity,) = findings(found, "PRIV-01")
    assert identity.message == (
        "要公开的内容里有身份证号码110101********7774。请在来源里删去，或隐去中间几位。"
    )
    assert identity.blocks
    assert places_text(identity.places, "T001") == "T001 › narrative.md › 第 15 行"
    assert {f.item: places_text(f.places, "T001") for f in findings(found, "PRIV-02")} == {
        "138****8000": "T001 › narrative.md › 第 13 行",
        "139****9000": "T001 › unit.yaml › 第 4 行",
        "137****7000": "T001 › 项目支出.csv › 项目支出 › A4",
    }
    assert findings(found, "PRIV-02")[0].message == (
        "要公开的内容里有手机号码138****8000。请在来源里删去，或隐去中间几位；"
        "确是单位对外公布的，列入 unit.yaml 的 office_contacts。"
    )


def test_an_offices_own_telephone_and_mailbox_may_be_published(tmp_path: Path) -> None:
    contacts = ["+86 138 0013 8000", "Office@example.gov.cn"]
    said = "办公室 138-0013-8000、office@example.gov.cn，张三 zhang@example.gov.cn"

    found = evaluate(tmp_path, settings={"contact": said, "office_contacts": contacts})

    assert fails(found, "PRIV-02") == []
    assert fails(found, "PRIV-04") == ["*****@example.gov.cn"]
    assert masked_text(said, CHECKS, contacts) == said.replace("zhang@", "*****@")


def test_no_explanation_clears_what_is_personal(tmp_path: Path) -> None:
    said = {"finding": "PRIV-01", "text": f"已征得本人同意{IDENTITY}"}

    found = evaluate(tmp_path, narrative=text(f"证件{IDENTITY}"), settings={"explanations": [said]})

    assert [finding.blocks for finding in findings(found, "PRIV-01")] == [True]
    assert [finding.message for finding in findings(found, "META-01")] == [
        "PRIV-01（公开版里没有身份证号码）不能靠说明消除，说明“已征得本人同意110101********7774”"
        "不起作用。有这条发现的，请照它的提示改正来源；这条说明请删去。"
    ]


def test_what_is_not_published_is_no_finding(tmp_path: Path) -> None:
    rows = {"indicator_name": "培训场次", "material": "签到表", "holder": "张三13800138000"}

    found = evaluate(tmp_path, **COMPLETE | {"evidence": [rows]})

    assert fails(found, "PRIV-02") == []


def published(evaluation: Evaluation) -> set[str]:
    """Return what is personal in the public edition and the forms."""
    scored = score(evaluation)
    found = find_in_page(exported(scored), CHECKS)
    for data in build_annexes(scored).values():
        found += find_in_workbook(data, CHECKS)
    return {one.shown for one in found}


def test_the_check_tells_exactly_what_the_page_and_the_forms_will_print(tmp_path: Path) -> None:
    numbers = iter(range(13900000000, 13900001000))
    told: dict[str, str] = {}

    def phone(where: str) -> str:
        number = str(next(numbers))
        told[f"{number[:3]}****{number[-4:]}"] = where
        return f"停电{number}"

    def texts(row: dict[str, object], table: str, *fields: str) -> dict[str, object]:
        return row | {field: phone(f"{table}.{field}") for field in fields}

    projects = [texts(line("", 1, 1, 0, 1, 1), "projects", "item", "note")]
    rows = {
        "staffing": [
            texts({"authorised_posts": 1, "staff_in_post": 1}, "staffing", "kind", "note")
        ],
        "basic": [texts(line("人员经费", 1, 1, 0, 1, 1), "basic", "use", "note")],
        "projects": projects,
        "indicators": [
            texts(
                indicator(project=projects[0]["item"], comparison="定性", actual_value="未达成"),
                "indicators", "indicator_name", "target_value",
                "measure_unit", "deviation_cause", "evidence",
            )
        ],
        "measures": [
            texts(measure(), "measures", "problem", "cause", "measure", "owner", "due")
        ],
    }  # fmt: skip
    settings = {
        "unit_name": phone("unit_name"),
        "signatory": phone("signatory"),
        "contact": phone("contact"),
        "explanations": [
            {"finding": "MISS-04", "text": phone("explanation"), "basis": phone("basis")}
        ],
        "annex": {
            **{
                key: phone(f"annex.{key}")
                for key in ("annual_goal", "annual_result", "thrift_measures", "supervisor",
                            "preparer", "telephone")
            },
            "projects": [
                {
                    "project": projects[0]["item"],
                    **{key: phone(f"annex.projects.{key}")
                       for key in ("annual_goal", "annual_result", "supervisor")},
                }
            ],
        },
    }  # fmt: skip
    narrative = NARRATIVE.replace("办理各项业务。", phone("text")) + (
        f"\n## {phone('heading')}\n\n{phone('free')}\n"
    )
    evaluation = evaluate(tmp_path, narrative=narrative, settings=settings, **rows)

    found = set(fails(evaluation, "PRIV-02"))

    printed = published(evaluation)
    assert {told[one] for one in printed - found} == set()
    # The unit's own supervisor is printed only where a project has none.
    assert {told[one] for one in found - printed} <= {"annex.supervisor"}
    assert len(printed) > 20


def test_the_patterns_are_linear() -> None:
    for said in ("1 " * 20_000, "1" * 40_000, "a@" * 20_000, "a." * 20_000 + "@", "<" * 20_000):
        assert not find_in_page(said, CHECKS)
        assert not find_in_text(said, CHECKS)


def test_masks_are_as_long_as_what_they_hide() -> None:
    assert [re.sub(r"\d", "", found.shown) for found in find_in_text(CARD, CHECKS)] == ["*" * 9]
