"""Invented official tables that know what they say: forms, rows and amounts of one office.

Written from the forms themselves, not from our layouts: what the reader finds is compared with
what was meant here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

GENERAL, FUNDS, CAPITAL = (
    "general_public_budget",
    "government_managed_funds",
    "state_capital_operations",
)
FISCAL = "fiscal_appropriation"

FUNCTIONS: dict[str, str] = {
    "201": "一般公共服务支出", "20103": "政府办公厅（室）及相关机构事务",
    "2010301": "行政运行", "2010302": "一般行政管理事务", "2010350": "事业运行",
    "205": "教育支出", "20502": "普通教育", "2050201": "学前教育", "2050202": "小学教育",
    "208": "社会保障和就业支出", "20805": "行政事业单位养老支出", "2080501": "行政单位离退休",
    "2080505": "机关事业单位基本养老保险缴费支出", "20808": "抚恤", "2080801": "死亡抚恤",
    "210": "卫生健康支出", "21011": "行政事业单位医疗", "2101101": "行政单位医疗",
    "2101103": "公务员医疗补助",
    "213": "农林水支出", "21301": "农业农村", "2130104": "事业运行",
    "221": "住房保障支出", "22102": "住房改革支出", "2210201": "住房公积金",
}  # fmt: skip
FUND_FUNCTIONS = {
    "212": "城乡社区支出", "21208": "国有土地使用权出让收入安排的支出",
    "2120803": "城市建设支出", "2120899": "其他国有土地使用权出让收入安排的支出",
    "229": "其他支出", "22960": "彩票公益金安排的支出",
    "2296002": "用于社会福利的彩票公益金支出",
}  # fmt: skip
CAPITAL_FUNCTIONS = {
    "223": "国有资本经营预算支出", "22301": "解决历史遗留问题及改革成本支出",
    "2230105": "国有企业退休人员社会化管理补助支出",
}  # fmt: skip
PERSONNEL = {
    "301": "工资福利支出", "30101": "基本工资", "30102": "津贴补贴", "30103": "奖金",
    "30113": "住房公积金", "303": "对个人和家庭的补助", "30302": "退休费", "30305": "生活补助",
}  # fmt: skip
OPERATING = {
    "302": "商品和服务支出", "30201": "办公费", "30211": "差旅费", "30217": "公务接待费",
    "30231": "公务用车运行维护费", "310": "资本性支出", "31002": "办公设备购置",
}  # fmt: skip
CLASSES = ["201", "202", "203", "204", "205", "206", "207", "208", "210", "211", "212", "213"]
CLASS_NAMES = {
    "202": "外交支出", "203": "国防支出", "204": "公共安全支出", "206": "科学技术支出",
    "207": "文化旅游体育与传媒支出", "211": "节能环保支出", "212": "城乡社区支出",
} | {code: name for code, name in FUNCTIONS.items() if len(code) == 3}  # fmt: skip


class Meaning(NamedTuple):
    """What a column says: the reader's block, item, fund and phase; "" where the row says it."""

    block: str = ""
    item: str = ""
    fund: str | None = None
    phase: str | None = None
    kind: str = "amount"


@dataclass
class Node:
    """A heading over others, or over one column of values."""

    text: str
    below: list[Node] = field(default_factory=list)
    meaning: Meaning | None = None

    def leaves(self) -> list[Node]:
        """Return the lowest headings, left to right."""
        return [leaf for node in self.below for leaf in node.leaves()] if self.below else [self]

    def depth(self) -> int:
        """Return how many rows of headings it takes."""
        return 1 + max((node.depth() for node in self.below), default=0)


@dataclass
class Row:
    """A row of one panel: its code or item, its name, and its amounts in 分."""

    key: str
    name: str
    cells: list[int | None]
    block: str = ""
    number: int | None = None


@dataclass
class Panel:
    """A part of a table: the headings of its keys, of its values, its rows, what is over it."""

    keys: list[Node]
    values: list[Node]
    rows: list[Row]
    over: str = ""
    coded: bool = False


@dataclass
class Form:
    """A table before it is laid out."""

    table: str
    title: str
    fund: str
    phase: str
    panels: list[Panel]
    single: bool = False
    may_be_empty: bool = False
    scale: int = 10**4


def leaf(text: str, *meaning: str | None, kind: str = "amount") -> Node:
    """Return a heading over one column."""
    return Node(text, meaning=Meaning(*meaning, kind=kind))  # type: ignore[arg-type]


