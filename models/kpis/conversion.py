"""What came of it, and what that cost."""

from models.kinds import CONVERSIONS
from models.kpis import bounds, formulas
from models.kpis.kpi import Kpi, Sample, Threshold
from models.scopes import DETAILED_SCOPES
from models.words import Words

KPIS: tuple[Kpi, ...] = (
    Kpi(
        id="conversions",
        name=Words("Conversions", "Conversions"),
        heading="Conv.",
        headline=True,
        meaning=Words(
            "Distinct confirmed orders, sign-ups and other goals, less cancelled ones.",
            "Commandes confirmées, inscriptions et autres objectifs distincts, moins les annulations.",
        ),
        formula=Words(
            "distinct orders − cancelled orders",
            "commandes distinctes − commandes annulées",
        ),
        compute=formulas.conversions_by_kind,
        unit="events",
        form="count",
        stage="conversion",
        direction="up",
        label="kind",
        kinds=CONVERSIONS,
        bounds=bounds.COUNT,
    ),
    Kpi(
        id="revenue",
        name=Words("Revenue", "Chiffre d'affaires"),
        headline=True,
        meaning=Words(
            "Revenue of the conversions, net of refunds and cancellations.",
            "Chiffre d'affaires des conversions, net des remboursements et des annulations.",
        ),
        formula=Words("Σ revenue − Σ refunds", "Σ chiffre d'affaires − Σ remboursements"),
        compute=formulas.revenue,
        unit="money",
        form="money",
        stage="conversion",
        direction="up",
    ),
    Kpi(
        id="invested",
        name=Words("Invested", "Investissement"),
        headline=True,
        meaning=Words(
            "What the campaign has cost in the window: fees accrued and costs by result.",
            "Ce que la campagne a coûté dans la fenêtre : forfaits courus et coûts au résultat.",
        ),
        formula=Words(
            "accrued flat fees and spend + CPM, CPC, CPA and revenue shares",
            "forfaits et dépenses courus + CPM, CPC, CPA et parts du chiffre d'affaires",
        ),
        compute=formulas.invested,
        unit="money",
        form="money",
        stage="efficiency",
        direction="neutral",
    ),
    Kpi(
        id="cpa",
        name=Words("Cost per acquisition (CPA)", "Coût par acquisition (CPA)"),
        abbreviation="CPA",
        headline=True,
        meaning=Words("What one conversion has cost.", "Ce qu'une conversion a coûté."),
        formula=Words("invested ÷ conversions", "investissement ÷ conversions"),
        compute=formulas.cpa,
        unit="money",
        form="money",
        stage="conversion",
        direction="down",
        sample=Sample("conversions", 20, Words("conversions", "conversions")),
        threshold=Threshold("cpa", "max", least=0),
        bounds=bounds.CPA,
    ),
    Kpi(
        id="roi_ratio",
        name=Words("Return on investment (ROI)", "Retour sur investissement (ROI)"),
        abbreviation="ROI",
        headline=True,
        meaning=Words(
            "Net gain by unit invested; −1 where nothing came back.",
            "Gain net par unité investie ; −100 % quand rien n'est revenu.",
        ),
        formula=Words(
            "(revenue − invested) ÷ invested",
            "(chiffre d'affaires − investissement) ÷ investissement",
        ),
        compute=formulas.roi,
        unit="ratio",
        form="signed percent",
        stage="conversion",
        direction="up",
        scopes=DETAILED_SCOPES,
        sample=Sample("conversions", 20, Words("conversions", "conversions")),
        threshold=Threshold("roi", "min", min_sample=20),
    ),
)
