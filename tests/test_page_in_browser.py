"""What a reader's browser makes of the pages: nothing asked, nothing cut, nothing unreadable."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from builders import BASIC, FORM, make_unit
from conftest import Samples
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, Page
from pylopdf_fonts_zh_cn import sans_path
from test_index import MINOR, SEVERE, done

from selfeval.page.index import index_page
from selfeval.project import LIST_FILE, Project
from selfeval.run.batch import run_units
from selfeval.scoring.desk import desk_units

UNITS = ("G001", "S001", "S002", "S003", "S004", "S005")
REPORTS = [f"{unit}/{edition}.html" for unit in UNITS for edition in ("report", "review")]
PAGES = [*REPORTS, "index.html", "rules.html"]
# Axe takes seconds a page, and the pages of one kind differ in their words alone.
KINDS_OF_PAGE = [*REPORTS[:4], "index.html", "rules.html"]
EVERY_SIZE = [(360, 800), (1280, 900)]


class Visit:
    """A page opened in Chromium, and what it asked for and complained of meanwhile."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.asked: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message))
        page.goto(path.as_uri(), wait_until="load")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    # axe is a script, which the pages' own policy forbids: the test lets it in, nobody else can.
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def path_of(samples: Samples, name: str) -> Path:
    return samples.project.outputs / "2021" / name


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_itself_alone_and_its_console_stays_silent(
    name: str, samples: Samples, browser: Browser
) -> None:
    path = path_of(samples, name)
    page = browser.new_page()

    visit = Visit(page, path)
    page.close()

    assert visit.asked == [path.as_uri()]
    assert visit.said == []


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_a_page_never_scrolls_sideways(name: str, samples: Samples, page: Page) -> None:
    page.goto(path_of(samples, name).as_uri())
    for width, height in EVERY_SIZE:
        page.set_viewport_size({"width": width, "height": height})

        wide = page.evaluate("document.documentElement.scrollWidth")

        assert wide <= page.evaluate("document.documentElement.clientWidth"), width


@pytest.mark.browser
@pytest.mark.parametrize("name", [name for name in REPORTS if name.endswith("report.html")])
def test_on_a_phone_the_tables_of_money_reasons_and_indicators_scroll_no_way(
    name: str, samples: Samples, page: Page
) -> None:
    page.goto(path_of(samples, name).as_uri())
    page.set_viewport_size({"width": 360, "height": 800})

    widths = page.eval_on_selector_all(
        ".lines, .deeds, .reasons", "all => all.map(e => [e.scrollWidth, e.clientWidth])"
    )

    assert widths
    assert [wide for wide, seen in widths if wide > seen] == []


