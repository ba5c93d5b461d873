"""Performance forms, invented ones: what is read of each variant, and what is not."""

from decimal import Decimal

import pytest
from builders import SCHEMES, write_csv
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from selfeval.errors import ParamsError
from selfeval.schemes.layouts import load_layouts
from selfeval.sheets.files import read_sheets
from selfeval.tables.official.reader import read_official

LAYOUTS = load_layouts(SCHEMES)
WAN = 10**6


def cells_of(form):
    """Split a drawn form: "<" continues the cell to its left, "^" the cell above."""
    rows = [[cell.strip() for cell in line.split("|")] for line in form.strip().splitlines()]
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def write_merged(path, rows, sheet="Sheet1"):
    """Write a drawn form as a workbook with merged cells."""
    book = Workbook()
    book.active.title = sheet
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell in ("<", "^", ""):
                continue
            book.active.cell(r + 1, c + 1, cell)
            right, down = c, r
            while right + 1 < len(row) and row[right + 1] == "<":
                right += 1
            while down + 1 < len(rows) and rows[down + 1][c] == "^":
                down += 1
            if (right, down) != (c, r):
                last = f"{get_column_letter(right + 1)}{down + 1}"
                book.active.merge_cells(f"{get_column_letter(c + 1)}{r + 1}:{last}")
    book.save(path)
    return path


def read(tmp_path, form, kind="xlsx", sheet="Sheet1"):
    """Write a drawn form as a workbook with merges or as CSV with blanks, and read it."""
    rows = cells_of(form)
    if kind == "xlsx":
        path = write_merged(tmp_path / "表.xlsx", rows, sheet)
    else:
        blank = [["" if cell in ("<", "^") else cell for cell in row] for row in rows]
        path = write_csv(tmp_path / "表.csv", blank)
    return read_official(read_sheets(path), LAYOUTS)


def amounts(reading, table):
    """Return a table's amounts: block, item, fund and phase → 分, or the state of no number."""
    return {
        (r["block"], r["item_code"], r["fund"], r["phase"]): r["state"]
        if r["amount"] is None
        else r["amount"]
        for r in reading.amounts
        if r["table"] == table
    }


def figures(reading, table):
    """Return a table's figures: what is measured of which item → value."""
    return {
        (r["block"], r["item_code"]): r["value"] for r in reading.figures if r["table"] == table
    }


def unread(reading):
    return [(u.place.cell, u.raw, u.why) for u in reading.unread]


BOTH = pytest.mark.parametrize("kind", ["xlsx", "csv"])

BASE = """
2023年度部门整体支出绩效评价基础数据表|<|<|<|<|<|<
填报单位：青石县丁香镇人民政府|<|<|<|<|<|单位：万元
财政供养人员情况（人）|编制数|<|2023年实际在职人数|<|控制率|<
^|40|<|43|<|107.50%|<
经费控制情况（万元）|2022年决算数|<|2023年预算数|<|2023年决算数|<
“三公”经费：|12|<|15|<|13.5|<
1、公务用车购置和维护经费|7|<|8|<|7.5|<
其中：公车购置|——|<|0|<||<
公车运行维护|7|<|8|<|7.5|<
2、出国经费|||||0|<
3、公务接待|5|<|7|<|6|<
项目支出：|100|<|120|<|130|<
1、业务工作经费（专项）|60|<|70|<|80|<
2、运行维护经费（专项）|10|<|10|<|5|<
……||||||
3、省级专项资金（每个专项一行）|30|<|40|<|45|<
河道整治专项|20|<|25|<|30|<
农村公路专项|10|<|15|<|15|<
……||||||
公用经费|30|<|31|<|32|<
其中：办公经费|5|<|6|<|7|<
水费、电费、差旅费|4|<|4|<|4|<
会议费、培训费|1|<|1|<|1|<
政府采购金额|——|<|20|<|22|<
部门基本支出预算调整|——|<||||9
楼堂馆所控制情况（2023年完工项目）|批复规模（㎡）|实际规模（㎡）|规模控制率|预算投资（万元）|实际投资（万元）|投资概算控制率
^|300|310|103.33%|90|88.5|98.33%
厉行节约保障措施|全年压减会议3次。|<|<|<|<|<
说明：项目支出填报基本支出以外的全部项目。|<|<|<|<|<|<
填表人：丁某|<|填报日期：2024年3月1日|<|联系电话：0731-1234567|<|<
"""

