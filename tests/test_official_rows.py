"""Tests of the rows of official tables: whose numbers are whose, and which have moved."""

import pytest
from official_tables import drawn, found, reading, refused

from selfeval.sheets import Grid

SUMMARY = """
    收支预算总表
    单位：万元
    收入 | | 支出 |
    项目 | 预算数 | 项目 | 预算数
"""
WIDE_SUMMARY = """
    收支预算总表
    单位：万元
    收入 | | | 支出 |
    项目 | 预算数 | | 项目 | 预算数
"""
EXPENDITURE = """
    支出决算表
    单位：万元
    科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
"""
PARTS = """
    支出决算表
    公开03表
    单位：万元
    科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出
    类 | 款 | 项 | | | |
"""
BASIC = """
    一般公共预算财政拨款基本支出决算表
    单位：万元
"""
FLOW = """
    政府性基金预算财政拨款收入支出决算表
    单位：万元
    科目编码 | 科目名称 | 年初结转和结余 | | 本年收入 | 本年支出 | 年末结转和结余
"""
THREE_PUBLIC = """
    2024年一般公共预算“三公”经费支出表
    单位：万元
    单位编码 | 单位名称 | 合计 | 因公出国（境）费 | 公务用车购置及运行费 | | | 公务接待费
    | | | | 小计 | 公务用车购置费 | 公务用车运行费 |
"""
PROJECTS = """
    项目支出表
    单位：万元
    项目 | < | 金额 |
    项目名称 | | ^ |
"""
NAMELESS = "有数字落在没有标题的栏里，栏目像是错位了"
UNEXPLAINED = "看不出属于哪一行或哪一栏"
WITHOUT_NAME = "这一行没有科目或项目名称"
PERHAPS_MOVED = "这张表有几行错了位，不知道这一行是不是也错了位"
NO_FIRST = "这张表有几行错了位，这一行的第一栏是空的，不知道是不是也错了位"
NOT_ITS_OWN = "数字所在的栏没有自己的标题，分不清属于哪一栏"


def blanks(read):
    """Return the blank cells that were taken for amounts, and what of."""
    return {
        f"{r['sheet']}!{r['cell']}": f"{r['block']}/{r['item_code']}"
        for r in read.amounts
        if not r["raw"]
    }


# --- words among the numbers -------------------------------------------------------------------


def test_an_amount_with_its_unit_is_no_name_though_it_looks_like_a_code():
    read = reading(EXPENDITURE + "201 | 一般公共服务支出 | 250万元 | 约208万元左右 | 4")

    assert found(read) == {"total/201": 250, "project/201": 4}
    assert refused(read) == {"表1!D4": "不是数字"}


# --- numbers in columns without a heading ------------------------------------------------------


def test_numbers_alike_to_the_right_of_the_only_heading_are_its_own():
    read = reading(PROJECTS + "信息化 | | | 30.5\n培训 | | | 20.5\n会议 | | 5 |")

    assert found(read) == {
        "project/name:信息化": 30.5, "project/name:培训": 20.5, "project/name:会议": 5,
    }  # fmt: skip
    assert not refused(read)


def test_a_number_to_the_right_of_the_only_heading_without_another_alike_is_listed():
    read = reading(
        PROJECTS + "信息化 | | | 30.5\n培训 | | |\n会议 | | 5 | 7.5\n差旅 | | | | 3\n食堂 | | 2 |"
    )

    assert found(read) == {"project/name:会议": 5, "project/name:食堂": 2}
    assert refused(read) == dict.fromkeys(("表1!D5", "表1!D7", "表1!E8"), UNEXPLAINED)


def test_numbers_farther_than_two_columns_from_the_only_heading_are_listed():
    read = reading(PROJECTS + "信息化 | | | | | 30.5\n培训 | | | | | 20.5\n会议 | | 5 |")

    assert found(read) == {"project/name:会议": 5}
    assert set(refused(read)) == {"表1!F5", "表1!F6"}


def test_numbers_below_a_heading_nobody_knows_are_not_those_of_the_column_beside_it():
    read = reading("""
        项目支出表
        单位：万元
        项目 | < | 金额 | 某某
        项目名称 | | ^ | ^
        信息化 | | | 30.5
        培训 | | | 20.5
    """)

    assert not found(read)
    assert set(refused(read).values()) == {"版式“项目支出预算表”里没有栏目“某某”"}


def test_of_several_columns_none_takes_a_number_from_among_the_names():
    read = reading("""
        项目支出表
        单位：万元
        项目名称 | | 合计 | 一般公共预算
        信息化 | 12.5 | |
        培训 | 一期 | 9 | 9
    """)

    assert found(read) == {
        "project/name:培训/一期": 9, "project/name:培训/一期@general_public_budget": 9,
    }  # fmt: skip
    assert refused(read) == {"表1!B4": UNEXPLAINED}