STRUCTURE = """() => {
  const all = (css) => [...document.querySelectorAll(css)];
  const ids = all('[id]').map(e => e.id);
  return {
    doubled: ids.filter((id, i) => ids.indexOf(id) !== i),
    lost: all('a[href^="#"]').map(a => a.getAttribute('href').slice(1))
      .filter(id => !ids.includes(id)),
    levels: all('h1,h2,h3,h4,h5,h6').map(h => Number(h.tagName[1])),
    tables: all('table').filter(t => !t.caption || !t.caption.innerText.trim()).length,
    heads: all('th:not([scope])').length,
    drawings: all('svg').filter(s => !s.querySelector(':scope > title')
      || !s.querySelector(':scope > desc')).length,
    lang: document.documentElement.lang,
    title: document.title,
  };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_well_built(name: str, samples: Samples, page: Page) -> None:
    page.goto(path_of(samples, name).as_uri())

    found = page.evaluate(STRUCTURE)

    assert found["doubled"] == []
    assert found["lost"] == []
    levels = found["levels"]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert (found["tables"], found["heads"], found["drawings"]) == (0, 0, 0)
    assert found["lang"] == "zh-CN"
    assert found["title"]


@pytest.mark.browser
def test_a_number_of_the_text_leads_to_its_reason_without_a_script(
    samples: Samples, page: Page
) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(path_of(samples, "S001/review.html").as_uri())

    page.locator(".own-text a.said.unchecked").first.click()

    shown = page.locator(":target")
    assert "未核对" in shown.inner_text()
    box = shown.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 800
    assert box["x"] + box["width"] <= 360


@pytest.mark.browser
def test_a_link_in_the_index_or_to_the_rules_leads_to_a_file(samples: Samples, page: Page) -> None:
    index = path_of(samples, "index.html")
    page.goto(index.as_uri())

    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")

    files = {unquote(link) for link in links if not link.startswith("#")}
    pages = {link for link in files if link.endswith(".html")}
    assert pages == {*REPORTS, "rules.html"}
    assert {link.split("/")[0] for link in files - pages} == {*UNITS, LIST_FILE}
    assert [link for link in files if not (index.parent / link).is_file()] == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS_OF_PAGE)
def test_axe_finds_nothing_in_light_or_dark(
    name: str, scheme: str, samples: Samples, page: Page
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(path_of(samples, name).as_uri())

    # The dark page differs in its colours alone.
    rules = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
    # What holds is counted, but not told element by element.
    result = Axe().run(page, options={"resultTypes": ["violations"]} | rules)

    assert result.violations_count == 0, result.generate_report()


@pytest.mark.browser
def test_dark_is_dark_and_light_is_light(samples: Samples, page: Page) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(path_of(samples, "G001/report.html").as_uri())
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light, dark = ([int(part) for part in re.findall(r"\d+", ground)] for ground in grounds)

    assert min(light) > 230
    assert max(dark) < 60


@pytest.fixture(scope="module")
def printed(page: Page) -> Callable[[Path], bytes]:
    """What a browser prints of a page, which is printed once."""

    @cache
    def pdf(path: Path) -> bytes:
        page.goto(path.as_uri())
        return page.pdf(prefer_css_page_size=True)

    return pdf


@pytest.mark.browser
@pytest.mark.parametrize("name", ["G001/report.html", "S001/report.html", "S001/review.html"])
def test_printing_gives_a4_pages(
    name: str, samples: Samples, printed: Callable[[Path], bytes]
) -> None:
    data = printed(path_of(samples, name))

    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", data)
    assert len(boxes) > 2
    millimetres = {tuple(round(float(side) / 72 * 25.4) for side in box) for box in boxes}
    assert millimetres == {(210, 297)}


def text_of(data: bytes) -> list[str]:
    """Return the text of each page that was printed, line by line as it stands there."""
    reader = shutil.which("pdftotext") or pytest.skip("needs poppler's pdftotext")
    read = [reader, "-layout", "-", "-"]
    text = subprocess.run(read, input=data, stdout=subprocess.PIPE, check=True).stdout
    return text.decode().removesuffix("\f").split("\f")


@pytest.mark.browser
def test_a_draft_is_marked_on_each_printed_page_and_nothing_else_is(
    samples: Samples, printed: Callable[[Path], bytes]
) -> None:
    draft, sound = (text_of(printed(samples.page(unit))) for unit in ("S004", "S001"))

    assert [text for text in draft if "草稿" not in text] == []
    assert [text for text in sound if "草稿" in text] == []


@pytest.mark.browser
@pytest.mark.parametrize("unit", UNITS)
def test_the_trace_prints_on_four_sheets_at_most(
    unit: str, samples: Samples, printed: Callable[[Path], bytes]
) -> None:
    sheets = [text for text in text_of(printed(samples.page(unit))) if "精确值" in text]

    assert 1 <= len(sheets) <= 4


@pytest.mark.browser
@pytest.mark.parametrize("unit", UNITS)
def test_no_printed_page_ends_on_the_head_of_a_table(
    unit: str, samples: Samples, page: Page, printed: Callable[[Path], bytes]
) -> None:
    lines = [
        [line.split() for line in text.splitlines() if line.strip()]
        for text in text_of(printed(samples.page(unit)))
    ]
    page.goto(samples.page(unit).as_uri())
    heads = [head.all_text_contents() for head in page.locator("thead tr:last-child").all()]

    # The last line of a sheet is its number.
    assert [sheet[-2] for sheet in lines if "".join(sheet[-2]) in map("".join, heads)] == []


@pytest.mark.browser
def test_a_total_opens_to_its_parts_by_the_keyboard_and_prints_them_only_then(
    samples: Samples, page: Page
) -> None:
    page.goto(samples.page("S003").as_uri())
    row, parts = page.locator("tbody.parts"), page.locator("tbody.parts dl")

    page.emulate_media(media="print")
    assert not row.is_visible()
    page.emulate_media(media="screen")
    assert row.is_visible()
    assert not parts.is_visible()
    page.locator("tbody.parts summary").focus()
    page.keyboard.press("Enter")
    assert parts.is_visible()
    page.emulate_media(media="print")
    assert parts.is_visible()
    page.emulate_media(media="screen")


@pytest.mark.browser
def test_print_repeats_table_heads_and_hides_what_only_a_screen_needs(
    samples: Samples, page: Page
) -> None:
    page.goto(path_of(samples, "S001/report.html").as_uri())
    page.emulate_media(media="print")

    heads = page.eval_on_selector_all(
        "thead", "all => [...new Set(all.map(e => getComputedStyle(e).display))]"
    )
    rows = page.eval_on_selector_all(
        "tr, figure", "all => [...new Set(all.map(e => getComputedStyle(e).breakInside))]"
    )
    gone = page.evaluate("getComputedStyle(document.querySelector('.toc')).display")
    page.emulate_media(media="screen")

    assert heads == ["table-header-group"]
    assert rows == ["avoid"]
    assert gone == "none"


@pytest.fixture(scope="module")
def drawable() -> frozenset[int]:
    """The characters the bundled font can draw."""
    font = TTFont(sans_path(), fontNumber=0)
    return frozenset(font.getBestCmap())


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_every_character_of_a_page_can_be_drawn(
    name: str, samples: Samples, page: Page, drawable: frozenset[int]
) -> None:
    page.goto(path_of(samples, name).as_uri())

    text = page.evaluate("document.body.textContent + document.title")

    assert {c for c in text if ord(c) not in drawable and not c.isspace()} == set()


@pytest.mark.parametrize("unit", UNITS)
def test_a_public_page_stays_under_150_kb(unit: str, samples: Samples) -> None:
    assert samples.page(unit).stat().st_size < 150_000


@pytest.mark.browser
def test_a_number_tells_its_exact_value_and_cell_when_it_has_the_focus(
    samples: Samples, page: Page
) -> None:
    page.goto(samples.page("G001").as_uri())
    number = page.locator("a.n[data-note*='填报.xlsx']", has_text="1683.71").first

    number.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    note = number.evaluate("e => getComputedStyle(e, '::after').content")

    assert "16 837 100.00 元" in note
    assert "填报.xlsx › 项目支出 › " in note


# --- the golden case -----------------------------------------------------------------------

# fmt: off
GOLDEN = [
    "16", "6", "1", "7", "2", "302.73", "284.73", "18.00", "1878.70", "1300.00", "1683.71",
    "578.70", "200.00", "297.30", "15.00", "40.00", "26.40", "139", "64", "169", "45", "9个部门",
    "127", "10类", "510万", "10个", "47", "123", "15分钟", "90%", "100%", "0.1公顷", "0.4公顷",
    "2021年6月", "2181.43", "129.52%", "383.71",
]
CODES = [
    "EXEC-01", "EXEC-02", "MISS-01", "MISS-02", "MISS-03", "MISS-04", "MISS-05", "MISS-06",
    "STAFF-02", "STAFF-03", "TEXT-01", "TEXT-04", "SECT-02",
]
# fmt: on


@pytest.fixture(scope="module")
def golden(samples: Samples, browser: Browser) -> dict[str, str]:
    """The golden case's text as a reader sees it, cells apart, else without spaces; no trace."""
    page = browser.new_page()
    texts = {}
    for edition in ("report", "review"):
        page.goto(samples.page("G001", edition).as_uri())
        text = page.inner_text("main").partition("精确值，以及所在的文件")[0]
        texts[edition] = re.sub(r"\s", "", text.replace("\t", "|"))
    page.close()
    return texts