HUNAN = """
2023年度部门整体支出绩效自评表|<|<|<|<|<|<|<|<
预算部门、单位名称|青石县丁香镇人民政府|<|<|<|<|<|<|<
年度预算申请（万元）|||年初预算数|全年预算数|全年执行数|分值|执行率|自评得分
^|年度资金总额|<|800.5|1000.25|990|10|98.98%|9.9
^|按收入性质分：1000.25|<|<|<|按支出性质分：990|<|<|<
^|其中： 一般公共预算：700.25|<|<|<|其中：基本支出：400|<|<|<
^|政府性基金拨款：100|<|<|<|项目支出：590|<|<|<
^|纳入专户管理的非税收入拨款：|<|<|<||<|<|<
^|其他资金：200|<|<|<||<|<|<
年度总体目标|预期目标|<|<|<|实际完成情况|<|<|<
^|保运转，其他资金：30万元用于修缮。|<|<|<|全部完成|<|<|<
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
^|产出指标（50分）|数量指标|办理事项|≥100件|120件|25|25|
^|^|质量指标|差错率|≤1%|2%|25|20|人手不足
^|效益指标（30分）|社会效益指标|便民程度|明显|明显|30|30|
^|满意度指标（10分）|服务对象满意度指标|群众满意度|≥95%|96%|10|10|
总分|<|<|<|<|<|100|94.9|
填表人：丁某|<|填报日期：2024年3月1日|<|联系电话：12345678|<|单位负责人签字：|<|<
"""
NATIONAL = """
项目支出绩效自评表|<|<|<|<|<|<|<|<
（2022年度）|<|<|<|<|<|<|<|<
项目名称|校舍维修|<|<|<|<|<|<|<
主管部门|青石县教育局|<|<|实施单位|第三中学|<|<|<
项目资金（万元）|||年初预算数|全年预算数（A）|全年执行数（B）|分值|执行率（B/A）|得分
^|年度资金总额|<|88|88|80|10|90.91%|9.1
^|其中：本年财政拨款|<|88|88|80|-||-
^|上年结转资金|<||||-||-
^|其他资金|<||||-||-
年度总体目标完成情况|预期目标|<|<|<|实际完成情况|<|<|<
^|修好6间|<|<|<|修好6间|<|<|<
年度绩效指标完成情况|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
^|产出指标（50分）|数量指标|维修间数|6|6|20|20|
^|^|时效指标|按期完工||  |30|30|
^|效益指标（30分）|社会效益指标|教学环境|改善|改善|30|30|
^|^|生态效益指标||||||
^|满意度指标（10分）|服务对象满意度|师生满意度|≥90%|95%|10|10|
总分|<|<|<|<|<|100|99.1|
注：1.一级指标分值统一设置为：产出50分。|<|<|<|<|<|<|<|<
"""
YUNNAN = """
2022年度项目支出绩效自评表|<|<|<|<|<|<|<|<|<
部门：白鹿县第一中学|<|<|<|<|<|<|<|<|公开14表
项目名称|<|营养午餐补助|<|<|<|<|<|<|<
主管部门|<|白鹿县教育局|<|<|实施单位|白鹿县第一中学|<|<|<
项目资金（元）|||年初预算数|全年预算数|全年执行数|<|分值|执行率|得分
^|年度资金总额|<||123456.78|123456.78|<|10|100%|10
^|其中：当年财政拨款|<||123456.78|123456.78|<|—||—
^|上年结转资金|<||||<|—||—
^|其他资金|<|—|—|—|<|—||—
年度总体目标|预期目标|<|<|<|<|实际完成情况|<|<|<
^|确保每名学生受益|<|<|<|<|已完成|<|<|<
绩效指标|<|<|年度指标值|<|<|实际完成值|分值|得分|偏差原因分析及改进措施
一级指标|二级指标|三级指标|指标性质|指标值|度量单位|^|^|^|^
产出指标|数量指标|受益人数|≧|735|人次|735|20|20|
^|时效指标|发放及时率|═|100|%|100%|30|27|
效益指标|经济效益 指标|减轻负担||有效||有效|30|30|
^|生态效益 指标|||||||
满意度指标|服务对象满意度指标等|家长满意度|≧|95|%|100%|10|10|
其他需要说明事项|<|<|无|<|<|<|<|<|<
总分|<|<|<|<|<|<|100|97|优
"""
SICHUAN = """
报表编号：510000_0013zp|<|<|<|<|<|<|<|<|<|<
部门预算项目支出绩效自评表（2023年度）|<|<|<|<|<|<|<|<|<|<
项目名称|51000023T000000012345-林区巡护|<|<|<|<|<|<|<|<|<
主管部门|青山县林业局本级|<|<|<|<|实施单位（盖章）|青山县林业局|<|<|<
项目基本情况|1.项目年度目标完成情况||项目年度目标|<|<|<|年度目标完成情况|<|<|<
^|^||巡护12次|<|<|<|巡护12次|<|<|<
^|2.项目实施内容及过程概述|<|聘请护林员5名|<|<|<|<|<|<|<
预算执行情况（10分）|年度预算数（万元）|<|年初预算|调整后预算数|预算执行数|预算执行率|权重|得分|原因|<
^|总额|<|20.00|25.50|25.50|100.00%|10|10|1.预算执行率=预算执行数/调整后预算数；2.其他资金包括：社会投入资金。|<
^|其中：财政资金|<|20.00|25.50|25.50|100.00%|/|/|^|^
^|财政专户管理资金|<|0.00|0.00|0.00|0.00%|/|/|^|^
^|单位资金|<|0.00|0.00|0.00|0.00%|/|/|^|^
^|其他资金|<|||||/|/|^|^
绩效指标（90分）|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|完成值|权重|得分|未完成原因分析
^|产出指标|数量指标|巡护次数|≥|12|次|12|50|50|
^|满意度指标|满意度指标|村民满意度|定性|优||优|40|38|雨季少巡
合计|<|<|<|<|<|<|<|100|98|
评价结论|项目自评98分。|<|<|<|<|<|<|<|<|<
存在问题|无|<|<|<|<|<|<|<|<|<
改进措施|无|<|<|<|<|<|<|<|<|<
项目负责人：丁某|<|<|<|<|财务负责人：戊某|<|<|<|<|<
"""
CHONGQING = """
部门整体绩效自评表|<|<|<|<|<|<|<|<|<|<
（2021年度）|<|<|<|<|<|<|<|<|<|<
主管部门|云门区融媒体中心|<|<|财政处室|教科文科|<|自评总分（分）|97.6|<|<
部门联系人|己某|<|<|联系电话|12345678|<|||<|<
部门预算执行情况（万元）||年初预算数|<|全年（调整）预算数|<|全年执行数|<|执行率（%）|执行率权重|执行率得分（分）
^|预算资金|1000|<|1200|<|912|<|76|10|7.6
当年绩效目标|年初绩效目标|<|<|全年（调整）绩效目标|<|<|全年目标实际完成情况|<|<|<
^|办好报道|<|<|办好报道|<|<|完成|<|<|<
绩效指标|指标名称|计量单位|指标性质|年初指标值|调整指标值|全年完成值|得分系数（%）|指标权重（分）|指标得分（分）|是否核心指标
^|稿件数量|篇|定量指标|2000|2200|2859|100%|50|50|是
^|“三公”经费控制率|%|定量指标|≤100|≤100|72.74|100%|40|40|否
说明|全年工作完成较好，经费控制得当。|<|<|<|<|<|<|<|<|<
"""
CITY = """
2020年度项目支出绩效自评表|<|<|<|<|<|<
项目名称|防汛物资储备|<|<|<|<|<
项目类别|1.部门预算项目√ 2.市直专项□ 3.对下转移支付□|<|<|<|<|<
预算执行情况（万元）（20分）||预算数（A）|<|执行数（B）|执行率（B/A）|得分（20分×执行率）
^||50|<|45|90%|18
年度绩效目标（80分）|一级指标|二级指标|三级指标|年初目标值（A）|实际完成值（B）|得分
^|产出指标|数量指标（40分）|储备编织袋|≥2万条|2.1万条|40
^|效益指标|社会效益指标（40分）|险情处置及时|及时|及时|40
总分|<|<|<|<|<|98
偏差大或目标未完成原因分析|无|<|<|<|<|<
改进措施及结果应用方案|无|<|<|<|<|<
"""
TASKS = """
2022年度部门整体支出绩效自评表|<|<|<|<|<|<|<|<|<
部门名称|白鹿县档案馆|<|<|<|<|<|<|<|公开14表
内容|说明|<|<|<|<|<|<|<|<
部门总体目标|部门职责|收集、保管2万卷档案|<|<|<|<|<|<|<
一、部门年度目标|<|<|<|<|<|<|<|<|<
财年|目标|<|<|<|实际完成情况|<|<|<|<
2022|数字化1万卷|<|<|<|完成|<|<|<|<
2023|数字化2万卷|<|<|<|---|<|<|<|<
二、部门年度重点工作任务|<|<|<|<|<|<|<|<|<
任务名称|项目级次|主要内容|批复金额（元）|<|<|实际支出金额（元）|<|<|预算执行率
^|^|^|总额|财政拨款|其他资金|总额|财政拨款|其他资金|^
档案数字化|本级|扫描|20000|20000||18000|18000||90%
库房修缮|本级|防潮|5000||5000|5000||5000|100%
合计|||25000|20000|5000|23000|18000|5000|92%
三、部门整体支出绩效指标|<|<|<|<|<|<|<|<|<
绩效指标|<|<|指标性质|指标值|度量单位|实际完成值|分值|得分|偏差原因分析及改进措施
一级指标|二级指标|三级指标|^|^|^|^|^|^|^
产出指标|数量指标|数字化卷数|≥|10000|卷|10500|90|90|
"""
CHANGSHA = """
附件1|<|<|<
2021年度部门整体支出绩效评价基础数据表|<|<|<
填报单位：云溪市数据中心|<|<|单位：万元
财政供养人员情况|编制数|2021年实际在职人数|控制率
^|20|18|90%
经费控制情况|2020年决算数|2021年预算数|2021年决算数
三公经费|0|0|0
项目支出：|300|350|340
1、业务工作专项|100|150|140
2、运行维护专项|50|50|50
政务云专项|100|100|100
其他|50|50|50
公用经费|20|21|22
政府采购金额|——|预算|决算
^|——|60|58
部门整体支出预算调整|54||
"""
NINGXIANG = """
项目绩效目标表|<|<|<|<|<
（2021年度）|<|<|<|<|<
填报单位（盖章）：枫林镇人民政府|<|<|<|<|<
项目名称|集镇改造|<|项目属性|新增项目□ 延续项目√|<
主管部门|枫林镇|<|主管部门编码|105001|<
项目负责人|庚某|<|联系电话|13900000000|<
起止时间|2021|<||<|<
资金总额及构成|总额|1060.75万元|<|<|<
^|一、财政拨款：692.35万元（其中：上级财政资金：692.35万元；本级财政：0万元）|<|<|<|<
^|二、自有资金：0万元|<|<|<|<
^|三、其他：368.4万元|<|<|<|<
项目概况|改造立面，财政拨款：30万元用于绿化。|<|<|<|<
项目实施进度计划|项目实施内容|<|开始时间|完成时间|<
^|1.规划|<|2016|2020|<
^|2.施工|<|2021|2021|<
项目绩效目标|长期目标|<|年度目标|<|<
^|振兴乡村|<|完成改造|<|<
长期绩效指标|一级指标|二级指标|指标内容|指标值|备注
^|产出指标|数量指标|88|100|
^|^|质量指标|88|100|
^|…|||||
年度绩效指标|一级指标|二级指标|指标内容|指标值|备注
^|产出指标|数量指标|改造户数|88户|
^|社会公众或服务对象满意度指标||居民满意度|≥90%|
"""
XIANGTAN = """
云溪市环卫处2023年喷雾车服务项目支出绩效目标申报表|<|<|<|<|<
填报单位：（盖章）|<|<|<|<|单位：万元
项目支出名称|喷雾车服务|<|预算部门|云溪市环卫处|<
年度本级预算金额|250万|<|该项目支出上级资金|0|<
项目支出实施期|2023.07-2024.01|<|<|<|<
实施期绩效目标|服务周期2023.07-2024.01，空气优良|<|<|<|<
本年度绩效目标|空气优良|<|<|<|<
本年度绩效指标|一级指标|二级指标|三级指标|指标值及单位|绩效标准
^|产出指标|数量指标|配备车辆数|10辆|计划标准
^|^|成本指标|成本控制|250万|计划标准
^|效益指标|经济效益指标||  |
财政部门审核意见||<|<|<|<
填表人：辛某|<|联系电话：12345678|<|填报日期：|单位负责人签字：
"""
SHAANXI = """
青石县财政支出项目绩效目标申报表|<|<|<
（2016年度）|<|<|<
项目名称|道路养护|项目属性|新增项目
项目资金申请（万元）|资金总额：|100|<
^|财政拨款：|80|<
^|自有资金：|20|<
^|事业收入：|10|<
^|经营性收入：|6|<
^|其他：|4|<
^|其他：||<
年度绩效指标|一级指标|二级指标|指标内容
^|产出指标|数量指标|养护10公里
"""
TERM = """
项目支出绩效目标表|<|<|<|<|<|<|<
（2022年度）|<|<|<|<|<|<|<
项目名称|<|灌渠整修|<|<|<|<|<
项目资金（万元）|<|中期资金总额：|300|<|年度资金总额：|100|<
^|^|其中：财政拨款|200|<|其中：财政拨款|80|<
^|^|其他资金|100|<|其他资金|20|<
总体目标|中期目标（2022年—2024年）|<|<|<|年度目标|<|<
^|整修30公里|<|<|<|整修10公里|<|<
绩效指标|一级指标|二级指标|三级指标|指标值|二级指标|三级指标|指标值
^|产出指标|数量指标|整修长度|30公里|数量指标|整修长度|10公里
"""
OVERALL = """
2022年度部门整体支出绩效目标表|<|<|<|<|<
部门（单位）名称|<|青石县统计局|<|<|<
年度主要任务|任务名称|主要内容|预算金额（万元）|<|<
^|^|^|总额|财政拨款|其他资金
^|常规统计|月报|60|60|
^|专项调查|入户|40|30|10
^|金额合计|<|100|90|10
年度总体目标|数据准确及时|<|<|<|<
年度绩效指标|一级指标|二级指标|三级指标|指标值|<
^|产出指标|质量指标|差错率|≤1%|<
"""
DECLARED = """
2022年部门整体支出绩效目标申报表|<|<
部门名称|青石县统计局|<
年度预算申请（万元）|资金总额：120|<
^|按收入性质分：120|按支出性质分：120
^|其中：一般公共预算拨款：100 政府性基金拨款：20|其中：基本支出：70 项目支出：50
部门职能职责概述|组织统计调查|<
整体绩效目标|数据准确|<
年度绩效指标|三级指标|指标值
^|差错率|≤1%
"""