def test_numbers_beside_the_only_heading_may_be_its_own_in_tables_of_codes_and_of_names():
    codes = reading(
        BASIC
        + """\
        项目 | < | < | 决算数 |
        科目编码 | 科目名称 | | ^ |
        301 | 工资福利支出 | | | 9.5
        302 | 商品和服务支出 | | | 5.5
        """
    )
    names = reading("项目支出表\n单位：万元\n项目名称 | < | 金额\n信息化 | 12.5 |\n培训 | | 3")

    assert found(codes) == {"basic/301": 9.5, "basic/302": 5.5}
    assert found(names) == {"project/name:信息化": 12.5, "project/name:培训": 3}


def test_numbers_beside_a_heading_that_reaches_over_its_own_column_only_are_listed():
    read = reading(
        BASIC + "科目编码 | < | 决算数 |\n301 | 工资福利支出 | | 9.5\n302 | 商品和服务支出 | | 5.5"
    )

    assert refused(read) == dict.fromkeys(("表1!D4", "表1!D5"), UNEXPLAINED)


def test_a_row_whose_first_column_is_blank_is_left_open_only_where_others_have_moved():
    rows = """\
        212 | 城乡社区支出 | 9 | | 5 | 4 | 10
        213 | 农林水支出 | | | 5 | 4 | 1
        214 | 交通运输支出 | 2 | | 5 | 7 |
        216 | 商业服务业等支出 | | | | |
        """
    sure = reading(FLOW + rows)
    moved = reading(FLOW + rows + "215 | 资源勘探工业信息等支出 | 3 | 1 | 4 | |")

    assert not refused(sure)
    assert found(moved) == {key: value for key, value in found(sure).items() if "213" not in key}
    assert refused(moved) == {
        **dict.fromkeys(("表1!E5", "表1!F5", "表1!G5"), NO_FIRST),
        **dict.fromkeys(("表1!C8", "表1!E8"), NAMELESS),
        "表1!D8": "这一栏没有自己的标题，左边一栏是“年初结转和结余”",
    }
    assert blanks(moved)["表1!C7"] == "opening_carryover_and_surplus/216"


def test_a_number_merged_into_a_row_below_does_not_move_that_row():
    read = reading("""
        支出总表
        单位：万元
        科目编码 | 科目名称 | 合计 | | 基本支出 | 项目支出
        208 | 社会保障和就业支出 | 9 | 3 | 5 | 4
        210 | 卫生健康支出 | 9 | ^ | 5 | 4
    """)

    assert found(read) == {"total/210": 9, "basic/210": 5, "project/210": 4}


# --- headings over several columns -------------------------------------------------------------


def test_a_blank_amount_stands_where_its_heading_does():
    read = reading("""
        支出总表
        单位：万元
        项目 | < | 合计 | < | 基本支出 | 项目支出
        科目编码 | 科目名称 | ^ | ^ | ^ | ^
        213 | 农林水支出 | | | |
    """)

    assert blanks(read) == {
        "表1!C5": "total/213", "表1!E5": "basic/213", "表1!F5": "project/213",
    }  # fmt: skip


def test_the_numbers_that_are_fewer_below_a_heading_beside_others_are_left_open():
    read = reading("""
        支出总表
        单位：万元
        项目 | < | 合计 | 基本支出 | < | 项目支出
        科目编码 | 科目名称 | ^ | ^ | ^ | ^
        208 | 社会保障和就业支出 | 9 | | 5 | 4
        210 | 卫生健康支出 | 8 | | 5 | 3
        211 | 节能环保支出 | 8 | 5 | | 3
    """)

    assert found(read) == {
        "total/208": 9, "basic/208": 5, "project/208": 4,
        "total/210": 8, "basic/210": 5, "project/210": 3,
    }  # fmt: skip
    assert refused(read) == dict.fromkeys(("表1!C7", "表1!D7", "表1!F7"), NOT_ITS_OWN)


def test_two_numbers_below_one_heading_make_its_other_columns_doubtful():
    read = reading("""
        支出总表
        单位：万元
        项目 | < | 合计 | < | 基本支出 | < | 项目支出
        科目编码 | 科目名称 | ^ | ^ | ^ | ^ | ^
        208 | 社会保障和就业支出 | 9 | 1 | 5 | | 4
        210 | 卫生健康支出 | | 8 | 5 | | 3
        211 | 节能环保支出 | 8 | | 5 | | 3
        212 | 城乡社区支出 | 8 | | 5 | 1 | 3
         | 某支出 | 8 | 1 | 5 | | 3
    """)

    assert found(read) == {"total/211": 8, "basic/211": 5, "project/211": 3}
    assert {cell[3:]: why for cell, why in refused(read).items() if cell[3] == "G"} == {
        "G5": "同一栏下有两个数", "G6": NOT_ITS_OWN, "G8": "同一栏下有两个数",
        "G9": "“某支出”没有科目编码",
    }  # fmt: skip


