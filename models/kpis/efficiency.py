"""What a unit of each result cost, what it would have cost as advertising, and how the budget goes."""

from models.kpis import formulas, methods
from models.kpis.kpi import Kpi, Sample
from models.scopes import DETAILED_SCOPES
from models.words import Words

KPIS: tuple[Kpi, ...] = (
    Kpi(
        id="cpe",
        name=Words("Cost per engagement (CPE)", "Coût par engagement (CPE)"),
        abbreviation="CPE",
        meaning=Words("What one interaction has cost.", "Ce qu'une interaction a coûté."),
        formula=Words("invested ÷ interactions", "investissement ÷ interactions"),
        compute=formulas.cpe,
        unit="money",
        form="money",
        stage="efficiency",
        direction="down",
        sample=Sample("interactions", 100, Words("interactions", "interactions")),
        bounds=methods.CPE,
    ),
    Kpi(
        id="cpm",
        name=Words("Cost per mille (CPM)", "Coût pour mille (CPM)"),
        abbreviation="CPM",
        meaning=Words(
            "What a thousand impressions have cost.",
            "Ce que mille impressions ont coûté.",
        ),
        formula=Words("invested ÷ impressions × 1000", "investissement ÷ impressions × 1000"),
        compute=formulas.cpm,
        unit="money",
        form="money",
        stage="efficiency",
        direction="down",
        sample=Sample("impressions", 1000, Words("impressions", "impressions")),
    ),
    Kpi(
        id="emv",
        name=Words("Earned media value (EMV)", "Valeur média acquise (EMV)"),
        abbreviation="EMV",
        meaning=Words(
            "What the actions would have cost as advertising, by the campaign's rate card; absent where the "
            "card has no rate for any channel.",
            "Ce que les actions auraient coûté en publicité, selon la grille tarifaire de la campagne ; "
            "absente si la grille n'a de tarif pour aucun canal.",
        ),
        formula=Words(
            "Σ rate × actions (impressions per 1000)",
            "Σ tarif × actions (impressions par 1000)",
        ),
        compute=formulas.emv,
        unit="money",
        form="money",
        stage="efficiency",
        direction="up",
    ),
    Kpi(
        id="emv_to_invested_ratio",
        name=Words("EMV to invested", "EMV sur investissement"),
        meaning=Words(
            "Earned media value by unit invested; no return in money.",
            "Valeur média acquise par unité investie ; ce n'est pas un retour en argent.",
        ),
        formula=Words("EMV ÷ invested", "EMV ÷ investissement"),
        compute=formulas.emv_to_invested,
        unit="ratio",
        form="number",
        stage="efficiency",
        direction="up",
        scopes=DETAILED_SCOPES,
    ),
    Kpi(
        id="budget_spent_ratio",
        name=Words("Budget spent", "Budget dépensé"),
        heading="Spent",
        meaning=Words(
            "Invested in the flight by unit of budget.",
            "Investissement de la campagne par unité de budget.",
        ),
        formula=Words("invested in the flight ÷ budget", "investissement de la campagne ÷ budget"),
        compute=formulas.budget_spent,
        unit="ratio",
        form="percent",
        stage="efficiency",
        direction="neutral",
        scopes=("campaign",),
        windowed=False,
    ),
    Kpi(
        id="pacing_ratio",
        name=Words("Pacing", "Rythme"),
        abbreviation="Pace",
        meaning=Words(
            "Share of the budget spent by share of the flight elapsed: 1 is on plan, 1.2 spends a fifth too "
            "fast.",
            "Part du budget dépensée par part de la campagne écoulée : 1 suit le plan, 1,2 dépense un "
            "cinquième trop vite.",
        ),
        formula=Words(
            "(invested in the flight ÷ budget) ÷ (elapsed ÷ length of the flight)",
            "(investissement de la campagne ÷ budget) ÷ (temps écoulé ÷ durée de la campagne)",
        ),
        compute=formulas.pacing,
        unit="ratio",
        form="number",
        stage="efficiency",
        direction="neutral",
        scopes=("campaign",),
        windowed=False,
        tolerance=0.15,
    ),
    Kpi(
        id="forecast_spent_ratio",
        name=Words("Forecast of spending", "Dépense prévue"),
        heading="Forecast",
        meaning=Words(
            "Share of the budget that the flight will have spent at its end, if results go on as they have "
            "since the first event: 1 is on budget.",
            "Part du budget que la campagne aura dépensée à sa fin, si les résultats continuent comme depuis "
            "le premier événement : 1 respecte le budget.",
        ),
        formula=Words(
            "(flat fees and spends of the flight + cost of results × (elapsed + remaining) ÷ elapsed) ÷ "
            "budget",
            "(forfaits et dépenses de la campagne + coût des résultats × (temps écoulé + restant) ÷ temps "
            "écoulé) ÷ budget",
        ),
        compute=formulas.forecast_spent,
        unit="ratio",
        form="percent",
        stage="efficiency",
        direction="neutral",
        scopes=("campaign",),
        windowed=False,
        tolerance=0.15,
        bounds=methods.FORECAST,
    ),
)
