"""Official forms of self-evaluation (基础数据表, 自评表, 绩效目标表), read by their layouts."""