def test_a_single_number_to_the_right_of_all_others_is_left_open():
    read = reading(
        BASIC
        + """\
        科目编码 | 科目名称 | | 决算数 | |
        301 | 工资福利支出 | | | 9 |
        30101 | 基本工资 | | | 8 |
        30102 | 津贴补贴 | | 1 | |
        302 | 商品和服务支出 | | | | 7
        """
    )

    assert found(read) == {"basic/301": 9, "basic/30101": 8, "basic/30102": 1}
    assert refused(read) == {"表1!F7": NOT_ITS_OWN}


def test_two_numbers_to_the_right_of_most_others_are_read():
    read = reading(
        BASIC
        + """\
        科目编码 | 科目名称 | | 决算数 | |
        301 | 工资福利支出 | | | 9 |
        30101 | 基本工资 | | | 8 |
        30102 | 津贴补贴 | | | 1 |
        302 | 商品和服务支出 | | | | 7
        30201 | 办公费 | | | | 7
        """
    )

    assert len(found(read)) == 5
    assert not refused(read)


def test_a_column_merged_with_one_of_two_that_mean_the_same_is_not_read_either():
    read = reading("""
        支出总表
        单位：万元
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 人员经费 | < | 人员经费
        208 | 社会保障和就业支出 | 9 | 5 | 4 | | 3 |
    """)

    assert "personnel/208" not in found(read)
    assert refused(read)["表1!G4"] == "有 2 栏都像是“人员经费”，分不出哪一栏"


# --- rows that moved ---------------------------------------------------------------------------


def test_parts_beside_a_blank_total_of_two_columns_are_left_open_and_figures_are_not():
    two = reading("""
        财政拨款支出决算明细表
        单位：万元
        科目编码 | 科目名称 | 合计 | 一般公共预算财政拨款
        201 | 一般公共服务支出 | | 5
        202 | 外交支出 | 3 | 3
    """)
    changes = reading("""
        2024年一般公共预算支出表
        单位：万元
        科目编码 | 科目名称 | 2024年预算数 | | | 增减额
        | | 小计 | 基本支出 | 项目支出 |
        201 | 一般公共服务支出 | | | | 20
    """)

    assert refused(two) == {"表1!D4": "合计栏是空的，其他栏有数，数字像是错位了"}
    assert [(f["item_code"], f["value"]) for f in changes.figures] == [("201", 20)]
    assert not refused(changes)


def test_a_row_that_moved_within_one_of_two_panels_is_left_open():
    read = reading(
        BASIC
        + """\
        科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数
        301 | 工资福利支出 | 60 | 302 | 商品和服务支出 | 11
        | 30101 | 基本工资 | 40 | |
        | | 30201 | 办公费 | 5 |
        """
    )

    assert found(read) == {"basic/301": 60, "basic/302": 11}
    assert {"表1!D5", "表1!E6"} <= set(refused(read))


def test_a_row_of_names_that_moved_is_left_open():
    read = reading("""
        项目支出表
        单位：万元
        科目编码 | 项目名称 | 金额
        301 | 信息化 | 5
        | 302 | 培训 | 7
    """)

    assert found(read) == {"project/name:信息化": 5}
    assert set(refused(read)) == {"表1!B5", "表1!D5"}


def test_codes_may_stand_behind_the_names():
    read = reading("""
        支出决算表
        单位：万元
        科目名称 | 科目编码 | 合计 | 基本支出 | 项目支出
        一般公共服务支出 | 201 | 9 | 5 | 4
        合计 | | 9 | 5 | 4
    """)

    assert found(read)["total/201"] == found(read)["total/total"] == 9
    assert not refused(read)


def test_a_row_two_columns_to_the_left_is_read_unless_a_number_may_be_its_code():
    read = reading("""
        支出决算表
        单位：万元
        | | 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        | | 201 | 一般公共服务支出 | 9 | 5 | 4
        208 | 社会保障和就业支出 | 3 | 2 | 1
        210 | 卫生健康支出 | 3.5 | 2 | 1.5
    """)

    assert {key: value for key, value in found(read).items() if "201" not in key} == {
        "total/210": 3.5, "basic/210": 2, "project/210": 1.5,
    }  # fmt: skip
    assert {"表1!A5", "表1!D5", "表1!E5"} == set(refused(read))


def test_a_row_that_moved_with_a_whole_code_is_read_unless_a_number_is_left_over():
    read = reading(
        EXPENDITURE
        + """\
        201 | 一般公共服务支出 | 9 | 5 | 4 |
        | 2080501 | 行政单位离退休 | 3 | 2 | 1
        | 210 | 卫生健康支出 | 3 | 2 | 1 | 7
        """
    )

    assert found(read)["total/2080501"] == 3
    assert "total/210" not in found(read)
    assert {"表1!D6", "表1!E6", "表1!F6", "表1!G6"} <= set(refused(read))


def test_a_row_of_names_moved_over_the_numbers_of_the_next_row_is_one_with_it():
    read = reading("""
        支出决算表
        单位：万元
        科目编码 | 科目名称 | | 合计 | 基本支出 | 项目支出 | 备注
        201 | 一般公共服务支出 | | 9 | 5 | 4 |
        | 208 | 社会保障和就业支出 | | | |
        | | | 3 | 2 | 1 |
    """)

    assert found(read)["total/208"] == 3
    assert not refused(read)