def money(rng: Random, scale: int, blanks: float = 0.15) -> int | None:
    """Return an amount in 分, None or 0 now and then."""
    if rng.random() < blanks:
        return None
    if rng.random() < 0.05:
        return 0
    return rng.randrange(1, 10 ** rng.choice([3, 4, 5, 6])) * scale * rng.choice([1, 1, 1, -1 if
        rng.random() < 0.05 else 1])  # fmt: skip


def some_codes(rng: Random, names: dict[str, str], most: int = 3) -> list[str]:
    """Return a few branches of a classification, with the codes above them."""
    tips = [code for code in names if len(code) == max(map(len, names))]
    chosen = rng.sample(tips, min(len(tips), rng.randint(1, most)))
    kept = {code[:end] for code in chosen for end in (3, 5, 7) if code[:end] in names}
    return sorted(kept)


def code_rows(rng: Random, form: Form, columns: Sequence[Node], names: dict[str, str]) -> list[Row]:
    """Return rows of codes with a total; the first column, the whole, is never blank."""
    rows = []
    for code in ["total", *some_codes(rng, names)]:
        cells = [money(rng, form.scale) for _ in columns]
        cells[0] = money(rng, form.scale, 0) or form.scale
        rows.append(Row(code, names.get(code, "合计"), cells))
    if rng.random() < 0.6:
        rows.append(rows.pop(0))
    return rows


def code_keys(rng: Random) -> list[Node]:
    """Return the headings of a code and a name."""
    code, name = rng.choice(
        [
            ("功能分类科目编码", "科目名称"),
            ("科目编码", "科目名称"),
            ("科目代码", "科目名称"),
            ("支出功能分类科目编码", "功能分类科目名称"),
        ]
    )
    keys = [Node(code), Node(name)]
    return [Node("项目", keys)] if rng.random() < 0.4 else keys


# --- final accounts ------------------------------------------------------------------------


def by_codes(
    table: str,
    title: str,
    fund: str,
    phase: str,
    columns: Callable[[Random], list[Node]],
    names: dict[str, str],
    may_be_empty: bool = False,
) -> Callable[[Random], Form]:
    """Return a maker of a table with a code in every row."""

    def make(rng: Random) -> Form:
        form = Form(table, title, fund, phase, [], may_be_empty=may_be_empty)
        values = columns(rng)
        leaves = [low for node in values for low in node.leaves()]
        rows = code_rows(rng, form, leaves, names)
        form.panels = [Panel(code_keys(rng), values, rows, coded=True)]
        return form

    return make


def income_columns(rng: Random) -> list[Node]:
    """Return the columns of a final income table."""
    service = leaf("事业收入", "service_revenue")
    if rng.random() < 0.3:
        service = Node("事业收入", [leaf("小计", "service_revenue"),
                                leaf("其中：教育收费", "education_fees")])  # fmt: skip
    return [
        leaf(rng.choice(["本年收入合计", "合计"]), "total"),
        leaf("财政拨款收入", FISCAL),
        leaf("上级补助收入", "superior_subsidy_revenue"),
        service,
        leaf("经营收入", "commercial_revenue"),
        leaf("附属单位上缴收入", "affiliate_remittances"),
        leaf("其他收入", "other_revenue"),
    ]


def expenditure_columns(rng: Random) -> list[Node]:
    """Return the columns of a final expenditure table."""
    return [
        leaf(rng.choice(["本年支出合计", "合计"]), "total"),
        leaf("基本支出", "basic"),
        leaf("项目支出", "project"),
        leaf("上缴上级支出", "payments_to_superior"),
        leaf("经营支出", "commercial_expenditure"),
        leaf("对附属单位补助支出", "subsidies_to_affiliates"),
    ]


def three_columns(rng: Random) -> list[Node]:
    """Return 合计, 基本支出, 项目支出, sometimes under 本年支出."""
    columns = [leaf(rng.choice(["合计", "小计"]), "total"), leaf("基本支出", "basic"),
               leaf("项目支出", "project")]  # fmt: skip
    return [Node("本年支出", columns)] if rng.random() < 0.5 else columns


def flow_columns(rng: Random) -> list[Node]:
    """Return the columns of a table of funds with carry-overs."""
    spent = [leaf(rng.choice(["合计", "小计"]), "total"), leaf("基本支出", "basic"),
             leaf("项目支出", "project")]  # fmt: skip
    return [
        leaf("年初结转和结余", "opening_carryover_and_surplus"),
        leaf("本年收入", "revenue"),
        Node("本年支出", spent),
        leaf("年末结转和结余", "closing_carryover_and_surplus"),
    ]