def indicators(reading, *fields):
    """Return some fields of each indicator."""
    return [tuple(r[f] for f in fields) for r in reading.indicators]


def base(*rows):
    """Return what the middle part of the basic data gives for some rows: 上年, 预算, 决算."""
    head = """
2023年度部门整体支出绩效评价基础数据表|<|<|<
经费控制情况（万元）|2022年决算数|2023年预算数|2023年决算数
"""
    return head + "\n".join(rows)


def funds(*rows, unit="项目资金（万元）", name="项目名称|桥梁维护"):
    """Return a self-evaluation form with some rows of money."""
    head = f"""
项目支出绩效自评表（2022年度）|<|<|<|<|<|<
{name}|<|<|<|<|<
{unit}||年初预算数|全年预算数|全年执行数|执行率|得分
"""
    return head + "\n".join(rows)


def plain(tmp_path, form, kind="xlsx"):
    """Return the sums read of the basic data, by item and phase."""
    found = amounts(read(tmp_path, form, kind), "base_expenses")
    return {(item, phase): value for (_, item, _, phase), value in found.items()}


# --- 附件1 基础数据表 ------------------------------------------------------------------------


@BOTH
def test_each_part_of_the_basic_data_is_a_table_with_what_it_counts(tmp_path, kind):
    reading = read(tmp_path, BASE, kind)

    assert [(t.layout, t.amount_unit, t.year) for t in reading.tables] == [
        ("base_staffing", "", 2023),
        ("base_expenses", "万元", 2023),
        ("base_buildings", "万元", 2023),
    ]
    assert figures(reading, "base_staffing") == {
        ("authorised_posts", "staff"): 40,
        ("staff_in_post", "staff"): 43,
        ("staffing_rate", "staff"): Decimal("1.075"),
    }
    assert figures(reading, "base_buildings") == {
        ("approved_area", "buildings"): 300,
        ("actual_area", "buildings"): 310,
        ("area_rate", "buildings"): Decimal("1.0333"),
        ("investment_rate", "buildings"): Decimal("0.9833"),
    }
    assert amounts(reading, "base_buildings") == {
        ("buildings", "building_investment", "", "initial_budget"): 90 * WAN,
        ("buildings", "building_investment", "", "executed"): 8850 * WAN // 100,
    }
    assert unread(reading) == []