NARROW = """\
    208 | 社会保障和就业支出 | 3 | 2 | 1
    20805 | 行政事业单位养老支出 | 3.5 | 2 | 1.5
    2080501 | 行政单位离退休 | 3 | 2 | 1
"""


def test_rows_of_a_page_with_one_column_of_codes_are_read_below_several():
    read = reading(PARTS + NARROW)

    assert found(read) == {
        "total/208": 3, "basic/208": 2, "project/208": 1,
        "total/20805": 3.5, "basic/20805": 2, "project/20805": 1.5,
        "total/2080501": 3, "basic/2080501": 2, "project/2080501": 1,
    }  # fmt: skip
    assert not refused(read)


@pytest.mark.parametrize(
    "row",
    [
        "2080502 | 事业单位离退休 | 3 | 2 | ",
        "20 | 某支出 | 3 | 2 | 1",
        "210 | 3 | 3 | 2 | 1",
        "210 | 卫 | 3 | 2 | 1",
        "211 | 节能环保支出 | 3 | x | 1",
        "212 | 城乡社区支出 | 3 | 2 | 1 | 7",
    ],
)
def test_a_row_of_such_a_page_is_left_open_unless_every_cell_is_where_it_must_be(row):
    read = reading(PARTS + NARROW + row)

    assert len(found(read)) == 9
    assert any(cell.endswith("9") for cell in refused(read))


def test_such_a_page_may_stand_below_two_columns_of_codes():
    read = reading("""
        支出决算表
        单位：万元
        科目编码 | | 科目名称 | 合计 | 基本支出 | 项目支出
        类 | 款 | | | |
        208 | 社会保障和就业支出 | 3 | 2 | 1 |
    """)

    assert found(read) == {"total/208": 3, "basic/208": 2, "project/208": 1}


def test_such_a_page_has_the_name_in_a_column_of_codes():
    read = reading("""
        支出决算表
        单位：万元
        科目编码 | 科目名称 | 代码 | 合计 | 基本支出 | 项目支出
        208 | 社会保障和就业支出 | 3 | 2 | 1 |
    """)

    assert not found(read)


# --- panels side by side -----------------------------------------------------------------------


def test_where_a_number_moved_rows_that_are_blank_in_the_first_panel_may_have_moved():
    read = reading(
        WIDE_SUMMARY
        + """\
        事业收入 | 9 | | 外交支出 | 9
        其他收入 | | 2 | 教育支出 | 3
        经营收入 | | | 公共安全支出 | 3
        | 5 | | 科学技术支出 | 4
        | | 1 | 农林水支出 | 6
        | | | 国防支出 | 2
        """
    )

    assert found(read) == {
        "revenue/service_revenue": 9, "total/202": 9, "total/205": 3, "total/204": 3,
        "total/206": 4, "total/213": 6,
    }  # fmt: skip
    assert refused(read)["表1!E10"] == PERHAPS_MOVED


def test_where_a_number_moved_a_sum_may_lack_it_and_is_left_open():
    read = reading(
        WIDE_SUMMARY
        + """\
        事业收入 | 9 | | 外交支出 | 9
        其他收入 | | 2 | 教育支出 | 3
        收入合计 | 11 | | 支出合计 | 12
        """
    )

    assert {"表1!B7", "表1!E7"} <= set(refused(read))


def test_a_total_in_a_column_without_a_heading_tells_that_rows_moved():
    read = reading(
        WIDE_SUMMARY
        + """\
        事业收入 | 9 | | 外交支出 | 9
        | | | 国防支出 | 2
        | | 收入总计 | 2 | 支出总计 | 3
        """
    )

    assert found(read) == {"revenue/service_revenue": 9, "total/202": 9}
    assert refused(read)["表1!E6"] == PERHAPS_MOVED


def test_other_words_in_a_column_without_a_heading_and_numbers_below_an_unknown_do_not():
    words = reading(WIDE_SUMMARY + "事业收入 | 9 | 略 | 外交支出 | 9\n| | | 国防支出 | 2")
    unknown = reading(
        WIDE_SUMMARY.replace("预算数 | |", "预算数 | 某某 |")
        + "事业收入 | 9 | 7 | 外交支出 | 9\n| | | 国防支出 | 2"
    )

    assert found(words)["total/203"] == found(unknown)["total/203"] == 2


def test_a_page_may_be_narrower_than_the_header_above_it():
    read = reading(
        """
        收支预算总表
        | | | | 单位：万元
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        事业收入 | 9 | 外交支出 | 9
        """,
        "续表\n | | 国防支出 | 2\n其他收入 | 1 | 教育支出 | 3",
    )

    assert found(read) == {
        "revenue/service_revenue": 9, "revenue/other_revenue": 1,
        "total/202": 9, "total/203": 2, "total/205": 3,
    }  # fmt: skip