@pytest.mark.browser
@pytest.mark.parametrize("figure", GOLDEN)
def test_the_public_page_holds_every_figure_of_the_golden_case(
    figure: str, golden: dict[str, str]
) -> None:
    assert re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d]|\.\d)", golden["report"])


@pytest.mark.browser
def test_the_public_page_says_that_execution_cannot_be_computed_and_why(
    golden: dict[str, str],
) -> None:
    assert "整体预算执行率不可计算" in golden["report"]
    assert re.search(r"预算执行率不可计算：[^。]*调整后预算数未提供", golden["report"])
    assert "预算执行率不可计算：支出合计的全年执行数未提供" in golden["report"]


@pytest.mark.browser
@pytest.mark.parametrize("code", CODES)
def test_the_review_page_lists_the_finding(code: str, golden: dict[str, str]) -> None:
    before_passed = golden["review"].partition("已通过的核对")[2].partition("待处理的发现")[2]
    assert code in (before_passed or golden["review"])


# --- hostile text --------------------------------------------------------------------------

BOMB = (
    '<script>alert(1)</script><img src=x onerror=alert(2)>"><svg onload=alert(3)>'
    "[x](javascript:alert(4))![](http://127.0.0.1:9/a.png)</style>{{7*7}}1234"
)
# Names are drawn in charts, which refuse a character that their font does not have.
SEEN = BOMB.replace("\u202e", "")
NAME = "单位</title><script>alert(7)</script>{{7*7}}1234"
NARRATIVE = f"""\
# 一、部门、单位基本情况

## （二）机构设置

{BOMB.replace("{{7*7}}", "{7*7}")}

<script>alert(5)</script>

## （三）主要职能

<img src=x onerror=alert(6)> 职能

# 三、部门整体支出绩效情况

## {BOMB[:60]}

完成。
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A unit with hostile text wherever text can be written, run in both editions."""
    root = tmp_path_factory.mktemp("hostile")
    basic = [row | {"note": BOMB, "use": BOMB} for row in BASIC]
    project = {"item": SEEN, "initial_budget": 50, "executed": 70, "note": ""}
    folder = make_unit(
        root,
        narrative=NARRATIVE,
        settings={
            "unit_name": NAME,
            "signatory": BOMB,
            "contact": BOMB,
            "explanations": [{"finding": "EXEC-01", "text": BOMB, "basis": BOMB}],
        },
        basic=basic,
        projects=[project],
        staffing=[{"kind": SEEN, "authorised_posts": 3, "staff_in_post": 2}],
        indicators=[indicator()],
        measures=[{"problem": BOMB, "cause": BOMB, "measure": BOMB, "owner": BOMB}],
    )
    workbook = folder / "填报.xlsx"
    workbook.rename(folder / "<img src=x onerror=alert(8)>&.xlsx")
    made = Project(root)
    [result] = run_units(made, [folder])
    assert result.status == "done", result.reason
    return made