@BOTH
def test_every_row_of_the_basic_data_is_an_amount_in_the_phase_its_heading_names(tmp_path, kind):
    found = amounts(read(tmp_path, BASE, kind), "base_expenses")
    last = {(block, item): v for (block, item, _, p), v in found.items() if p == "executed"}

    assert last == {
        ("three_public_expenses", "three_public_expenses"): 1350 * WAN // 100,
        ("three_public_expenses", "official_vehicles"): 750 * WAN // 100,
        ("three_public_expenses", "official_vehicle_purchases"): "blank",
        ("three_public_expenses", "official_vehicle_running"): 750 * WAN // 100,
        ("three_public_expenses", "official_overseas_visits"): 0,
        ("three_public_expenses", "official_hospitality"): 6 * WAN,
        ("project", "project"): 130 * WAN,
        ("project", "project_operations"): 80 * WAN,
        ("project", "project_maintenance"): 5 * WAN,
        ("project", "project_special"): 45 * WAN,
        ("project_special", "project:河道整治专项"): 30 * WAN,
        ("project_special", "project:农村公路专项"): 15 * WAN,
        ("operating", "operating"): 32 * WAN,
        ("operating", "operating_office"): 7 * WAN,
        ("operating", "operating_utilities_and_travel"): 4 * WAN,
        ("operating", "operating_conferences_and_training"): WAN,
        ("procurement", "procurement"): 22 * WAN,
        ("budget_adjustment", "basic_adjustment"): 9 * WAN,
    }
    vehicles = ("three_public_expenses", "official_vehicle_purchases", "")
    assert found[*vehicles, "prior_final_accounts"] == "dash"
    assert found[*vehicles, "initial_budget"] == 0
    assert found["project", "project", "", "prior_final_accounts"] == 100 * WAN
    assert found["project", "project", "", "initial_budget"] == 120 * WAN


@BOTH
def test_an_amount_knows_its_cell_its_row_and_its_unit(tmp_path, kind):
    reading = read(tmp_path, BASE, kind)
    own = next(r for r in reading.amounts if r["item_code"] == "project_special")

    assert (own["cell"], own["raw"], own["amount_unit"]) == ("B16", "30", "万元")
    assert own["item_name"] == "3、省级专项资金（每个专项一行）"


@BOTH
def test_projects_may_follow_the_fixed_rows_without_a_heading_of_their_own(tmp_path, kind):
    found = amounts(read(tmp_path, CHANGSHA, kind), "base_expenses")

    assert found["project", "project:政务云专项", "", "executed"] == 100 * WAN
    assert found["project", "project:其他", "", "executed"] == 50 * WAN


@BOTH
def test_headings_within_the_procurement_row_belong_to_the_numbers_below(tmp_path, kind):
    reading = read(tmp_path, CHANGSHA, kind)
    found = amounts(reading, "base_expenses")

    assert found["procurement", "procurement", "", "prior_final_accounts"] == "dash"
    assert found["procurement", "procurement", "", "initial_budget"] == 60 * WAN
    assert found["procurement", "procurement", "", "executed"] == 58 * WAN
    assert unread(reading) == []


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("部门基本支出预算调整", "basic_adjustment"),
        ("部门整体支出预算调整", "total_adjustment"),
    ],
)
def test_an_adjustment_keeps_the_column_it_was_written_in(tmp_path, name, item):
    found = amounts(read(tmp_path, base(f"{name}|54||——")), "base_expenses")

    assert found == {
        ("budget_adjustment", item, "", "prior_final_accounts"): 54 * WAN,
        ("budget_adjustment", item, "", "initial_budget"): "blank",
        ("budget_adjustment", item, "", "executed"): "dash",
    }


def test_a_heading_of_a_year_that_does_not_fit_the_form_is_not_guessed(tmp_path):
    form = base("公用经费|1|2|3").replace("2022年决算数", "2021年决算数")

    reading = read(tmp_path, form)

    assert amounts(reading, "base_expenses") == {
        ("operating", "operating", "", "initial_budget"): 2 * WAN,
        ("operating", "operating", "", "executed"): 3 * WAN,
    }
    assert unread(reading) == [("B3", "1", "栏目“2021年决算数”的年度与本表的年度（2023年）对不上")]


def test_without_a_year_in_the_title_the_latest_of_the_headings_is_the_forms(tmp_path):
    form = base("公用经费|1|2|3").replace("2023年度部门", "部门")

    assert plain(tmp_path, form) == {
        ("operating", "prior_final_accounts"): WAN,
        ("operating", "initial_budget"): 2 * WAN,
        ("operating", "executed"): 3 * WAN,
    }


def test_of_which_is_found_by_its_words_with_or_without_numbering(tmp_path):
    form = base("三公经费|1|2|3", "其中公车购置|1|1|1", "（2）公务接待费：|0|1|2")

    found = plain(tmp_path, form)

    assert found["official_vehicle_purchases", "executed"] == WAN
    assert found["official_hospitality", "executed"] == 2 * WAN


def test_a_numbered_project_after_the_special_funds_stands_beside_them(tmp_path):
    form = base("项目支出|9|9|9", "3、省级专项资金|4|4|4", "水利|4|4|4", "4、其他专项|5|5|5")

    found = amounts(read(tmp_path, form), "base_expenses")

    assert found["project_special", "project:水利", "", "executed"] == 4 * WAN
    assert found["project", "project:其他专项", "", "executed"] == 5 * WAN