def test_a_total_is_lent_to_the_panel_beside_it_only_where_it_has_no_number():
    merged = reading(SUMMARY + "事业收入 | 9 | 外交支出 | 9\n总计 | | | 9")
    own = reading(SUMMARY + "事业收入 | 9 | 外交支出 | 9\n收入总计 | 9 | | 9")
    other = reading(SUMMARY + "事业收入 | 9 | 外交支出 | 9\n其他收入 | | | 3")
    numbered = reading(SUMMARY + "事业收入 | 9 | 外交支出 | 9\n三、支出总数 | | | 9")

    assert found(merged)["total/grand_total"] == found(numbered)["total/grand_total"] == 9
    assert "total/grand_total" not in found(own)
    assert refused(own) == refused(other) == {"表1!D6": WITHOUT_NAME}


# --- rows that a PDF broke in two --------------------------------------------------------------


def test_a_name_that_goes_on_below_its_number_is_joined():
    read = reading(
        SUMMARY
        + """\
        事业收入 | 9 | 文化旅游体育与传媒支 | 9
        | | 出 |
        其他收入 | 1 | 某某 | 3
        | | 国防支出 |
        经营收入 | | 社会保障和就业支 | 4
        | | 出 | 5
        """
    )

    assert found(read) == {
        "revenue/service_revenue": 9, "revenue/other_revenue": 1, "total/207": 9,
    }  # fmt: skip
    assert set(refused(read)) == {"表1!D7", "表1!D9", "表1!D10"}
    assert blanks(read)["表1!D8"] == "total/203"


def test_what_goes_on_below_may_make_another_row_of_one_that_is_known():
    read = reading("""
        财政拨款“三公”经费支出决算表
        单位：万元
        项目 | 决算数
        公务用车购置 | 9
        及运行费 |
        公务用车运行费 | 8
    """)

    assert found(read) == {
        "three_public_expenses/official_vehicles": 9,
        "three_public_expenses/official_vehicle_running": 8,
    }


def test_a_name_in_another_column_is_not_the_rest_of_the_one_above():
    read = reading("""
        收支预算总表
        单位：万元
        收入 | | 支出 | |
        项目 | 预算数 | 项目 | | 预算数
        事业收入 | 9 | 文化旅游体育与传媒支 | | 9
        | | | 出 |
    """)

    assert found(read) == {"revenue/service_revenue": 9}


def test_numbers_in_a_row_of_their_own_are_joined_once_and_their_name_is_no_row_of_its_own():
    read = reading(
        EXPENDITURE
        + """\
        201 | 一般公共服务支出 | | |
        | | 9 | 5 |

        208 | 社会保障和就业支出 | | |
        | | 8 | 5 |
        """
    )

    assert found(read) == {"total/201": 9, "basic/201": 5, "total/208": 8, "basic/208": 5}
    assert not refused(read)
    assert blanks(read) == {"表1!E5": "project/201", "表1!E8": "project/208"}


def test_two_numbers_in_a_row_of_their_own_are_enough_for_a_table_of_two_columns():
    read = reading("""
        财政拨款支出决算明细表
        单位：万元
        科目编码 | 科目名称 | 合计 | 一般公共预算财政拨款
        201 | 一般公共服务支出 | |
        | | 9 | 5
        202 | 外交支出 | 3 | 3
    """)

    assert found(read)["total/201"] == 9
    assert not refused(read)


def test_a_number_between_a_name_and_a_number_beside_the_values_has_no_name():
    read = reading(SUMMARY + "| | 文化旅游体育与传媒支 |\n| | | 9\n| | | | 7")

    assert set(refused(read)) == {"表1!D6", "表1!E7"}


def test_a_single_number_in_a_row_of_its_own_may_be_of_another_row():
    read = reading(EXPENDITURE + "201 | 一般公共服务支出 | | |\n| | 9 | |")

    assert not found(read)
    assert refused(read) == {"表1!C5": "看不出是不是“一般公共服务支出”这一行的数"}


def test_names_around_their_number_are_joined_beside_others():
    read = reading(
        SUMMARY
        + """\
        事业收入 | 1 | 国防支出 |
        | | | 2

        | | 文化旅游体育与传媒支 |
        | | | 9
        | | 出 |
        | | 社会保障和就业支 |
        | | | 4
        | | 出 |
        | | 某某 |
        | | | 5
        | | 某某 |
        """
    )

    assert found(read) == {
        "revenue/service_revenue": 1, "total/203": 2, "total/207": 9, "total/208": 4,
    }  # fmt: skip
    assert refused(read) == {"表1!D15": WITHOUT_NAME}


