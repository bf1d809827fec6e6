"""The laws of sales: documents, money, goods, meters, paper."""

from __future__ import annotations

from hsh.queries.sales import (
    agreement_laws,
    document_laws,
    flag_laws,
    goods_laws,
    meter_laws,
    money_laws,
    paper_laws,
)

LAWS = (
    *goods_laws.LAWS,
    *document_laws.LAWS,
    *money_laws.LAWS,
    *meter_laws.LAWS,
    *paper_laws.LAWS,
    *flag_laws.LAWS,
    *agreement_laws.LAWS,
)