def indicator() -> dict[str, object]:
    layout = next(table for table in FORM.tables if table.table == "indicators")
    row = dict(zip([c.field for c in layout.columns], layout.example, strict=True))
    drawn = ("indicator_name", "measure_unit", "project")
    written = ("deviation_cause", "evidence")
    return row | dict.fromkeys(drawn, SEEN) | dict.fromkeys(written, BOMB)


@pytest.mark.browser
@pytest.mark.parametrize("name", ["T001/report.html", "T001/review.html", "index.html"])
def test_hostile_text_runs_nothing_asks_for_nothing_and_stays_legible(
    name: str, hostile: Project, browser: Browser
) -> None:
    path = hostile.outputs / "2021" / name
    # Without the page's policy, so that escaping alone has to hold.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()

    visit = Visit(page, path)
    text = page.evaluate("document.body.innerText")
    foreign = page.evaluate(
        "document.querySelectorAll('script, img, iframe, svg[onload], [onerror]').length"
    )
    context.close()

    assert visit.asked == [path.as_uri()]
    assert visit.said == []
    assert foreign == 0
    assert "\u202e" not in text
    assert NAME in text
    assert name == "index.html" or SEEN in text


# --- the index ------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    units = [
        done(f"A{n}", *([SEVERE, MINOR] if n < 2 else []), draft=n < 2)
        | {"unit_name": "星桥区人力资源和社会保障局", "group": f"{'甲乙'[n % 2]}主管局"}
        for n in range(4)
    ]
    path = tmp_path / "index.html"
    path.write_text(index_page(2021, desk_units(units)), encoding="utf-8")
    return path


@pytest.mark.browser
def test_a_click_on_a_department_leaves_its_units_alone_and_another_brings_all_back(
    desk: Path, page: Page
) -> None:
    shown = page.locator(".units tr.of:visible small")
    page.goto(desk.as_uri())

    page.get_by_role("link", name="乙主管局").click()
    own = shown.all_inner_texts()
    page.get_by_role("link", name="看全部单位").click()

    assert [text[:2] for text in own] == ["A1", "A3"]
    assert shown.count() == 4


@pytest.mark.browser
def test_a_unit_takes_two_lines_on_a_phone_and_one_on_a_desk(desk: Path, page: Page) -> None:
    heights = []
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(desk.as_uri())
        tall = "rows => rows.map(row => row.offsetHeight)"
        heights.append(max(page.eval_on_selector_all(".units tr.of", tall)))

    assert heights[0] < 60
    assert heights[1] <= 28