@pytest.mark.parametrize(
    ("rows", "sure"),
    [
        ("| | 国防支出 |\n| | | 2\n\n事业收入 | 1 | |", True),
        ("| | | 2\n| | 国防支出 |\n\n事业收入 | 1 | |", True),
        ("| | 国防支出 |\n| | | 2", True),
        ("| | 国防支出 |\n| | | 2\n事业收入 | 1 | |", False),
        ("事业收入 | 1 | |\n| | 国防支出 |\n| | | 2", False),
        ("事业收入 | 1 | |\n\n| | 国防支出 |\n| | | 2", True),
        ("事业收入 | 1 | |\n| | 国防支出 |\n| | | 2\n\n其他收入 | 1 | |", True),
        ("事业收入 | 1 | |\n| | | 2\n| | 国防支出 |\n\n其他收入 | 1 | |", False),
        ("事业收入 | 1 | |\n| | | 2\n| | 国防支出 |", False),
    ],
)
def test_a_number_in_a_row_of_its_own_is_that_of_the_name_beside_it_if_they_stand_apart(rows, sure):
    read = reading(SUMMARY + rows)

    assert ("total/203" in found(read)) == sure
    assert bool(refused(read)) != sure


# --- labels ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "between",
    [
        "支出决算表\n{}",
        "公开03表\n支出决算表\n单位：万元\n{}",
        "公开03表\n{}",
        "单位：万元",
        "科目编码 | | | 科目名称 | 合计 | 基本支出 | 项目支出",
        "注：本表",
        "附表3\n{}",
    ],
)
def test_parts_of_codes_are_those_above_a_page_break_or_a_note_too(between):
    header = PARTS.split("单位：万元\n")[1]
    read = reading(
        PARTS
        + """\
        201 | 03 | | 政府办公厅（室）及相关机构事务 | 1 | |
        201 | 04 | | 发展与改革事务 | | |
        """.rstrip(" ")
        + between.format(header.strip("\n"))
        + "\n| | 01 | 行政运行 | 1 | |"
    )

    assert found(read) == {"total/20103": 1, "total/2010401": 1}
    assert not refused(read)


@pytest.mark.parametrize("between", ["某某", "公开03表 | 某某", "| | | 某事务"])
def test_parts_of_codes_are_lost_at_a_row_that_may_be_of_another_code(between):
    read = reading(
        PARTS
        + "201 | 03 | | 政府办公厅（室）及相关机构事务 | 1 | |\n"
        + between
        + "\n| | 01 | 行政运行 | 1 | |"
    )

    assert found(read) == {"total/20103": 1}


def test_the_headings_of_the_parts_may_stand_in_the_row_of_the_total():
    header = FLOW.replace(" | | 本年收入 | 本年支出 |", " | 本年收入 | 本年支出 | | |")
    total = "合计 | | 0 | 20 | 合计 | 基本支出 | 项目支出 | "
    further = "\n212 | 城乡社区支出 | 0 | 20 | 20 | 5 | 15 | 0"
    read = reading(header + total + "0" + further)
    name = reading(header + total + "某某" + further)

    assert found(read) == {
        "opening_carryover_and_surplus/total": 0, "revenue/total": 20,
        "closing_carryover_and_surplus/total": 0,
        "opening_carryover_and_surplus/212": 0, "revenue/212": 20, "total/212": 20,
        "basic/212": 5, "project/212": 15, "closing_carryover_and_surplus/212": 0,
    }  # fmt: skip
    assert not refused(read)
    assert not {key for key in found(name) if key.endswith("/total")}


def test_a_name_merged_over_rows_is_that_of_each_but_a_heading_is_of_none():
    names = reading("项目支出表\n单位：万元\n项目名称 | | 金额\n信息化 | 一期 | 5\n^ | 二期 | 3")
    heading = reading("项目支出表\n单位：万元\n项目名称 | | 金额\n^ | 一期 | 5")

    assert found(names) == {"project/name:信息化/一期": 5, "project/name:信息化/二期": 3}
    assert found(heading) == {"project/name:一期": 5}


def test_a_blank_row_above_a_page_break_is_a_row():
    read = reading(
        SUMMARY
        + """\
        事业收入 | 9 | 外交支出 | 9
        | | 国防支出 |
        收支预算总表
        收入 | | 支出 |
        项目 | 预算数 | 项目 | 预算数
        其他收入 | 1 | 教育支出 | 3
        """
    )

    assert blanks(read) == {"表1!D6": "total/203"}
    assert len(found(read)) == 4


def test_the_office_beside_the_name_of_a_project_is_no_part_of_the_name():
    read = reading("项目支出表\n单位：万元\n单位 | 项目名称 | 金额\n某局 | 信息化 | 5")
    coded = reading("项目支出表\n单位：万元\n单位代码 | 项目名称 | 金额\n101 | 信息化 | 5")

    assert found(read) == found(coded) == {"project/name:信息化": 5}


def test_a_code_in_brackets_behind_the_name_is_no_name_and_no_number_in_a_name_is_a_code():
    read = reading("""
        支出决算表
        单位：万元
        科目名称 | 科目编码 | 合计 | 基本支出 | 项目支出
        一般公共服务支出 | [201] | 9 | 5 | 4
        某局208楼 | | 8 | 5 | 3
    """)

    assert {r["item_name"] for r in read.amounts} == {"一般公共服务支出"}
    assert refused(read)["表1!C5"] == "“某局208楼”没有科目编码"


