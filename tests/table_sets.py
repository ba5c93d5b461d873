"""Whole sets of official tables that add up by construction: made top-down from a few totals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

Rows = list[list[object]]
Sheets = dict[str, Rows]
Show = Callable[[int], str]

HUNDREDTH = 10_000
"""分 in 0.01 万元, the last digit the tables print."""
FUNCTIONS = ["2080505", "2080506", "2130303", "2130306", "2130399", "2210201"]
FUND_FUNCTIONS = ["2120803", "2120899"]
PERSONNEL, OPERATING = ["30101", "30103", "30302"], ["30201", "30217", "30231", "31002"]
CLASSES = ["201", "208", "212", "213", "221"]
NAMES = {
    "201": "一般公共服务支出",
    "208": "社会保障和就业支出", "20805": "行政事业单位养老支出",
    "2080505": "机关事业单位基本养老保险缴费支出", "2080506": "机关事业单位职业年金缴费支出",
    "212": "城乡社区支出", "21208": "国有土地使用权出让收入安排的支出",
    "2120803": "城市建设支出", "2120899": "其他国有土地使用权出让收入安排的支出",
    "213": "农林水支出", "21303": "水利", "2130303": "机关服务", "2130306": "水利工程运行与维护",
    "2130399": "其他水利支出",
    "221": "住房保障支出", "22102": "住房改革支出", "2210201": "住房公积金",
    "301": "工资福利支出", "30101": "基本工资", "30103": "奖金",
    "303": "对个人和家庭的补助", "30302": "退休费",
    "302": "商品和服务支出", "30201": "办公费", "30217": "公务接待费",
    "30231": "公务用车运行维护费",
    "310": "资本性支出", "31002": "办公设备购置",
}  # fmt: skip


def rounded(fen: int) -> str:
    """Return 分 in 万元 with two decimals, rounded half up."""
    hundredths = (2 * fen + HUNDREDTH) // (2 * HUNDREDTH)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def filled(fen: int) -> str:
    """Return 分 in 万元, nothing for nothing."""
    return rounded(fen) if fen else ""


def yuan(fen: int) -> str:
    """Return 分 in 元, exact."""
    return f"{fen // 100}.{fen % 100:02d}"


@dataclass
class Plan:
    """The amounts a set of tables is made of, in 分, each a multiple of ``step``."""

    random: Random
    step: int = HUNDREDTH
    largest: int = 3000 * 100 * HUNDREDTH
    basic: dict[str, int] = field(init=False)
    project: dict[str, int] = field(init=False)
    fund: dict[str, int] = field(init=False)
    commercial: dict[str, int] = field(init=False)
    economic: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        whole = self.draw()
        self.basic = self.split(whole, FUNCTIONS)
        self.economic = self.split(whole, [*PERSONNEL, *OPERATING])
        self.project, self.commercial = (self.split(self.draw(), FUNCTIONS) for _ in range(2))
        self.fund = self.split(self.draw(), FUND_FUNCTIONS)

    def draw(self, most: int | None = None) -> int:
        """Return an amount; at most ``most``."""
        return self.random.randint(0, (self.largest if most is None else most) // self.step) * (
            self.step
        )

    def split(self, total: int, keys: Sequence[str]) -> dict[str, int]:
        """Return a total split over some keys."""
        most = total // self.step
        cuts = [0, *sorted(self.random.randint(0, most) for _ in keys[1:]), most]
        parts = [(b - a) * self.step for a, b in pairwise(cuts)]
        return dict(zip(keys, parts, strict=True))


def added(leaves: Mapping[str, int]) -> dict[str, int]:
    """Return amounts by code, those of the codes above added up, in the order of codes."""
    found: dict[str, int] = {}
    for code, amount in leaves.items():
        for length in range(3, len(code) + 1, 2):
            found[code[:length]] = found.get(code[:length], 0) + amount
    return {code: found[code] for code in sorted(found)}


def together(*columns: Mapping[str, int]) -> dict[str, int]:
    """Return the sum of some columns, by key."""
    keys = dict.fromkeys(key for column in columns for key in column)
    return {key: sum(column.get(key, 0) for column in columns) for key in keys}


def coded(columns: Iterable[Mapping[str, int] | None], show: Show) -> Rows:
    """Return 合计, then a row for each code, with its amount in each column; None is no column."""
    held = [added(column) if column is not None else None for column in columns]
    codes = added(together(*(column for column in held if column)))
    totals = [column and show(sum(a for c, a in column.items() if len(c) == 3)) for column in held]
    return [
        ["合计", "", *(total or "" for total in totals)],
        *(
            [code, NAMES[code], *("" if c is None else show(c.get(code, 0)) for c in held)]
            for code in codes
        ),
    ]


def beside(left: Rows, right: Rows) -> Rows:
    """Return two panels as one."""
    widths = [max(map(len, panel), default=0) for panel in (left, right)]
    lines = max(len(left), len(right))
    return [
        [
            *(left[n] if n < len(left) else [""] * widths[0]),
            *(right[n] if n < len(right) else [""] * widths[1]),
        ]
        for n in range(lines)
    ]


def by_class(leaves: Mapping[str, int]) -> dict[str, int]:
    """Return the classes of some functions, also those without any."""
    found = added(leaves)
    return {code: found.get(code, 0) for code in CLASSES}


# --- final accounts ------------------------------------------------------------------------


def final_accounts(plan: Plan, show: Show = rounded, year: str = "") -> Sheets:
    """Return the nine tables of a unit with money of two funds, and of its own."""
    general, fund, own = together(plan.basic, plan.project), plan.fund, plan.commercial
    spent = [sum(money.values()) for money in (general, fund, own)]
    before = {code: plan.draw(amount) for code, amount in fund.items()}
    after = plan.split(plan.draw(), FUND_FUNCTIONS)
    opening = [plan.draw(spent[0]), sum(before.values())]
    closing = [plan.draw(), sum(after.values())]
    revenue = [spent[n] + closing[n] - opening[n] for n in range(2)]
    arrived = {code: fund[code] + after[code] - before[code] for code in FUND_FUNCTIONS}
    used, distributed = plan.draw(spent[2]), plan.draw()
    earned = spent[2] + distributed - used
    fiscal = plan.split(sum(revenue), [*FUNCTIONS, *FUND_FUNCTIONS])
    business = plan.split(earned, FUNCTIONS)
    whole = sum(revenue) + earned
    everything = together(general, fund, own)
    left: Rows = [
        ["一、一般公共预算财政拨款收入", show(revenue[0])],
        ["二、政府性基金预算财政拨款收入", show(revenue[1])],
        ["三、国有资本经营预算财政拨款收入", ""], ["四、上级补助收入", ""], ["五、事业收入", ""],
        ["六、经营收入", show(earned)], ["七、附属单位上缴收入", ""], ["八、其他收入", ""],
    ]  # fmt: skip
    right: Rows = [[NAMES[code], show(a)] for code, a in by_class(everything).items()]
    ends: Rows = [
        ["本年收入合计", show(whole), "本年支出合计", show(sum(spent))],
        ["使用非财政拨款结余", show(used), "结余分配", show(distributed)],
        ["年初结转和结余", show(sum(opening)), "年末结转和结余", show(sum(closing))],
        ["总计", show(whole + used + sum(opening)),
         "总计", show(sum(spent) + distributed + sum(closing))],
    ]  # fmt: skip
    codes = [["功能分类科目编码", "科目名称"]]
    flow: Rows = [
        ["项目", "", "年初结转和结余", "本年收入", "本年支出", "", "", "年末结转和结余"],
        ["功能分类科目编码", "科目名称", "", "", "小计", "基本支出", "项目支出", ""],
    ]
    return {
        "总表": [*_head(f"{year}收入支出决算总表"), ["收入", "", "支出"],
                 ["项目", "决算数", "项目", "决算数"], *beside(left, right), *ends],
        "收入": [*_head(f"{year}收入决算表"),
                 ["项目", "", "本年收入合计", "财政拨款收入", "上级补助收入", "事业收入",
                  "经营收入", "附属单位上缴收入", "其他收入"], *codes,
                 *coded([together(fiscal, business), fiscal, None, None, business, None, None],
                        show)],
        "支出": [*_head(f"{year}支出决算表"),
                 ["项目", "", "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出",
                  "对附属单位补助支出"], *codes,
                 *coded([everything, plan.basic, together(plan.project, fund), None, own, None],
                        show)],
        "财政": [*_head(f"{year}财政拨款收入支出决算总表"), ["收入", "", "支出"],
                 ["项目", "决算数", "项目", "合计", *(f"{fund}财政拨款" for fund in _FUNDS)],
                 *_fiscal(show, revenue, opening, closing, general, fund)],
        "一般": [*_head(f"{year}一般公共预算财政拨款支出决算表"),
                 ["项目", "", "合计", "基本支出", "项目支出"], *codes,
                 *coded([general, plan.basic, plan.project], show)],
        "基本": [*_head(f"{year}一般公共预算财政拨款基本支出决算表"), *_basic(plan, show)],
        "三公": [*_head(f"{year}财政拨款“三公”经费支出决算表"),
                 ["预算数", *[""] * 5, "决算数"],
                 ["合计", "因公出国（境）费", "公务用车购置及运行维护费", "", "", "公务接待费"] * 2,
                 ["", "", "小计", "公务用车购置费", "公务用车运行维护费", ""] * 2,
                 [*three_public(plan, show, {}), *three_public(plan, show, plan.economic)]],
        "基金": [*_head(f"{year}政府性基金预算财政拨款收入支出决算表"), *flow,
                 *coded([before, arrived, fund, None, fund, after], show)],
        "国资": [*_head(f"{year}国有资本经营预算财政拨款支出决算表"), *flow, ["合计"],
                 ["说明：本年度没有国有资本经营预算财政拨款收支，故本表无数据。"]],
    }  # fmt: skip


_FUNDS = ("一般公共预算", "政府性基金预算", "国有资本经营预算")


def _head(title: str, unit: str = "万元") -> Rows:
    return [[title], [f"单位：{unit}"]]


def _fiscal(
    show: Show,
    revenue: Sequence[int],
    opening: Sequence[int],
    closing: Sequence[int],
    general: Mapping[str, int],
    fund: Mapping[str, int],
) -> Rows:
    def columns(amounts: Sequence[int]) -> list[object]:
        return [show(sum(amounts)), *map(show, amounts), ""]

    one, other = by_class(general), by_class(fund)
    spent = [sum(general.values()), sum(fund.values())]
    left: Rows = [
        [f"{name}财政拨款", *([show(a)] if a is not None else [""])]
        for name, a in zip(_FUNDS, [*revenue, None], strict=True)
    ]
    right: Rows = [[NAMES[code], *columns([one[code], other[code]])] for code in CLASSES]
    ends = [a + b for a, b in zip(spent, closing, strict=True)]
    return [
        *beside(left, right),
        ["本年收入合计", show(sum(revenue)), "本年支出合计", *columns(spent)],
        ["年初财政拨款结转和结余", show(sum(opening)), "年末财政拨款结转和结余",
         *columns(closing)],
        *([f"{name}财政拨款", show(a)] for name, a in zip(_FUNDS, opening, strict=False)),
        [f"{_FUNDS[2]}财政拨款", ""],
        ["总计", show(sum(revenue) + sum(opening)), "总计", *columns(ends)],
    ]  # fmt: skip


def _basic(plan: Plan, show: Show) -> Rows:
    halves = {"人员经费合计": PERSONNEL, "公用经费合计": OPERATING}
    sides: list[Rows] = []
    totals: list[object] = []
    for name, codes in halves.items():
        own = {code: plan.economic[code] for code in codes}
        sides.append([[c, NAMES[c], show(a)] for c, a in added(own).items()])
        totals += [name, "", show(sum(own.values()))]
    return [["科目编码", "科目名称", "决算数"] * 2, *beside(*sides), totals]


def three_public(plan: Plan, show: Show, spent: Mapping[str, int]) -> list[object]:
    """Return 合计, 出国, 用车, 购置, 运行, 接待: no less than what is spent on them elsewhere."""
    abroad, bought, run, hosted = (plan.draw() for _ in range(4))
    run, hosted = run + spent.get("30231", 0), hosted + spent.get("30217", 0)
    cars = bought + run
    return [show(a) for a in (abroad + cars + hosted, abroad, cars, bought, run, hosted)]


# --- budgets -------------------------------------------------------------------------------


def budgets(plan: Plan, show: Show = yuan, year: str = "") -> Sheets:
    """Return the tables of a budget in 元, 三公 in 万元, of a unit with its own money too."""
    general, fund = together(plan.basic, plan.project), plan.fund
    own = plan.commercial
    everything = together(general, fund, own)
    totals = [sum(money.values()) for money in (general, fund, own)]
    codes = [["科目编码", "科目名称"]]
    columns = ["项目", "", "合计", "基本支出", "项目支出"]
    left: Rows = [
        ["一、财政拨款收入", show(totals[0] + totals[1])], ["1、一般公共预算", show(totals[0])],
        ["2、政府性基金预算", show(totals[1])], ["3、国有资本经营预算", ""],
        ["二、事业收入", show(totals[2])], ["三、其他收入", ""],
    ]  # fmt: skip
    right: Rows = [[NAMES[code], show(a)] for code, a in by_class(everything).items()]
    one, other = by_class(general), by_class(fund)
    return {
        "总表": [*_head(f"{year}收支预算总表", "元"), ["收入", "", "支出"],
                 ["项目", "预算数", "项目", "预算数"], *beside(left, right),
                 ["收入总计", show(sum(totals)), "支出总计", show(sum(totals))]],
        "收入": [*_head(f"{year}收入预算总表", "元"),
                 ["项目", "", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算",
                  "事业收入", "其他收入"], *codes,
                 *coded([everything, general, fund, None, own, None], show)],
        "支出": [*_head(f"{year}支出预算总表", "元"), columns, *codes,
                 *coded([everything, plan.basic, together(plan.project, fund, own)], show)],
        "财政": [*_head(f"{year}财政拨款收支预算总表", "元"), ["收入", "", "支出"],
                 ["项目", "预算数", "项目", "合计", *_FUNDS],
                 *beside([[name, show(a)] for name, a in zip(_FUNDS, totals[:2], strict=False)],
                         [[NAMES[c], show(one[c] + other[c]), show(one[c]), show(other[c]), ""]
                          for c in CLASSES]),
                 ["收入总计", show(totals[0] + totals[1]), "支出总计",
                  show(totals[0] + totals[1]), show(totals[0]), show(totals[1]), ""]],
        "一般": [*_head(f"{year}一般公共预算支出预算表", "元"), columns, *codes,
                 *coded([general, plan.basic, plan.project], show)],
        "基本": [*_head(f"{year}一般公共预算基本支出预算表", "元"),
                 ["科目编码", "科目名称", "合计", "人员经费", "公用经费"],
                 *coded([plan.economic, {c: plan.economic[c] for c in PERSONNEL},
                         {c: plan.economic[c] for c in OPERATING}], show)],
        "基金": [*_head(f"{year}政府性基金预算支出表", "元"), columns, *codes,
                 *coded([fund, None, fund], show)],
        "三公": [*_head(f"{year}“三公”经费预算表", "万元"),
                 ["合计", "因公出国（境）费", "公务用车购置及运行费", "", "", "公务接待费"],
                 ["", "", "小计", "购置费", "运行费", ""],
                 three_public(plan, rounded, plan.economic)],
    }  # fmt: skip