def test_rows_nobody_knows_are_listed_not_added_to_the_projects(tmp_path):
    form = base("项目支出|9|9|9", "小计|9|9|9", "公用经费|1|1|1", "接待经费|2||2")

    reading = read(tmp_path, form)

    assert unread(reading) == [
        *((f"{c}4", "9", "“小计”不是这张表的行目") for c in "BCD"),
        *((f"{c}6", "2", "“接待经费”不是这张表的行目") for c in "BD"),
    ]
    assert {r["item_code"] for r in reading.amounts} == {"project", "operating"}


def test_a_number_under_a_heading_nobody_knows_is_listed(tmp_path):
    form = """
2023年度部门整体支出绩效评价基础数据表|<|<|<|<
经费控制情况（万元）|2022年决算数|2023年预算数|2023年决算数|增减
公用经费|1|2|3|4
"""
    assert unread(read(tmp_path, form)) == [("E3", "4", "版式“经费控制情况”里没有栏目“增减”")]


def test_several_buildings_are_told_apart_by_name(tmp_path):
    head = BASE.strip().splitlines()
    rows = [head[0], head[25].replace("（2023年完工项目）", ""), "甲楼|300|310||90|88|"]
    reading = read(tmp_path, "\n".join([*rows, "乙楼|100|100||30|30|"]))

    assert {r["item_code"] for r in reading.amounts} == {
        "name:甲楼/building_investment",
        "name:乙楼/building_investment",
    }


# --- 附件2 部门整体支出绩效自评表 --------------------------------------------------------------


@BOTH
def test_numbers_inside_label_cells_are_read_with_their_source(tmp_path, kind):
    reading = read(tmp_path, HUNAN, kind)

    assert amounts(reading, "overall_funds") == {
        ("total", "total", "", "initial_budget"): 80050 * WAN // 100,
        ("total", "total", "", "adjusted_budget"): 100025 * WAN // 100,
        ("total", "total", "", "executed"): 990 * WAN,
        ("revenue", "total", "", "full_year"): 100025 * WAN // 100,
        ("revenue", "total", "general_public_budget", "full_year"): 70025 * WAN // 100,
        ("revenue", "total", "government_managed_funds", "full_year"): 100 * WAN,
        ("revenue", "total", "special_account_funds", "full_year"): "blank",
        ("revenue", "total", "other_funds", "full_year"): 200 * WAN,
        ("expenditure", "total", "", "full_year"): 990 * WAN,
        ("expenditure", "basic", "", "full_year"): 400 * WAN,
        ("expenditure", "project", "", "full_year"): 590 * WAN,
    }
    assert unread(reading) == []


@BOTH
def test_the_line_of_the_yearly_funds_gives_rate_weight_and_score(tmp_path, kind):
    reading = read(tmp_path, HUNAN, kind)

    assert figures(reading, "overall_funds") == {
        ("weight", "total"): 10,
        ("execution_rate", "total"): Decimal("0.9898"),
        ("self_score", "total"): Decimal("9.9"),
    }
    assert figures(reading, "overall_indicators") == {
        ("weight", "family:产出指标"): 50,
        ("weight", "family:效益指标"): 30,
        ("weight", "family:满意度指标"): 10,
        ("weight", "total"): 100,
        ("self_score", "total"): Decimal("94.9"),
    }


def test_one_cell_may_hold_several_labels_on_lines_of_their_own(tmp_path):
    rows = cells_of(HUNAN)[:4]
    inside = "按收入性质分：9.5\n其中：一般公共预算：1,003.25\n政府性基金拨款：——"
    rows.append(["^", inside, *[""] * 7])
    path = write_merged(tmp_path / "表.xlsx", rows)

    found = amounts(read_official(read_sheets(path), LAYOUTS), "overall_funds")

    assert found["revenue", "total", "", "full_year"] == 95 * WAN // 10
    assert found["revenue", "total", "general_public_budget", "full_year"] == 100325 * WAN // 100
    assert found["revenue", "total", "government_managed_funds", "full_year"] == "dash"


def test_a_label_with_its_number_in_the_next_cell_is_a_pair(tmp_path):
    form = "\n".join([*HUNAN.strip().splitlines()[:4], "^|按支出性质分：|990|<"])

    found = amounts(read(tmp_path, form), "overall_funds")

    assert found["expenditure", "total", "", "full_year"] == 990 * WAN


def test_prose_that_mentions_a_label_and_a_number_is_no_amount(tmp_path):
    reading = read(tmp_path, HUNAN)

    assert 30 * WAN not in [r["amount"] for r in reading.amounts]


def test_a_label_cell_that_is_understood_only_in_part_is_listed(tmp_path):
    lines = HUNAN.strip().splitlines()[:4]

    reading = read(tmp_path, "\n".join([*lines, "^|其他资金：200（含捐赠5）|<"]))

    assert unread(reading) == [("B5", "其他资金：200（含捐赠5）", "格里的文字没有全部读懂")]


def test_a_labelled_number_of_no_layout_is_listed(tmp_path):
    lines = HUNAN.strip().splitlines()[:4]

    reading = read(tmp_path, "\n".join([*lines, "^|债务资金：200万元|<"]))

    assert unread(reading) == [
        ("B5", "债务资金：200万元", "“债务资金”不在版式“部门整体支出绩效自评表”里")
    ]


@pytest.mark.parametrize("form", [HUNAN, CHONGQING, XIANGTAN, NINGXIANG, BASE])
def test_no_telephone_and_no_clerk_is_kept(tmp_path, form):
    kept = repr(vars(read(tmp_path, form)))

    assert not any(word in kept for word in ("12345678", "13900000000", "丁某", "庚某", "己某"))


@BOTH
def test_a_blank_label_does_not_take_the_number_in_the_label_beside_it(tmp_path, kind):
    lines = HUNAN.strip().splitlines()[:4]
    form = "\n".join([*lines, "^|其中：一般公共预算：|<|<|<|其中：基本支出：400|<|<|<"])

    reading = read(tmp_path, form, kind)

    found = amounts(reading, "overall_funds")
    assert found["expenditure", "basic", "", "full_year"] == 400 * WAN
    assert not [key for key in found if key[2] == "general_public_budget"]
    assert unread(reading) == []


# --- 项目支出绩效自评表 -----------------------------------------------------------------------


@BOTH
def test_a_projects_money_is_kept_under_its_name_by_source_and_phase(tmp_path, kind):
    reading = read(tmp_path, NATIONAL, kind)
    own = ("project", "project:校舍维修")

    assert amounts(reading, "project_funds") == {
        (*own, "", "initial_budget"): 88 * WAN,
        (*own, "", "adjusted_budget"): 88 * WAN,
        (*own, "", "executed"): 80 * WAN,
        (*own, "fiscal_appropriation", "initial_budget"): 88 * WAN,
        (*own, "fiscal_appropriation", "adjusted_budget"): 88 * WAN,
        (*own, "fiscal_appropriation", "executed"): 80 * WAN,
        (*own, "prior_year_carryover", "initial_budget"): "blank",
        (*own, "prior_year_carryover", "adjusted_budget"): "blank",
        (*own, "prior_year_carryover", "executed"): "blank",
        (*own, "other_funds", "initial_budget"): "blank",
        (*own, "other_funds", "adjusted_budget"): "blank",
        (*own, "other_funds", "executed"): "blank",
    }
    assert {r["item_name"] for r in reading.amounts} == {"校舍维修"}
    assert {t.year for t in reading.tables} == {2022}
    assert unread(reading) == []