def test_words_in_other_columns_are_no_part_of_a_name():
    read = reading("""
        项目支出表
        单位：万元
        项目名称 | 某某 | 金额 | 某数
        信息化 | 办公室 | 5 | 略
    """)

    assert found(read) == {"project/name:信息化": 5}


# --- rows of offices and of changes ------------------------------------------------------------


def test_a_row_of_an_office_among_those_of_codes_is_kept_apart_but_no_sum_is_one():
    read = reading("""
        部门收入总表
        单位：万元
        单位代码 | 科目编码 | 科目名称 | 合计 | 财政拨款收入 | 事业收入
        101 | | 某 局 | 9 | 5 | 4
        101 | 201 | 一般公共服务支出 | 8 | 5 | 3
        101 | | 外交支出 | 7 | 5 | 2
        101 | 甲 | 某所 | 6 | 5 | 1
        101 | | 2局 | 5 | 5 |
        | | 小计 | 4 | 4 |
        | | 二、小计 | 3 | 3 |
        | | 合计 | 9 | 5 | 4
    """)

    assert {key: value for key, value in found(read).items() if key.startswith("total/")} == {
        "total/office:某局": 9, "total/201": 8, "total/total": 9,
    }  # fmt: skip
    assert next(r["item_name"] for r in read.amounts) == "某 局"
    assert {cell: why for cell, why in refused(read).items() if "D" in cell} == {
        "表1!D6": "“外交支出”没有科目编码",
        "表1!D7": "“某所”没有科目编码",
        "表1!D8": "“2局”没有科目编码",
        "表1!D9": "不知道“小计”是哪些行的合计",
        "表1!D10": "不知道“二、小计”是哪些行的合计",
    }


def test_rows_of_changes_below_those_of_years_are_no_amounts():
    read = reading(
        THREE_PUBLIC
        + """\
        | 2023年执行数 | 9 | | | | | 4
        | 2024年预算数 | 8 | | | | | 3
        | 2024年增减额 | -1 | | | | | -1
        | 增减率（%） | -11% | | | | | -25%
        """
    )

    assert found(read) == {
        "three_public_expenses/three_public_expenses!prior_final_accounts": 9,
        "three_public_expenses/official_hospitality!prior_final_accounts": 4,
        "three_public_expenses/three_public_expenses": 8,
        "three_public_expenses/official_hospitality": 3,
    }
    assert [(f["cell"], f["kind"], str(f["value"])) for f in read.figures] == [
        ("C7", "difference", "-1"), ("H7", "difference", "-1"),
        ("C8", "rate", "-0.11"), ("H8", "rate", "-0.25"),
    ]  # fmt: skip


def test_rows_named_after_stages_without_a_year_have_these_stages():
    read = reading(THREE_PUBLIC + "| 预算数 | 9 | | | | |\n| 上年预算数 | 8 | | | | |")

    assert found(read) == {
        "three_public_expenses/three_public_expenses": 9,
        "three_public_expenses/three_public_expenses!prior_initial_budget": 8,
    }


def test_a_row_that_nobody_can_place_says_why_and_a_name_among_its_amounts_goes_first():
    read = reading(
        THREE_PUBLIC
        + """\
        | 2024年预算数 | 8 | | | | | 3
        | 2021年预算数 | 9 | | | | | 4
        | 201行政运行 | 9 | | | | | 4
        | 外交支出 | 7 | | | | | 2
        | 外交支出 | 7 | | | 某某 | | 2
        | 2021年预算数 | 9 | | | 某某 | | 4
        | | 9 | | | 某某 | | 4
        """
    )

    strange = "有科目编码，却看不出哪一栏是科目"
    assert found(read) == {
        "three_public_expenses/three_public_expenses": 8,
        "three_public_expenses/official_hospitality": 3,
    }
    assert {cell: why for cell, why in refused(read).items() if "C" in cell} == {
        "表1!C6": "看不出“2021年预算数”是哪一年的什么数",
        "表1!C7": f"“201行政运行”{strange}",
        "表1!C8": f"“外交支出”{strange}",
        **dict.fromkeys(
            ("表1!C9", "表1!C10", "表1!C11"), "金额栏里是文字“某某”，栏目像是错位了"
        ),
    }  # fmt: skip


# --- what an amount is called ------------------------------------------------------------------


def test_an_amount_is_named_after_its_row_or_else_after_its_column():
    read = reading("""
        财政拨款支出决算明细表
        单位：万元
        科目编码 | 科目名称 | 合计 | 工资福利支出 | | 商品和服务支出
        | | | 小计 | 基本工资 | 小计
        合计 | | 9 | 5 | 5 | 4
        201 | 一般公共服务支出 | 9 | 5 | 5 | 4
        202 | | 9 | 5 | 5 | 4
    """)

    names = {str(r["cell"]): r["item_name"] for r in read.amounts}
    assert [names[f"{column}5"] for column in "CDEF"] == [
        "合计", "工资福利支出", "基本工资", "商品和服务支出",
    ]  # fmt: skip
    assert {names[f"{column}6"] for column in "CDEF"} == {"一般公共服务支出"}
    assert [names[f"{column}7"] for column in "CDEF"] == [
        "", "工资福利支出", "基本工资", "商品和服务支出",
    ]  # fmt: skip