def items_panel(
    rng: Random, form: Form, rows: Sequence[tuple[str, str]], values: list[Node], block: str,
    over: str, key: str = "项目",
) -> Panel:  # fmt: skip
    """Return a panel of fixed rows; some of them are left out by the office."""
    count = sum(len(node.leaves()) for node in values)
    kept = [row for row in rows if row[0].endswith("total") or rng.random() < 0.8]
    numerals = "一二三四五六七八九十"
    made = []
    for number, (item, name) in enumerate(kept):
        plain = item.endswith(("total", "surplus", "used")) or item.startswith("opening")
        printed = name if plain or number > 9 else f"{numerals[number]}、{name}"
        made.append(Row(item, printed, [money(rng, form.scale, 0.3) for _ in range(count)], block))
    return Panel([Node(key)], values, made, over)


def class_rows(rng: Random, last: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the rows of functional classes and what stands below them."""
    chosen = sorted(rng.sample(CLASSES, rng.randint(3, 8)))
    return [(code, CLASS_NAMES[code]) for code in chosen] + list(last)


def final_summary(rng: Random) -> Form:
    """Return 收入支出决算总表."""
    form = Form("final_summary", "收入支出决算总表", "", "executed", [])
    three = rng.random() < 0.25
    heads = [("年初预算数", "initial_budget"), ("全年预算数", "adjusted_budget"),
             ("决算数", None)] if three else [(rng.choice(["决算数", "金额"]), None)]  # fmt: skip

    def values() -> list[Node]:
        return [leaf(text, "", "", None, phase) for text, phase in heads]

    left = [
        (GENERAL, "一般公共预算财政拨款收入"), (FUNDS, "政府性基金预算财政拨款收入"),
        (CAPITAL, "国有资本经营预算财政拨款收入"), ("superior_subsidy_revenue", "上级补助收入"),
        ("service_revenue", "事业收入"), ("commercial_revenue", "经营收入"),
        ("affiliate_remittances", "附属单位上缴收入"), ("other_revenue", "其他收入"),
        ("current_total", "本年收入合计"), ("surplus_used", "使用非财政拨款结余"),
        ("opening_carryover_and_surplus", "年初结转和结余"), ("grand_total", "总计"),
    ]  # fmt: skip
    right = [("current_total", "本年支出合计"), ("surplus_distribution", "结余分配"),
             ("closing_carryover_and_surplus", "年末结转和结余"),
             ("grand_total", "总计")]  # fmt: skip
    form.panels = [
        items_panel(rng, form, left, values(), "revenue", "收入"),
        items_panel(rng, form, class_rows(rng, right), values(), "total", "支出",
                    rng.choice(["项目", "项目（按功能分类）"])),
    ]  # fmt: skip
    return form


def final_fiscal_summary(rng: Random) -> Form:
    """Return 财政拨款收入支出决算总表."""
    form = Form("final_fiscal_summary", "财政拨款收入支出决算总表", FISCAL, "executed", [])
    left = [
        (GENERAL, "一般公共预算财政拨款"), (FUNDS, "政府性基金预算财政拨款"),
        (CAPITAL, "国有资本经营预算财政拨款"), ("current_total", "本年收入合计"),
        ("opening_carryover_and_surplus", "年初财政拨款结转和结余"),
    ]  # fmt: skip
    right = [("current_total", "本年支出合计"),
             ("closing_carryover_and_surplus", "年末财政拨款结转和结余"),
             ("grand_total", "总计")]  # fmt: skip
    columns = [
        leaf("合计", ""),
        leaf("一般公共预算财政拨款", "", "", GENERAL),
        leaf("政府性基金预算财政拨款", "", "", FUNDS),
        leaf("国有资本经营预算财政拨款", "", "", CAPITAL),
    ]
    revenue = items_panel(rng, form, left, [leaf("决算数", "")], "revenue", "收入")
    below = [(f"opening_{fund}", name) for fund, name in left[:3]]
    if any(row.key.startswith("opening") for row in revenue.rows):
        for item, name in below:
            revenue.rows.append(Row(item, name, [money(rng, form.scale)], "revenue"))
    revenue.rows.append(Row("grand_total", "总计", [money(rng, form.scale)], "revenue"))
    form.panels = [
        revenue,
        items_panel(rng, form, class_rows(rng, right), columns, "total", "支出"),
    ]
    return form


def final_general_basic(rng: Random) -> Form:
    """Return 一般公共预算财政拨款基本支出决算表, in two panels or three."""
    form = Form(
        "final_general_basic", "一般公共预算财政拨款基本支出决算表", GENERAL, "executed", []
    )
    code = rng.choice(["科目编码", "经济分类科目编码"])

    def panel(names: dict[str, str], over: str, last: tuple[str, str] | None) -> Panel:
        codes = some_codes(rng, names, 4)
        rows = [Row(c, names[c], [money(rng, form.scale)]) for c in codes]
        if last:
            rows.append(Row(*last, [money(rng, form.scale)]))
        return Panel([Node(code), Node("科目名称")], [leaf("决算数", "basic")], rows, over, True)

    left = panel(PERSONNEL, "人员经费", ("personnel", "人员经费合计"))
    right = panel(OPERATING, "公用经费", ("operating", "公用经费合计"))
    form.panels = [left, right]
    return form


CARS = ("公务用车购置及运行维护费", "公务用车购置费", "公务用车运行维护费")
EXPENSES = [
    ("three_public_expenses", "合计"), ("official_overseas_visits", "因公出国（境）费"),
    ("official_vehicles", CARS[0]), ("official_vehicle_purchases", CARS[1]),
    ("official_vehicle_running", CARS[2]), ("official_hospitality", "公务接待费"),
]  # fmt: skip


def expense_columns(phase: str | None, split: Sequence[tuple[str, str | None]] = ()) -> list[Node]:
    """Return the six columns of 三公, each of one phase or split in two."""

    def one(item: str, text: str) -> Node:
        if split:
            return Node(text, [leaf(head, "", item, None, p) for head, p in split])
        return leaf(text, "", item, None, phase)

    six = [one(item, text) for item, text in EXPENSES]
    cars = Node(CARS[0], [one("official_vehicles", "小计"), six[3], six[4]])
    return [six[0], six[1], cars, six[5]]


def three_public(table: str, phase: str, before: str) -> Callable[[Random], Form]:
    """Return a maker of a 三公 table in one of its three shapes."""
    final = table.startswith("final")
    title = "财政拨款“三公”经费支出决算表" if final else "一般公共预算“三公”经费支出表"
    heads = ("预算数", "决算数") if final else ("上年预算数", "本年预算数")

    def make(rng: Random) -> Form:
        fund = FISCAL if final else ""
        form = Form(table, title, fund, phase, [], single=True)
        split: list[tuple[str, str | None]] = [(heads[0], before), (heads[1], None)]
        shape = rng.choice(["pairs", "blocks", "list"])
        if shape == "list":
            form.single = False
            rows = [
                Row(item, name, [money(rng, form.scale) for _ in split], "three_public_expenses")
                for item, name in EXPENSES
            ]
            values = [leaf(text, "", "", None, p) for text, p in split]
            form.panels = [Panel([Node("项目")], values, rows)]
            return form
        if shape == "pairs":
            values = expense_columns(None, split)
        else:
            values = [Node(text, expense_columns(p)) for text, p in split]
        cells = [money(rng, form.scale) for node in values for _ in node.leaves()]
        cells[-1] = form.scale
        form.panels = [Panel([], values, [Row("", "", cells, "three_public_expenses")])]
        return form

    return make


# --- budgets -------------------------------------------------------------------------------


def budget_summary(rng: Random) -> Form:
    """Return 部门收支总表, of two years now and then."""
    form = Form("budget_summary", rng.choice(["部门收支总表", "收支预算总表"]), "",
                "initial_budget", [])  # fmt: skip
    left = [
        (GENERAL, "一般公共预算拨款收入"), (FUNDS, "政府性基金预算拨款收入"),
        (CAPITAL, "国有资本经营预算拨款收入"), ("special_account_funds", "财政专户管理资金收入"),
        ("service_revenue", "事业收入"), ("other_revenue", "其他收入"),
        ("current_total", rng.choice(["本年收入合计", "收入合计"])), ("grand_total", "收入总计"),
    ]  # fmt: skip
    right = [("current_total", rng.choice(["本年支出合计", "支出合计"])),
             ("carried_forward", "结转下年"), ("grand_total", "支出总计")]  # fmt: skip

    def values() -> list[Node]:
        return [leaf("预算数", "")]

    form.panels = [
        items_panel(rng, form, left, values(), "revenue", "收入"),
        items_panel(rng, form, class_rows(rng, right), values(), "total", "支出"),
    ]
    return form


def budget_income(rng: Random) -> list[Node]:
    """Return the columns of a budget's income table."""
    return [
        leaf("合计", "total"), leaf("财政拨款收入", FISCAL), leaf("事业收入", "service_revenue"),
        leaf("事业单位经营收入", "commercial_revenue"), leaf("其他收入", "other_revenue"),
    ]  # fmt: skip


def budget_columns(rng: Random) -> list[Node]:
    """Return 合计, 基本支出 with or without its parts, 项目支出; sometimes beside last year."""
    basic = leaf("基本支出", "basic")
    if rng.random() < 0.4:
        basic = Node("基本支出", [leaf("小计", "basic"), leaf("人员经费", "personnel"),
                               leaf("公用经费", "operating")])  # fmt: skip
    columns = [leaf("合计", "total"), basic, leaf("项目支出", "project")]
    if rng.random() < 0.3:
        return [
            Node("{year}年预算数", columns),
            leaf("{before}年执行数", "total", "", None, "prior_final_accounts"),
            Node("{year}年预算数比{before}年执行数",
                 [leaf("增减额", kind="figure"), leaf("增减%", kind="figure")]),
        ]  # fmt: skip
    return columns


def basic_columns(rng: Random) -> list[Node]:
    """Return 合计, 人员经费, 公用经费."""
    columns = [leaf("合计", "basic"), leaf("人员经费", "personnel"), leaf("公用经费", "operating")]
    return [Node("一般公共预算基本支出", columns)] if rng.random() < 0.5 else columns


def by_names(
    table: str, title: str, phase: str, heads: Sequence[tuple[str, str | None]]
) -> Callable[[Random], Form]:
    """Return a maker of a list of projects."""

    def make(rng: Random) -> Form:
        form = Form(table, title, "", phase, [])
        names = rng.sample(
            ["信息化建设", "业务工作经费", "办公楼维修", "2023年度培训", "群众活动"], 3
        )
        rows = [Row(f"name:{name}", name, [money(rng, form.scale) for _ in heads], "project")
                for name in names]  # fmt: skip
        values = [leaf(text, "", "", None, p) for text, p in heads]
        form.panels = [Panel([Node("项目名称")], values, rows)]
        return form

    return make


def procurement(rng: Random) -> Form:
    """Return 政府采购情况表."""
    form = Form("final_procurement", "政府采购情况表", "", "executed", [])
    rows = [("procurement", "政府采购支出合计"), ("procurement_goods", "政府采购货物支出"),
            ("procurement_works", "政府采购工程支出"), ("procurement_services", "政府采购服务支出"),
            ("procurement_small_firms", "政府采购授予中小企业合同金额"),
            ("procurement_micro_firms", "其中：授予小微企业合同金额")]  # fmt: skip
    made = [Row(item, name, [money(rng, form.scale)], "procurement") for item, name in rows]
    form.panels = [Panel([Node("项目")], [leaf(rng.choice(["金额", "决算数"]), "")], made)]
    return form


FINAL = [
    final_summary,
    by_codes("final_income", "收入决算表", "", "executed", income_columns, FUNCTIONS),
    by_codes("final_expenditure", "支出决算表", "", "executed", expenditure_columns, FUNCTIONS),
    final_fiscal_summary,
    by_codes("final_general_expenditure", "一般公共预算财政拨款支出决算表", GENERAL, "executed",
             three_columns, FUNCTIONS),
    final_general_basic,
    three_public("final_three_public", "executed", "stated_budget"),
    by_codes("final_government_funds", "政府性基金预算财政拨款收入支出决算表", FUNDS, "executed",
             flow_columns, FUND_FUNCTIONS, True),
    by_codes("final_state_capital", "国有资本经营预算财政拨款支出决算表", CAPITAL, "executed",
             three_columns, CAPITAL_FUNCTIONS, True),
    by_names("final_projects", "项目支出决算表", "executed",
             [("年初预算数", "initial_budget"), ("全年预算数", "adjusted_budget"),
              ("决算数", None)]),
    procurement,
]  # fmt: skip
BUDGET = [
    budget_summary,
    by_codes("budget_income", "部门收入总表", "", "initial_budget", budget_income, FUNCTIONS),
    by_codes("budget_expenditure", "部门支出总表", "", "initial_budget", budget_columns, FUNCTIONS),
    by_codes("budget_general_expenditure", "一般公共预算支出表", GENERAL, "initial_budget",
             budget_columns, FUNCTIONS),
    by_codes("budget_general_basic", "一般公共预算基本支出表", GENERAL, "initial_budget",
             basic_columns, PERSONNEL | OPERATING),
    three_public("budget_three_public", "initial_budget", "prior_initial_budget"),
    by_codes("budget_government_funds", "政府性基金预算支出表", FUNDS, "initial_budget",
             budget_columns, FUND_FUNCTIONS, True),
    by_codes("budget_state_capital", "国有资本经营预算支出表", CAPITAL, "initial_budget",
             budget_columns, CAPITAL_FUNCTIONS, True),
    by_names("budget_projects", "项目支出预算表", "initial_budget", [("预算数", None)]),
]  # fmt: skip
