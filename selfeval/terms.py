"""Our identifiers and the Chinese terms they stand for: the only such list."""

from __future__ import annotations

import datetime as dt
from typing import Final

PHASES: Final = {
    "prior_final_accounts": "上年决算数",
    "initial_budget": "年初预算数",
    "budget_adjustment": "预算调整数",
    "adjusted_budget": "调整后预算数",
    "stated_budget": "预算数（口径未注明）",
    "executed": "全年执行数",
}
"""The stages of one amount. ``budget_adjustment`` is a signed difference, not a level.

``stated_budget`` is a budget of which its table does not say whether it is the initial or the
adjusted one; nothing is computed with it.
"""

BLOCKS: Final = {
    "total": "支出合计",
    "basic": "基本支出",
    "personnel": "人员经费",
    "operating": "公用经费",
    "project": "项目支出",
    "three_public_expenses": "“三公”经费",
    "official_overseas_visits": "因公出国（境）费",
    "official_vehicles": "公务用车购置及运行维护费",
    "official_vehicle_purchases": "公务用车购置费",
    "official_vehicle_running": "公务用车运行维护费",
    "official_hospitality": "公务接待费",
    "procurement": "政府采购金额",
    "agency_operating": "机关运行经费",
    "opening_carryover_and_surplus": "年初结转和结余",
    "closing_carryover_and_surplus": "年末结转和结余",
    "government_managed_funds": "政府性基金预算支出",
    "state_capital_operations": "国有资本经营预算支出",
    "payments_to_superior": "上缴上级支出",
    "commercial_expenditure": "经营支出",
    "subsidies_to_affiliates": "对附属单位补助支出",
    "reserve": "单位预留机动经费",
    "carried_forward": "结转下年",
    "rest": "其余",
}
"""What an amount is for. ``project`` is both the total of projects and each project."""

FUNDS: Final = {"general_public_budget": "一般公共预算"}
"""Funds that a part of basic spending may be known of alone."""

RATES: Final = {
    "execution_rate": "预算执行率",
    "initial_rate": "年初预算完成率",
    "share": "占年初预算比重",
}
"""Quotients of a budget line: executed ÷ adjusted, executed ÷ initial, line ÷ total."""

STAFFING: Final = {
    "staff": "人员",
    "authorised_posts": "编制数",
    "staff_in_post": "年末实有",
    "staffing_rate": "在职人员控制率",
}

TRACE_GROUPS: Final = {"derived": "由上列各数计算", "told": "计数、分值和得分"}
"""What numbers that stand in no sheet are listed below."""
STATES: Final = {
    "value": "有数",
    "blank": "空白",
    "dash": "不适用",
    "zero": "零",
    "unread": "没有读懂",
    "none": "无",
}
OUTCOMES: Final = {
    "pass": "通过",
    "rounding": "四舍五入",
    "fail": "不符",
    "not_computable": "不可计算",
}
SAID_OUTCOMES: Final = {
    "fail": "不符",
    "rounding": "四舍五入",
    "pass": "相符",
    "unchecked": "未核对",
}
"""What came of a number of the text, what asks for something first."""

ROUNDINGS: Final = {
    "half_up": "四舍五入",
    "half_even": "四舍六入五成双（GB/T 8170-2008）",
}
SEVERITIES: Final = {"error": "严重", "warning": "提醒", "info": "提示"}
ACTIONS: Final = {"correct": "改数", "explain": "说明", "supply": "补材料"}
EDITIONS: Final = {"report": "公开版", "review": "内部自查版"}
WHOLE: Final = "部门整体支出"
NOT_SUPPLIED: Final = "未提供"
CORRECTED: Final = "已更正，原为"
TRIAL: Final = "试算"
NOT_COMPUTABLE: Final = "不可计算"
NOT_APPLICABLE: Final = "—"

OWN_PAGE: Final = "own"
"""The kind of page that an analyst's own notebook makes, beside the editions."""

EVIDENCE_STATES: Final = {
    "present": "文件齐全",
    "missing": "缺文件",
    "changed": "已改动",
    "unhashed": "未记校验值",
    "paper": "纸质材料",
}
EVIDENCE_FOLDERS: Final = ("evidence", "佐证材料")
"""The names a unit's folder of evidence may have."""

FAMILIES: Final = {
    "execution": "预算执行率",
    "input": "投入指标",
    "process": "过程指标",
    "cost": "成本指标",
    "output": "产出指标",
    "outcome": "效益指标",
    "satisfaction": "满意度指标",
}
GRADES: Final = {"excellent": "优", "good": "良", "fair": "中", "poor": "差"}
COMPARISONS: Final = {
    "at_least": "≥",
    "at_most": "≤",
    "equal": "=",
    "more_than": ">",
    "less_than": "<",
    "qualitative": "定性",
}
PRIORITIES: Final = {"yes": "是", "no": "否"}