def test_the_amounts_of_a_row_without_a_name_are_named_after_their_columns():
    read = reading("部门收入总表\n单位：万元\n合计 | 财政拨款收入 | 事业收入\n9 | 5 | 4")

    assert [r["item_name"] for r in read.amounts] == ["合计", "财政拨款收入", "事业收入"]


# --- numbers beside the values -----------------------------------------------------------------


def test_line_numbers_count_up_and_an_error_below_an_unknown_heading_is_a_number_lost():
    read = reading("""
        支出决算表
        单位：万元
        行次 | 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 奇怪支出
        1 | 201 | 一般公共服务支出 | 9 | 5 | 4 | #REF!
        3 | 208 | 社会保障和就业支出 | 9 | 5 | 4 | 略#
        2 | 210 | 卫生健康支出 | 9 | 5 | 4 |
        4 | 211 | 节能环保支出 | 9 | 5 | 4 |
        4 | 212 | 城乡社区支出 | 9 | 5 | 4 |

        5 | 213 | 农林水支出 | 9 | 5 | 4 |
    """)

    assert refused(read) == {
        "表1!G4": "版式“支出决算表”里没有栏目“奇怪支出”",
        **dict.fromkeys(("表1!A5", "表1!A6", "表1!A7", "表1!A8"), UNEXPLAINED),
    }


def test_an_error_beside_all_panels_is_of_none():
    grid = drawn(EXPENDITURE + "201 | 一般公共服务支出 | 9 | 5 | 4 | #REF!")

    read = reading(Grid(grid.file, grid.sheet, grid.rows))

    assert found(read) == {"total/201": 9, "basic/201": 5, "project/201": 4}


# --- fixed rows --------------------------------------------------------------------------------


def test_a_name_of_funds_below_the_sum_of_the_year_is_not_of_the_year():
    read = reading("""
        财政拨款收入支出决算总表
        单位：万元
        收入 | | 支出 | | |
        项目 | 金额 | 项目 | 合计 | 一般公共预算财政拨款 | 政府性基金预算财政拨款
        一般公共预算财政拨款 | 9 | 外交支出 | 3 | 3 |
        本年收入合计 | 9 | | | |
        政府性基金预算财政拨款 | 1 | | | |
        年初财政拨款结转和结余 | 2 | | | |
        一般公共预算财政拨款 | 2 | | | |
    """)

    assert {key: value for key, value in found(read).items() if "revenue" in key} == {
        "revenue/general_public_budget": 9, "revenue/current_total": 9,
        "revenue/opening_carryover_and_surplus": 2, "revenue/opening_general_public_budget": 2,
    }  # fmt: skip
    assert set(refused(read)) == {"表1!B7"}


def test_a_sum_is_of_the_group_beside_it_or_above_it():
    read = reading("""
        部门收入总表
        单位：万元
        项目 | | 预算数
        一般公共预算资金 | 小计 | 5
        政府性基金 | 某某 | 3
        | 小计 | 2
        财政专户管理资金 | |
        | 小计 | 1
        其他甲 | |
        | 小计 | 4
    """)

    assert found(read) == {
        "revenue/general_public_budget": 5, "revenue/government_managed_funds": 2,
        "revenue/special_account_funds": 1,
    }  # fmt: skip
    assert set(refused(read)) == {"表1!C5", "表1!C10"}


def test_below_numbers_without_a_header_a_name_of_this_year_and_the_last_is_left_open():
    page = f"其他甲 | 3\n{SUMMARY}\n事业收入 | 2 | 外交支出 | 9\n一般公共预算拨款收入 | 5 | |"
    alone = reading(page)
    below = reading(f"{page}\n本年收入合计 | 7 | |")

    assert found(alone) == {"revenue/service_revenue": 2, "total/202": 9}
    assert found(below) == {
        "revenue/service_revenue": 2, "revenue/general_public_budget": 5,
        "revenue/current_total": 7, "total/202": 9,
    }  # fmt: skip


def test_a_code_without_a_name_is_read_though_names_of_codes_below_it_are_known():
    read = reading(PARTS + "208 | | | | 2 | |\n20805 | | | | 2 | |\n2080501 | | | | 2 | |")

    assert found(read) == {"total/208": 2, "total/20805": 2, "total/2080501": 2}


def test_a_code_put_together_goes_with_a_name_that_nobody_knows():
    read = reading(PARTS + "201 | 03 | | 某某 | 1 | |\n| | 01 | 别的 | 1 | |")

    assert found(read) == {"total/20103": 1, "total/2010301": 1}


def test_a_class_has_three_digits_and_a_part_two():
    read = reading(
        PARTS + "1 | | | 某某 | 1 | |\n20 | 103 | | 某某 | 1 | |\n201 | 3 | | 某某 | 1 | |"
    )

    assert found(read) == {"total/20103": 1}
    assert set(refused(read)) == {"表1!E6", "表1!E7"}
