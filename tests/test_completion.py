"""Tests of TEXT-09: rates of completion in the text, recomputed."""

import pytest
from evaluated import ended, findings, saying

PUBLIC = [
    {"item": "“三公”经费合计", "initial_budget": 6, "adjusted_budget": 6, "executed": 4},
    {"item": "公务接待费", "prior_final_accounts": 2, "initial_budget": 2, "adjusted_budget": 2,
     "executed": 1},
    {"item": "因公出国（境）费", "prior_final_accounts": 0, "initial_budget": 0,
     "adjusted_budget": 0, "executed": 0},
]  # fmt: skip


def test_a_rate_of_completion_that_is_not_that_of_the_amounts_is_told(tmp_path):
    said = "年初预算为452.40万元，支出决算为446.11万元，完成年初预算的89.61%。"
    (finding,) = findings(saying(tmp_path, said), "TEXT-09")

    assert (finding.outcome, finding.severity) == ("fail", "error")
    assert finding.message == (
        "文中写“完成年初预算的89.61%”，而按同处预算452.40万元、支出446.11万元计算为98.61%："
        "“年初预算为452.40万元，支出决算为446.11万元，完成年初预算的89.61%”。请核实。"
    )


@pytest.mark.parametrize(
    ("sentence", "outcome"),
    [
        ("年初预算为452.40万元，支出决算为446.11万元，完成年初预算的98.61%。", ["pass"]),
        ("预算452.40万元，支出446.11万元，预算执行率98.61%。", ["pass"]),
        ("年初预算为102.33万元，支出决算为97.68万元。完成年初预算的95.45%。", ["rounding"]),
        ("窗口服务专项支出{{窗口服务专项.全年执行数}}，为年初预算的108.40%。", ["pass"]),
        ("窗口服务专项预算执行率为98.55%。", ["pass"]),
        ("窗口服务专项预算执行率为108.40%。", ["pass"]),
        ("窗口服务专项预算执行率为{{窗口服务专项.预算执行率}}。", ["pass"]),
        ("窗口服务专项预算执行率为95.55%。", ["fail"]),
        ("窗口服务专项完成全年预算的108.40%。", ["fail"]),
        ("文献购置预算执行率为120.00%。", ["pass"]),
        ("文献购置完成全年预算的100%。", ["not_computable"]),
        ("窗口服务专项预算执行率达95%以上。", []),
        ("截至6月，窗口服务专项完成年初预算的60%。", []),
        ("培训计划完成率100%。", []),
        ("投资500.00万元，支出20.00万元，完成投资的4%。", []),
    ],
)
def test_a_rate_of_completion_is_recomputed_where_it_is_certain_what_it_is_of(
    tmp_path, sentence, outcome
):
    assert ended(saying(tmp_path, sentence), "TEXT-09") == outcome


@pytest.mark.parametrize(
    ("sentence", "outcome"),
    [
        ("年初预算为0，支出决算为10.77万元，完成年初预算的100%。", ["fail"]),
        ("年初预算为0万元，支出决算为10.77万元，完成年初预算的100%。", ["fail"]),
        ("年初未安排预算，支出决算为10.77万元，完成年初预算的100%。", ["fail"]),
        ("年初预算为0.50万元，支出决算为0.50万元，完成年初预算的100%。", ["pass"]),
        ("追加专项完成年初预算的80%。", ["fail"]),
        ("追加专项完成全年预算的80%。", ["pass"]),
        ("追加专项完成预算的80%。", ["pass"]),
        ("因公出国（境）费支出决算为0.00万元，完成预算的0.00%。", ["not_computable"]),
    ],
)
def test_a_budget_of_nothing_cannot_be_completed(tmp_path, sentence, outcome):
    assert ended(saying(tmp_path, sentence, other=PUBLIC), "TEXT-09") == outcome