RUN_STATES: Final = {
    "done": "完成",
    "draft": "还是草稿",
    "refused": "不能读取",
    "crashed": "运行失败",
    "timed_out": "超过时限",
    "out_of_memory": "内存不足",
    "killed": "被中止",
    "unpublished": "没有写成",
}
"""What became of a unit in a run."""

UNIT_LIST_HEADS: Final = {"code": "单位代码", "name": "单位名称", "outline": "报告提纲"}
"""The columns of a list of units to be made."""

PLAN_REASONS: Final = {
    "new": "还没有报告",
    "failed": "上次没有通过",
    "final": "要求定稿",
    "again": "要求重做",
    "files": "单位的文件有改动",
    "before": "上年的文件或者得分有改动",
    "neighbours": "别的单位的名称或者文字有改动",
    "read": "笔记本读过的别的单位有改动",
    "schemes": "方案有改动",
    "notebooks": "笔记本有改动",
    "program": "程序或者它用的库有改动",
    "outputs": "报告的文件缺少，或者改动过",
}
"""Why a batch runs a unit."""

PAGE_HEADINGS: Final = {
    "overview": "概览",
    "review-overview": "概览",
    "execution": "预算与执行",
    "glossary": "名词解释",
    "trace": "数据来源",
    "about": "编制说明",
    "findings": "待处理的发现",
    "explained": "单位已说明",
    "idle": "不需要处理的",
    "passed": "已通过的核对",
    "statements": "文字逐数核对",
    "coverage": "核对覆盖面",
    "ratios": "共性指标",
    "scores": "评分逐项",
    "preview": "复核预演",
    "evidence": "佐证材料台账",
    "rules": "检查规则",
    "units": "各单位一览",
}
"""Headings of the parts around an outline's sections; those are in the outline's scheme."""

TABLE_HEADS: Final = {
    "line": "支出项目",
    "item": "项目",
    "kind": "人员类别",
    "total": "合计",
    "indicator": "指标",
    "aspect": "类别",
    "target": "年度指标值",
    "actual": "实际完成值",
    "weight": "分值",
    "points": "得分",
    "computed": "计算得分",
    "self_score": "自评得分",
    "basis": "怎么得来",
    "formula": "计算公式",
    "data": "数据",
    "evidence": "材料",
    "evidence_file": "文件",
    "page": "页码",
    "date": "日期",
    "holder": "保管人",
    "sample": "问卷",
    "sha256": "SHA-256",
    "place": "位置",
    "rule": "规则",
    "outcome": "结果",
    "message": "内容",
    "table": "表",
    "year_unknown": "年度不明",
    "number": "序号",
    "name": "名称",
    "exact": "精确值",
    "source": "来源",
    "expected": "应为",
    "found": "实为",
    "explanation": "说明",
    "said": "原文",
    "write": "写在",
    "say": "或写说明",
    "unit": "单位",
    "status": "状态",
    "edition": "版本",
    "part": "部分",
    "heading": "标题",
    "open": "待处理",
    "reports": "报告",
    "read": "读到",
    "used": "已核对",
    "unused": "未核对",
    "left": "可能留下",
    "criterion": "口径",
    "deduction": "扣分比例",
    "reason": "原因",
    "remedy": "怎么补救",
    "median": "中位",
    "year": "年度",
    "code": "代码",
    "group": "主管部门",
    "folder": "文件夹",
    "notebooks": "笔记本",
    "pages": "报告",
    "level": "层级",
    "parent": "上级",
    "item_code": "科目编码",
    "phase": "口径",
    "amount": "数额",
    "severity": "程度",
    "action": "处理",
    "family": "一级指标",
    "sentence": "句子",
    "line_number": "行",
    "grade": "等级",
    "reference": "依据",
    "blocking": "严重问题",
    "before": "之前",
    "after": "现在",
    "change": "增减",
    "change_rate": "增减率",
    "problem": "首要问题",
    "problems": "问题",
    "findings": "条数",
    "initial_budget": "年初",
    "executed": "支出",
    "forms": "附件",
    "units": "单位数",
    "unranked": "不列入比较",
}
"""Heads of the tables on our pages and labels of a finding's facts."""

STATED_IN: Final = {
    "title": "标题",
    "headings": "表头",
    "above": "表上方的文字",
    "dated": "日期",
    "sheet": "工作表名",
    "file": "文件名",
    "beside": "同一文件的其他表",
    "declared": "unit.yaml 的 years ",
}
"""Where the year or the office of a table is stated."""