@BOTH
def test_a_dash_for_points_is_a_dash_and_a_blank_rate_is_nothing(tmp_path, kind):
    reading = read(tmp_path, NATIONAL, kind)
    carried = {
        r["block"]: (r["value"], r["state"])
        for r in reading.figures
        if r["item_code"] == "project:校舍维修@prior_year_carryover"
    }

    assert carried == {"weight": (None, "dash"), "self_score": (None, "dash")}


@BOTH
def test_family_and_aspect_last_until_the_next_and_empty_lines_are_none(tmp_path, kind):
    reading = read(tmp_path, NATIONAL, kind)

    assert indicators(
        reading,
        "indicator_family",
        "indicator_aspect",
        "indicator_name",
        "target_value",
        "actual_value",
        "weight",
        "self_score",
    ) == [
        ("产出指标", "数量指标", "维修间数", "6", "6", 20, 20),
        ("产出指标", "时效指标", "按期完工", "", "", 30, 30),
        ("效益指标", "社会效益指标", "教学环境", "改善", "改善", 30, 30),
        ("满意度指标", "服务对象满意度", "师生满意度", "≥90%", "95%", 10, 10),
    ]
    assert reading.indicators[1] | {} == reading.indicators[1] | {
        "table": "project_indicators",
        "project": "校舍维修",
        "row": 14,
        "part": "年度绩效指标完成情况",
    }
    assert reading.indicators[1]["cells"] == {
        "indicator_family": "B13",
        "indicator_aspect": "C14",
        "indicator_name": "D14",
        "weight": "G14",
        "self_score": "H14",
    }


@BOTH
def test_the_weights_around_the_indicators_are_figures_of_the_project(tmp_path, kind):
    found = figures(read(tmp_path, NATIONAL, kind), "project_indicators")

    assert found == {
        ("weight", "project:校舍维修/family:产出指标"): 50,
        ("weight", "project:校舍维修/family:效益指标"): 30,
        ("weight", "project:校舍维修/family:满意度指标"): 10,
        ("weight", "project:校舍维修"): 100,
        ("self_score", "project:校舍维修"): Decimal("99.1"),
    }


def test_weights_in_percent_are_points_of_a_hundred(tmp_path):
    form = """
部门整体支出绩效自评表
绩效指标|一级指标|三级指标|年度指标值|实际完成值|权重|得分
|产出指标|举办展览|12场|13场|20%|20
||展览合格率|≥95%|96%|80％|80分
总分|||||100%|100
"""

    reading = read(tmp_path, form)

    assert [row["weight"] for row in reading.indicators] == [20, 80]
    assert unread(reading) == []


def test_a_weight_merged_over_several_indicators_counts_once(tmp_path):
    form = """
项目支出绩效自评表（2022年度）|<|<|<|<
项目名称|桥梁维护|<|<|<
一级指标|二级指标|三级指标|分值|得分
产出指标|数量指标|甲桥|20|18
^|^|乙桥|^|^
"""
    reading = read(tmp_path, form)

    assert indicators(reading, "indicator_name", "weight", "self_score") == [
        ("甲桥", 20, 18),
        ("乙桥", None, None),
    ]
    assert reading.indicators[1]["cells"]["weight"] == "D4"


@BOTH
def test_a_form_in_yuan_with_a_header_of_two_rows_is_read(tmp_path, kind):
    reading = read(tmp_path, YUNNAN, kind)
    found = amounts(reading, "project_funds")
    own = ("project", "project:营养午餐补助")

    assert found[*own, "", "initial_budget"] == "blank"
    assert found[*own, "", "adjusted_budget"] == 12345678
    assert found[*own, "", "executed"] == 12345678
    assert found[*own, "other_funds", "executed"] == "dash"
    assert indicators(
        reading, "indicator_name", "comparison", "target_value", "measure_unit", "actual_value"
    ) == [
        ("受益人数", "≧", "735", "人次", "735"),
        ("发放及时率", "═", "100", "%", "100%"),
        ("减轻负担", "", "有效", "", "有效"),
        ("家长满意度", "≧", "95", "%", "100%"),
    ]
    assert figures(reading, "project_indicators") == {
        ("weight", "project:营养午餐补助"): 100,
        ("self_score", "project:营养午餐补助"): 97,
    }
    assert unread(reading) == []


@BOTH
def test_the_sichuan_form_names_its_project_behind_a_code(tmp_path, kind):
    reading = read(tmp_path, SICHUAN, kind)
    found = amounts(reading, "project_funds")
    own = ("project", "project:林区巡护")

    assert {(b, i) for b, i, _, _ in found} == {own}
    assert found[*own, "", "adjusted_budget"] == 2550 * WAN // 100
    assert found[*own, "own_funds", "executed"] == 0
    assert found[*own, "special_account_funds", "executed"] == 0
    assert found[*own, "other_funds", "executed"] == "blank"
    rates = figures(reading, "project_funds")
    assert rates["weight", "project:林区巡护/execution"] == 10
    assert rates["execution_rate", "project:林区巡护@fiscal_appropriation"] == 1
    assert rates["self_score", "project:林区巡护@fiscal_appropriation"] is None
    assert figures(reading, "project_indicators") == {
        ("weight", "project:林区巡护/indicators"): 90,
        ("weight", "project:林区巡护"): 100,
        ("self_score", "project:林区巡护"): 98,
    }
    assert indicators(reading, "indicator_name", "comparison", "deviation_cause") == [
        ("巡护次数", "≥", ""),
        ("村民满意度", "定性", "雨季少巡"),
    ]
    assert unread(reading) == []


@BOTH
def test_the_chongqing_form_gives_a_percentage_by_its_heading(tmp_path, kind):
    reading = read(tmp_path, CHONGQING, kind)

    assert amounts(reading, "overall_funds") == {
        ("total", "total", "", "initial_budget"): 1000 * WAN,
        ("total", "total", "", "adjusted_budget"): 1200 * WAN,
        ("total", "total", "", "executed"): 912 * WAN,
    }
    assert figures(reading, "overall_funds") == {
        ("execution_rate", "total"): Decimal("0.76"),
        ("weight", "total"): 10,
        ("self_score", "total"): Decimal("7.6"),
    }
    assert figures(reading, "overall_indicators") == {("self_score", "total"): Decimal("97.6")}
    assert indicators(
        reading, "indicator_name", "target_value", "adjusted_target", "actual_value", "is_core"
    ) == [
        ("稿件数量", "2000", "2200", "2859", "是"),
        ("“三公”经费控制率", "≤100", "≤100", "72.74", "否"),
    ]
    assert unread(reading) == []


