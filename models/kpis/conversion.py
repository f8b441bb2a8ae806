"""What came of it, and what that cost."""

from models.kinds import ATTRIBUTIONS, CONVERSIONS
from models.kpis import formulas, methods
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
        bounds=methods.CONVERSIONS,
    ),
    Kpi(
        id="goal_conversions",
        name=Words("Goal conversions", "Conversions visées"),
        meaning=Words(
            "Conversions of the kinds that are the campaign's goals, which CPA and ROI count: every kind if "
            "it names none.",
            "Conversions des types que la campagne vise, que comptent le CPA et le ROI : tous les types si "
            "elle n'en nomme aucun.",
        ),
        formula=Words("Σ conversions of the goals", "Σ conversions visées"),
        compute=formulas.goal_conversions,
        unit="events",
        form="count",
        stage="conversion",
        direction="up",
        bounds=methods.GOAL_CONVERSIONS,
    ),
    Kpi(
        id="conversions_attributed",
        name=Words("Attributed conversions", "Conversions attribuées"),
        meaning=Words(
            "Conversions whose influencer is known, by how the producer found it.",
            "Conversions dont l'influenceur est connu, selon la façon dont il a été trouvé.",
        ),
        formula=Words(
            "distinct orders − cancelled orders, by attributed_by",
            "commandes distinctes − commandes annulées, par attributed_by",
        ),
        compute=formulas.conversions_by_attribution,
        unit="events",
        form="count",
        stage="conversion",
        direction="up",
        label="by",
        kinds=ATTRIBUTIONS,
        scopes=("campaign", "influencer"),
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
            "What was spent in the window: fees and spends as they accrue, and costs by result. A flat fee "
            "accrues from the first event of whom it pays for. Spends of those not yet seen are in the "
            "campaign's and the influencer's figure alone, so contents and channels may add up to less.",
            "Ce qui a été dépensé dans la fenêtre : forfaits et dépenses à mesure qu'ils courent, et coûts "
            "au résultat. Un forfait court dès le premier événement de qui il rémunère. Les dépenses pour "
            "qui n'a pas encore été vu ne figurent que chez la campagne et l'influenceur : la somme des "
            "contenus ou des canaux peut donc être moindre.",
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
        id="committed",
        name=Words("Committed", "Engagé"),
        meaning=Words(
            "What the flight costs for sure: all its flat fees and spends, accrued or not, and what results "
            "have cost so far.",
            "Ce que la campagne coûtera à coup sûr : tous ses forfaits et dépenses, courus ou non, et ce que "
            "les résultats ont coûté jusqu'ici.",
        ),
        formula=Words(
            "flat fees and spends of the flight + CPM, CPC, CPA and revenue shares so far",
            "forfaits et dépenses de la campagne + CPM, CPC, CPA et parts du chiffre d'affaires à ce jour",
        ),
        compute=formulas.committed,
        unit="money",
        form="money",
        stage="efficiency",
        direction="neutral",
        scopes=DETAILED_SCOPES,
        windowed=False,
    ),
    Kpi(
        id="cpa",
        name=Words("Cost per acquisition (CPA)", "Coût par acquisition (CPA)"),
        abbreviation="CPA",
        headline=True,
        meaning=Words("What one goal conversion has cost.", "Ce qu'une conversion visée a coûté."),
        formula=Words("invested ÷ goal conversions", "investissement ÷ conversions visées"),
        compute=formulas.cpa,
        unit="money",
        form="money",
        stage="conversion",
        direction="down",
        sample=Sample("goal_conversions", 20, Words("conversions", "conversions")),
        threshold=Threshold("cpa", "max", least=0),
        bounds=methods.CPA,
        always=methods.CPA_ALWAYS,
    ),
    Kpi(
        id="roi_ratio",
        name=Words("Return on investment (ROI)", "Retour sur investissement (ROI)"),
        abbreviation="ROI",
        headline=True,
        meaning=Words(
            "Net gain by unit invested, by the revenue of the campaign's goals; −1 where all of it was given "
            "back, absent while no conversion of a goal carries a revenue.",
            "Gain net par unité investie, selon le chiffre d'affaires des conversions visées ; −100 % si "
            "tout a été remboursé, absent tant qu'aucune ne porte de chiffre d'affaires.",
        ),
        formula=Words(
            "(revenue of goal conversions − invested) ÷ invested",
            "(chiffre d'affaires des conversions visées − investissement) ÷ investissement",
        ),
        compute=formulas.roi,
        unit="ratio",
        form="signed percent",
        stage="conversion",
        direction="up",
        scopes=DETAILED_SCOPES,
        sample=Sample("goal_conversions", 20, Words("conversions", "conversions")),
        threshold=Threshold("roi", "min", min_sample=20),
        bounds=methods.ROI,
        always=methods.ROI_ALWAYS,
    ),
)
