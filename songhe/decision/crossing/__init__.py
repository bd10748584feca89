"""One city's people under other cities' rules (一市的人口按别市的规则): counts only, nothing is ever paid from it."""