@BOTH
def test_the_form_of_twenty_and_eighty_points_has_one_row_without_a_label(tmp_path, kind):
    reading = read(tmp_path, CITY, kind)
    own = "project:防汛物资储备"

    assert amounts(reading, "project_funds") == {
        ("project", own, "", "adjusted_budget"): 50 * WAN,
        ("project", own, "", "executed"): 45 * WAN,
    }
    assert figures(reading, "project_funds") == {
        ("weight", f"{own}/execution"): 20,
        ("execution_rate", own): Decimal("0.9"),
        ("self_score", own): 18,
    }
    assert figures(reading, "project_indicators") == {
        ("weight", f"{own}/indicators"): 80,
        ("weight", f"{own}/aspect:产出指标/数量指标"): 40,
        ("weight", f"{own}/aspect:效益指标/社会效益指标"): 40,
        ("self_score", own): 98,
    }
    assert unread(reading) == []


@BOTH
def test_the_tasks_of_a_department_are_lines_with_a_total(tmp_path, kind):
    reading = read(tmp_path, TASKS, kind)
    found = amounts(reading, "overall_tasks")

    assert found["task", "task:档案数字化", "", "adjusted_budget"] == 2000000
    assert found["task", "task:档案数字化", "other_funds", "adjusted_budget"] == "blank"
    assert found["task", "task:库房修缮", "other_funds", "executed"] == 500000
    assert found["task", "total", "", "executed"] == 2300000
    assert len(found) == 18
    assert figures(reading, "overall_tasks")["execution_rate", "total"] == Decimal("0.92")
    assert [t.layout for t in reading.tables] == ["overall_tasks", "overall_indicators"]
    assert unread(reading) == []


# --- 绩效目标表 ------------------------------------------------------------------------------


@BOTH
def test_sources_within_a_cell_say_their_own_unit(tmp_path, kind):
    reading = read(tmp_path, NINGXIANG, kind)
    own = ("project", "project:集镇改造")

    assert amounts(reading, "objective_funds") == {
        (*own, "", "initial_budget"): 106075 * WAN // 100,
        (*own, "fiscal_appropriation", "initial_budget"): 69235 * WAN // 100,
        (*own, "superior_funds", "initial_budget"): 69235 * WAN // 100,
        (*own, "own_level_funds", "initial_budget"): 0,
        (*own, "own_funds", "initial_budget"): 0,
        (*own, "other_funds", "initial_budget"): 3684 * WAN // 10,
    }
    assert {r["raw"] for r in reading.amounts if r["fund"] == "superior_funds"} == {"692.35万元"}
    assert unread(reading) == []


@BOTH
def test_indicators_of_the_long_term_and_of_the_year_are_told_apart(tmp_path, kind):
    reading = read(tmp_path, NINGXIANG, kind)

    assert indicators(reading, "part", "indicator_aspect", "indicator_name", "target_value") == [
        ("长期绩效指标", "数量指标", "88", "100"),
        ("长期绩效指标", "质量指标", "88", "100"),
        ("年度绩效指标", "数量指标", "改造户数", "88户"),
        ("年度绩效指标", "", "居民满意度", "≥90%"),
    ]


@BOTH
def test_a_unit_repeated_in_the_cell_is_not_counted_twice(tmp_path, kind):
    reading = read(tmp_path, XIANGTAN, kind)
    own = ("project", "project:喷雾车服务")

    assert amounts(reading, "objective_funds") == {
        (*own, "own_level_funds", "initial_budget"): 250 * WAN,
        (*own, "superior_funds", "initial_budget"): 0,
    }
    assert indicators(reading, "indicator_name", "target_value") == [
        ("配备车辆数", "10辆"),
        ("成本控制", "250万"),
    ]
    assert unread(reading) == []


@BOTH
def test_the_same_word_means_what_the_label_above_it_makes_of_it(tmp_path, kind):
    found = amounts(read(tmp_path, SHAANXI, kind), "objective_funds")

    assert {fund: v for (_, _, fund, _), v in found.items()} == {
        "": 100 * WAN,
        "fiscal_appropriation": 80 * WAN,
        "own_funds": 20 * WAN,
        "service_revenue": 10 * WAN,
        "commercial_revenue": 6 * WAN,
        "other_own_funds": 4 * WAN,
        "other_funds": "blank",
    }


@BOTH
def test_the_whole_term_and_the_year_stand_side_by_side(tmp_path, kind):
    reading = read(tmp_path, TERM, kind)

    assert {(b, f): v for (b, _, f, _), v in amounts(reading, "objective_funds").items()} == {
        ("project_period", ""): 300 * WAN,
        ("project_period", "fiscal_appropriation"): 200 * WAN,
        ("project_period", "other_funds"): 100 * WAN,
        ("project", ""): 100 * WAN,
        ("project", "fiscal_appropriation"): 80 * WAN,
        ("project", "other_funds"): 20 * WAN,
    }
    assert indicators(reading, "part", "indicator_family", "target_value") == [
        ("中期目标（2022年—2024年）", "产出指标", "30公里"),
        ("年度目标", "产出指标", "10公里"),
    ]


@BOTH
def test_the_tasks_and_indicators_of_a_departments_objectives_are_read(tmp_path, kind):
    reading = read(tmp_path, OVERALL, kind)
    found = amounts(reading, "objective_tasks")

    assert {(i, f): v for (_, i, f, _), v in found.items()} == {
        ("task:常规统计", ""): 60 * WAN,
        ("task:常规统计", "fiscal_appropriation"): 60 * WAN,
        ("task:常规统计", "other_funds"): "blank",
        ("task:专项调查", ""): 40 * WAN,
        ("task:专项调查", "fiscal_appropriation"): 30 * WAN,
        ("task:专项调查", "other_funds"): 10 * WAN,
        ("total", ""): 100 * WAN,
        ("total", "fiscal_appropriation"): 90 * WAN,
        ("total", "other_funds"): 10 * WAN,
    }
    assert indicators(reading, "indicator_name", "target_value") == [("差错率", "≤1%")]
    assert unread(reading) == []


@BOTH
def test_a_declared_budget_is_broken_down_by_revenue_and_by_expenditure(tmp_path, kind):
    reading = read(tmp_path, DECLARED, kind)

    assert amounts(reading, "overall_objective_funds") == {
        ("total", "total", "", "initial_budget"): 120 * WAN,
        ("revenue", "total", "", "initial_budget"): 120 * WAN,
        ("revenue", "total", "general_public_budget", "initial_budget"): 100 * WAN,
        ("revenue", "total", "government_managed_funds", "initial_budget"): 20 * WAN,
        ("expenditure", "total", "", "initial_budget"): 120 * WAN,
        ("expenditure", "basic", "", "initial_budget"): 70 * WAN,
        ("expenditure", "project", "", "initial_budget"): 50 * WAN,
    }
    assert unread(reading) == []