CAPTIONS: Final = {
    "execution": "预算与执行情况",
    "staffing": "在职人员",
    "other": "“三公”经费、采购等",
    "reasons": "比年初预算增减的原因",
    "indicators": "绩效指标完成情况和得分",
    "cells": "读到的金额单元格",
    "evidence": "佐证材料",
    "preview": "复核可能扣分或注明的指标",
    "scores": "得分分布",
    "revenue": "收入情况",
    "function": "支出按功能分类",
    "form": "填报表",
    "targets": "绩效指标",
    "measures": "问题与措施",
    "amounts": "读到的数额",
    "projects": "项目支出",
    "findings": "检查结果",
    "statements": "文字里的数和说法",
    "ratios": "共性指标",
    "all_units": "各单位",
    "refused": "没有读进来的单位",
    "compared": "对照",
    "since": "与上次看时相比",
}
"""Captions of tables, before the year and the unit of money."""

COUNTS: Final = {
    "blocking": ("没有更正或说明的严重发现", "处"),
    "projects": ("项目支出的项目", "个"),
    "project_parts": ("项目支出的明细", "项"),
    "overspent": ("超出预算的支出", "项"),
    "without_rate": ("算不出占预算多少的支出", "项"),
    "indicators": ("填报的指标", "项"),
    "indicators_reached": ("达到年度指标值的指标", "项"),
    "indicators_unknown": ("无法判断的指标", "项"),
    "indicators_missed": ("没有达到年度指标值的指标", "项"),
    "deviations": ("偏离目标的指标", "项"),
    "deviations_bare": ("偏离目标而没有写明原因的指标", "项"),
    "scored_lines": ("计分的各项", "项"),
    "short_lines": ("没有得满分的各项", "项"),
    "unscored_lines": ("不能计分的各项", "项"),
    "checked": ("检查", "处"),
    "checked_pass": ("检查通过的", "条"),
    "checked_rounding": ("只差四舍五入的", "条"),
    "checked_fail": ("检查不符的", "条"),
    "checked_not_computable": ("不可计算的检查", "条"),
    "open": ("等待处理的发现", "条"),
    "cells": ("要填的单元格", "个"),
    "places": ("要写的地方", "处"),
    "idle": ("不需要处理的发现", "条"),
    "read": ("读到的数额", "个"),
    "used": ("参与核对的数额", "个"),
    "unused": ("没有参与核对的数额", "个"),
    "unread": ("没有读懂的数", "个"),
    "criteria": ("复核口径", "条"),
    "struck": ("可能被扣分的各项", "项"),
    "waiting": ("得分待核的各项", "项"),
    "noted": ("会被注明的各项", "项"),
    "left_out": ("没有计算得分的各项", "项"),
    "materials": ("台账里的材料", "份"),
    "said": ("文字里的数", "个"),
    "said_compared": ("核对过的文字里的数", "个"),
    "said_wrong": ("与表格不符的文字里的数", "个"),
    "said_unchecked": ("没有核对的文字里的数", "个"),
    "said_placed": ("占位符填写的文字里的数", "个"),
    "ratios": ("共性指标的各行", "行"),
    "ratios_computed": ("有结果的共性指标", "行"),
    "ratios_without": ("没有结果的共性指标", "行"),
}
"""What a page counts in its sentences, and by which measure word."""

SCORE_TOTAL: Final = "score.total"
"""The key of a unit's total."""

SCREEN_WORDS: Final = {
    "known_executed": "已知支出",
    "score": "自评得分",
    "not_scored": "未评",
    "execution": "执行率",
    "pending": "待核",
    "draft": "草稿",
    "done": "已完成",
    "failed": "未通过",
    "stale": "已过期",
    "warned": "有提醒",
    "noted": "只有提示",
    "clear": "无待处理",
    "ready": "可报",
    "capped": "封顶",
    "self_evaluation": "单位自评",
    "public_tables": "只核对公开表",
    "internal": "内部资料",
    "sample": "示例",
}
"""Words of the first screen and of the index."""


ORDINALS = "一二三四五六七八九十"


def ordinal(number: int) -> str:
    """Return 一, 二 … 十, 十一 … for a number from 1; digits from 100 on."""
    tens, ones = divmod(number, 10)
    if tens >= 10:
        return str(number)
    if tens == 0:
        return ORDINALS[ones - 1]
    head = "" if tens == 1 else ORDINALS[tens - 1]
    return f"{head}十{ORDINALS[ones - 1] if ones else ''}"


def written_date(day: dt.date) -> str:
    """Return a date as documents write it: 2022年4月20日."""
    return f"{day.year}年{day.month}月{day.day}日"
