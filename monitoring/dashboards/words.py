"""The words of the dashboards that no declaration in models has: English, then French."""

from models.words import Words

WORDS: dict[str, Words] = {
    # Pages
    "portfolio_about": Words(
        "Every campaign against its thresholds, pacing and budget, the one that most needs a look first.",
        "Chaque campagne face à ses seuils, son rythme et son budget ; d'abord celle qui demande le plus "
        "d'attention.",
    ),
    "portfolio_help": Words(
        "Worst first. A campaign's name leads to its page. **Beyond**: the KPI is likely beyond its "
        "threshold over the flight. **Too early to say**: it may be on either side, or events are too few. "
        "Currencies differ by row and are never added up.",
        "Les pires d'abord ; le nom d'une campagne mène à sa page. **Hors seuil** : sur la campagne, le KPI "
        "est probablement au-delà de son seuil. **Trop tôt pour dire** : il peut être d'un côté ou de "
        "l'autre, ou il y a trop peu d'événements. La devise change d'une ligne à l'autre ; rien n'est "
        "additionné.",
    ),
    "campaign_about": Words(
        "One campaign through the funnel: value, 95 % band, trend and threshold of each KPI.",
        "Une campagne le long de l'entonnoir : valeur, bande à 95 %, évolution et seuil de chaque KPI.",
    ),
    "campaign_help": Words(
        "**Counted over** says what each point counts: the flight to date, or the period that ends there. "
        "The time range at the top right only says how far back curves go. The ⓘ of a panel says what its "
        "KPI means. **–**: no number, because there is nothing to divide by or no cost is declared. It is "
        "not 0.",
        "**Compté sur** dit ce que compte chaque point : la campagne à ce jour, ou la période qui s'y "
        "termine. La période en haut à droite dit seulement jusqu'où remontent les courbes. Le ⓘ d'un "
        "panneau dit ce que signifie son KPI. **–** : pas de chiffre, car il n'y a rien par quoi diviser "
        "ou aucun coût n'est déclaré. Ce n'est pas 0.",
    ),
    "influencers_about": Words(
        "A campaign's influencers side by side.",
        "Les influenceurs d'une campagne côte à côte.",
    ),
    "influencers_help": Words(
        "The reach of influencers does not add up to the campaign's: one person may follow several. Tell "
        "two rates apart only if their bands do not overlap.",
        "La portée des influenceurs ne s'additionne pas en celle de la campagne : une même personne peut "
        "en suivre plusieurs. Ne distinguez deux taux que si leurs bandes ne se chevauchent pas.",
    ),
    "pipeline_about": Words(
        "Whether the numbers can be trusted: what comes in, how far behind, what was refused or lost.",
        "Peut-on se fier aux chiffres ? Ce qui arrive, avec quel retard, ce qui est refusé ou perdu.",
    ),
    "pipeline_help": Words(
        "Green: the figures on the other pages are complete and fresh. Lost records and holes are events "
        "that are in no figure. During a rebalance partitions recover for a few seconds; nothing is lost.",
        "Vert : les chiffres des autres pages sont complets et frais. Enregistrements perdus et trous sont "
        "des événements absents de tous les chiffres. Pendant un rééquilibrage les partitions se "
        "rétablissent quelques secondes ; ce n'est pas une perte.",
    ),
    "contents_about": Words(
        "What an influencer published, and what each of it brought.",
        "Ce qu'un influenceur a publié, et ce que chaque publication a apporté.",
    ),
    "contents_help": Words(
        "A flat fee that names no content is divided evenly among the influencer's contents seen so far, and "
        "each part evenly among that content's {across}: costs change when another content appears.",
        "Un forfait qui ne nomme aucun contenu est réparti également entre les contenus déjà vus de "
        "l'influenceur, puis entre les {across} de chaque contenu : les coûts changent quand un autre "
        "apparaît.",
    ),
    "channels_about": Words(
        "One campaign across its influencers: where it works, and in which form.",
        "Une campagne à travers ses influenceurs : où elle marche, et sous quelle forme.",
    ),
    "channels_help": Words(
        "All influencers together. Reach does not add up over {across}: one person may be in several. In "
        "charts, *none* stands for events that name none.",
        "Tous les influenceurs ensemble. La portée ne s'additionne pas entre {across} : une même personne "
        "peut être dans plusieurs. Dans les courbes, *none* : les événements qui n'en précisent aucun.",
    ),
    "other_language": Words("En français", "In English"),
    # Variables
    "source": Words("Prometheus", "Prometheus"),
    "all": Words("All", "Tous"),
    "status": Words("Status", "Statut"),
    "scheduled": Words("scheduled", "programmée"),
    "running": Words("running", "en cours"),
    "grace": Words("grace", "délai de grâce"),
    "ended": Words("ended", "terminée"),
    "owner": Words("Owner", "Responsable"),
    "window": Words("Counted over", "Compté sur"),
    "window_about": Words(
        "What each KPI is counted over; the time range only says how far back curves go.",
        "Sur quoi chaque KPI est compté ; la période dit seulement jusqu'où remontent les courbes.",
    ),
    # Columns and series
    "and": Words("and", "et"),
    "id": Words("Id", "Identifiant"),
    "currency": Words("Currency", "Devise"),
    "instance": Words("Worker", "Worker"),
    "version": Words("Version", "Version"),
    "value": Words("Value", "Valeur"),
    "total": Words("Total", "Total"),
    "lower": Words("95 % lower bound", "borne basse à 95 %"),
    "upper": Words("95 % upper bound", "borne haute à 95 %"),
    "threshold": Words("Threshold", "Seuil"),
    "trend": Words("trend", "évolution"),
    "to_campaign": Words("Open the campaign", "Ouvrir la campagne"),
    "to_contents": Words("Its {contents}", "Ses {contents}"),
    "to_influencers": Words("Its influencers", "Ses influenceurs"),
    # What the explanation of a KPI adds to the catalogue's words
    "formula": Words("Formula", "Formule"),
    "misleads_below": Words("Misleads below", "Trompeur en dessous de"),
    "above_all": Words(
        "Orange: a share of more than all; interactions with older posts, or impressions that are missing.",
        "Orange : une part de plus que le tout ; interactions avec des publications plus anciennes, ou "
        "impressions manquantes.",
    ),
    "bounds_method": Words("{percent} % bounds", "Bornes à {percent} %"),
    "better_up": Words("Higher is better.", "Plus c'est haut, mieux c'est."),
    "better_down": Words("Lower is better.", "Plus c'est bas, mieux c'est."),
    "better_neutral": Words("Neither high nor low is better.", "Ni haut ni bas n'est mieux."),
    "absent": Words(
        "No number if there is nothing to divide by or an input is unknown.",
        "Pas de chiffre s'il n'y a rien par quoi diviser ou si une donnée manque.",
    ),
    # Stages
    "visibility": Words("Visibility", "Visibilité"),
    "interaction": Words("Interaction", "Interaction"),
    "conversion": Words("Conversion", "Conversion"),
    "brand": Words("Brand", "Marque"),
    "efficiency": Words("Efficiency", "Efficience"),
    # States
    "well": Words("ok", "ok"),
    "early": Words("too early to say", "trop tôt pour dire"),
    "beyond": Words("beyond", "hors seuil"),
    "events_come": Words("events come", "événements reçus"),
    "no_events": Words("likely interrupted", "probablement interrompu"),
    "likely": Words("likely", "probable"),
    "needs_a_look": Words("What needs a look", "Ce qui demande attention"),
    "needs_a_look_about": Words(
        "The verdicts that alerts and `kpis show` use too, over the flight whatever window is chosen: each "
        "KPI with a threshold, what the budget will likely come to at the flight's end, whether events still "
        "come, whether what people say has turned, and whether suspicious interactions prevail. Beyond: it "
        "likely is, at every look at once. Too early to say: it may be on either side, or the sample is "
        "below the campaign's minimum. A KPI without a threshold has no state. Attention counts what is "
        "beyond, and in tenths what is too early to say.",
        "Les verdicts dont se servent aussi les alertes et `kpis show`, sur la campagne quelle que soit la "
        "fenêtre choisie : chaque KPI qui a un seuil, ce que deviendra probablement le budget à la fin de la "
        "campagne, si des événements arrivent encore, si le ton a probablement changé et si les interactions "
        "suspectes l'emportent. Hors seuil : probablement, à tous les regards à la "
        "fois. Trop tôt pour dire : il peut être d'un côté ou de l'autre, ou l'échantillon est sous le "
        "minimum de la campagne. Sans seuil, un KPI n'a pas d'état. L'attention compte ce qui est hors seuil "
        "et, par dixièmes, ce qu'il est trop tôt pour dire.",
    ),
    "attention": Words("Attention", "Attention"),
    "none_named": Words("(none named)", "(non précisé)"),
    "beyond_cap": Words("(all others)", "(tous les autres)"),
    "figures": Words("Figures", "Chiffres"),
    "figures_about": Words(
        "Main KPIs in the chosen window, most impressions first; money in the currency of the row. Amounts "
        "in different currencies cannot be compared.",
        "KPI principaux dans la fenêtre choisie, le plus d'impressions d'abord ; montants dans la devise "
        "de la ligne. Des montants en devises différentes ne se comparent pas.",
    ),
    # Campaign
    "where_it_stands": Words("Where it stands", "Où elle en est"),
    "about_about": Words(
        "The campaign as declared. Its name leads to its influencers, its id to its contents.",
        "La campagne telle que déclarée. Son nom mène à ses influenceurs, son identifiant à ses contenus.",
    ),
    "money": Words("Money", "Argent"),
    "money_about": Words(
        "Invested in the flight to date, whatever window is chosen, and the budget of the whole flight.",
        "Investissement de la campagne à ce jour, quelle que soit la fenêtre choisie, et budget de toute "
        "la campagne.",
    ),
    "invested_flight": Words("Invested to date", "Investi à ce jour"),
    "budget_planned": Words("Budget", "Budget"),
    "traffic_quality": Words("Traffic quality", "Qualité du trafic"),
    "invalid_traffic": Words("Invalid traffic kept out", "Trafic invalide écarté"),
    "invalid_traffic_about": Words(
        "Events of known bots since the campaign began. They are in no KPI.",
        "Événements de robots connus depuis le début de la campagne. Ils ne sont dans aucun KPI.",
    ),
    # Influencers and contents
    "comparison": Words("Comparison", "Comparaison"),
    "comparison_about": Words(
        "Main KPIs of each influencer in the chosen window. Values alignment has no window.",
        "KPI principaux de chaque influenceur dans la fenêtre choisie. L'adéquation aux valeurs n'a pas de "
        "fenêtre.",
    ),
    "how_sure": Words("How sure the rates are", "Quelle confiance dans les taux"),
    "how_sure_about": Words(
        "Each rate between its 95 % bounds. A cost per acquisition with only a lower bound: money was "
        "spent and nothing has converted yet.",
        "Chaque taux entre ses bornes à 95 %. Un coût par acquisition qui n'a qu'une borne basse : de "
        "l'argent est dépensé et rien n'a encore converti.",
    ),
    "by": Words("{kpi} by {scope}", "{kpi} par {scope}"),
    "most_about": Words(
        "The {most} {scopes} with the most impressions in the chosen window. Reach does not add up over "
        "{scopes}.",
        "Les {most} {scopes} qui ont le plus d'impressions dans la fenêtre choisie. La portée ne "
        "s'additionne pas entre {scopes}.",
    ),
    "across_about": Words(
        "The whole campaign by {scope}, all influencers together. Reach does not add up over {scopes}.",
        "Toute la campagne par {scope}, tous influenceurs ensemble. La portée ne s'additionne pas entre "
        "{scopes}.",
    ),
    "charts": Words("Charts", "Courbes"),
}