# --- what is not guessed ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (
            funds("^|年度资金总额||56万|", unit="项目资金（元）"),
            ("D4", "56万", "单元格里写的单位是“万”，表上写的是“元”"),
        ),
        (
            funds("^|年度资金总额||56|", unit="项目资金"),
            ("D4", "56", "表上没有写明金额单位"),
        ),
        (
            funds("^|年度资金总额||56|", name="单位：元|<|<\n项目名称|桥梁维护"),
            ("D5", "56", "金额单位前后不一（万元、元）"),
        ),
        (
            funds("^|年度资金总额|||1|0.5|"),
            ("F4", "0.5", "没有写百分号，看不出是比例还是百分数"),
        ),
        (
            funds("^|年度资金总额||见附表|"),
            ("D4", "见附表", "不是数字"),
        ),
        (
            funds("^|年度资金总额||8|||5%"),
            ("G4", "5%", "是百分数，不是数额"),
        ),
        (
            funds("^|债券资金||8|"),
            ("D4", "8", "“债券资金”不是这张表的行目"),
        ),
        (
            funds("^|年度资金总额||8|", name="主管部门|交通局"),
            ("D4", "8", "表上没有写项目名称，不知道是哪个项目的数"),
        ),
        (
            funds("^|年度资金总额||8|", name="项目名称|桥梁维护|投资规模|30"),
            ("D2", "30", "“投资规模”后面的数不在版式“项目支出绩效自评表”里"),
        ),
    ],
)
def test_what_cannot_be_read_is_listed_with_the_reason(tmp_path, form, told):
    assert told in unread(read(tmp_path, form))


def test_two_numbers_under_one_heading_are_both_listed(tmp_path):
    form = """
项目支出绩效自评表（2022年度）|<|<|<
项目名称|桥梁维护|<|<
项目资金（万元）|全年预算数|<|全年执行数
年度资金总额|8|9|7
"""
    reading = read(tmp_path, form)

    assert unread(reading) == [
        (c, v, "栏目“全年预算数”下有两个数") for c, v in (("B4", "8"), ("C4", "9"))
    ]
    assert [r["amount"] for r in reading.amounts] == [7 * WAN]


def test_a_column_that_comes_twice_is_read_once_and_told(tmp_path):
    form = """
项目支出绩效自评表（2022年度）|<|<|<|<
项目名称|桥梁维护|<|<|<
一级指标|三级指标|自评得分|得分|偏差原因分析及改进措施
产出指标|甲桥|9|8|雨季
"""
    reading = read(tmp_path, form)

    assert indicators(reading, "self_score", "deviation_cause") == [(9, "雨季")]
    assert unread(reading) == [("D4", "8", "栏目“得分”与前面的一栏重复")]


def test_a_rate_of_nothing_needs_no_percent_sign(tmp_path):
    reading = read(tmp_path, funds("^|年度资金总额|0|0|0|0|0"))

    assert figures(reading, "project_funds")["execution_rate", "project:桥梁维护"] == 0
    assert unread(reading) == []


def test_a_table_below_prose_that_no_layout_knows_is_not_passed_over(tmp_path):
    form = NATIONAL[: NATIONAL.index("年度绩效指标")] + "^|设备购置|<|<|<|12|<|<|<\n"

    assert ("F12", "12", "“设备购置”后面的数不在版式“项目支出绩效自评表”里") in unread(
        read(tmp_path, form)
    )


# --- where a form begins and ends ------------------------------------------------------------


@BOTH
def test_forms_below_one_another_are_each_of_their_own_project(tmp_path, kind):
    second = NATIONAL.replace("校舍维修", "操场改造").replace("|880", "|881")

    reading = read(tmp_path, NATIONAL.strip() + "\n" + second.strip(), kind)

    assert {r["item_code"] for r in reading.amounts} == {"project:校舍维修", "project:操场改造"}
    assert [r["project"] for r in reading.indicators] == ["校舍维修"] * 4 + ["操场改造"] * 4
    assert [t.range for t in reading.tables] == ["A5:I9", "A12:I19", "A24:I28", "A31:I38"]


def test_a_form_below_a_table_of_amounts_leaves_that_table_whole(tmp_path):
    table = """
支出决算表|<|<|<|<
|||单位：万元|<
科目编码|科目名称|本年支出合计|基本支出|项目支出
205|教育支出|10|6|4
|合计|10|6|4
"""
    reading = read(tmp_path, table.strip() + "\n" + NATIONAL.strip())

    assert [(t.layout, t.range) for t in reading.tables] == [
        ("final_expenditure", "A1:E5"),
        ("project_funds", "A10:I14"),
        ("project_indicators", "A17:I24"),
    ]
    assert sum(r["table"] == "final_expenditure" for r in reading.amounts) == 6
    assert unread(reading) == []


def test_the_name_of_the_sheet_serves_where_no_title_is_written(tmp_path):
    form = NATIONAL.strip().split("\n", 2)[2]

    reading = read(tmp_path, form, sheet="项目支出绩效自评表2022年度")

    assert [t.layout for t in reading.tables] == ["project_funds", "project_indicators"]


def test_a_title_without_any_part_of_the_form_is_told_as_a_stranger(tmp_path):
    reading = read(tmp_path, "项目支出绩效自评表|<\n事项|数目\n修缮|30")

    assert reading.tables == []
    assert len(reading.strangers) == 1


def test_a_note_that_names_the_form_does_not_end_it(tmp_path):
    note = "本绩效自评表一式两份|<|<|<|<|<|<|<|<"
    form = NATIONAL.replace("年度总体目标完成情况", f"{note}\n年度总体目标完成情况")

    reading = read(tmp_path, form)

    assert {r["project"] for r in reading.indicators} == {"校舍维修"}
    assert len(reading.amounts) == 12


def test_no_title_of_a_budget_or_final_accounts_is_a_forms(tmp_path):
    titles = [table.title for table, _ in LAYOUTS.tables]

    assert not [t for t in titles for form in LAYOUTS.forms.forms if form.titled(t)]


def test_every_table_of_the_forms_has_a_name(tmp_path):
    tables = {table for table, _ in LAYOUTS.forms.titles() if table}

    assert {"base_expenses", "overall_funds", "project_funds", "objective_funds"} <= tables
    assert all(LAYOUTS.title(table) != table for table in tables)


def test_a_form_with_a_name_no_file_defines_is_refused(tmp_path):
    folder = tmp_path / "layouts" / "official"
    folder.mkdir(parents=True)
    for path in (SCHEMES / "layouts" / "official").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        changed = text.replace("columns: base_staffing}", "columns: base_people}")
        (folder / path.name).write_text(changed, encoding="utf-8")

    with pytest.raises(ParamsError, match=r"hunan\.yaml.*“base_people”没有定义"):
        load_layouts(tmp_path)
