"""The catalogue's sentences in French, by what they translate."""

DEFINITIONS = {
    "reach_persons": "Personnes distinctes exposées au contenu, pour autant que les événements portent une "
    "personne qui a consenti.",
    "identified_impressions_ratio": "Part des impressions qui portent une personne exploitable : jusqu'où "
    "se fier à la portée.",
    "impressions": "Nombre total d'expositions.",
    "frequency_ratio": "Combien de fois une personne touchée a été exposée en moyenne.",
    "target_reach_persons": "Personnes distinctes de la cible exposées, pour autant que les impressions "
    "disent qui elles sont.",
    "target_coverage_ratio": "Part de la cible qui a été exposée.",
    "video_views": "Vues de vidéos telles que la plateforme les compte ; ce ne sont pas des interactions.",
    "engagement_ratio": "Interactions par personne touchée.",
    "interactions": "Mentions j'aime, commentaires, partages, autres réactions, et clics sur les liens.",
    "clicks": "Clics sur les liens de la campagne.",
    "ctr_ratio": "Clics par impression.",
    "conversions": "Commandes confirmées, inscriptions et autres objectifs distincts, moins les annulations.",
    "revenue": "Chiffre d'affaires des conversions, net des remboursements et des annulations.",
    "invested": "Ce que la campagne a coûté dans la fenêtre : forfaits courus et coûts au résultat.",
    "cpa": "Ce qu'une conversion a coûté.",
    "roi_ratio": "Gain net par unité investie ; −100 % quand rien n'est revenu.",
    "rated_mentions": "Commentaires, mentions et autres interactions dont la tonalité est évaluée.",
    "sentiment_ratio": "Mentions positives moins négatives, par mention évaluée : de −1, toutes négatives, à "
    "1, toutes positives.",
    "values_alignment_ratio": "À quel point l'influenceur correspond aux valeurs de la marque, selon la "
    "grille de la campagne ; pour la campagne, la moyenne de ses influenceurs évalués.",
    "cpe": "Ce qu'une interaction a coûté.",
    "cpm": "Ce que mille impressions ont coûté.",
    "emv": "Ce que les actions auraient coûté en publicité, selon la grille tarifaire de la campagne.",
    "emv_to_invested_ratio": "Valeur média acquise par unité investie ; ce n'est pas un retour en argent.",
}

FORMULAS = {
    "reach_persons": "person_id distincts exploitables des impressions valides",
    "identified_impressions_ratio": "impressions identifiées ÷ impressions",
    "impressions": "Σ count des impressions valides",
    "frequency_ratio": "impressions identifiées ÷ portée",
    "target_reach_persons": "person_id distincts exploitables des impressions valides dont l'audience répond "
    "à la cible",
    "target_coverage_ratio": "portée sur cible ÷ taille de la cible",
    "video_views": "Σ count des interactions de type video_view",
    "engagement_ratio": "interactions ÷ portée",
    "interactions": "Σ count des interactions autres que video_view, et des clics",
    "clicks": "Σ count des clics valides",
    "ctr_ratio": "clics ÷ impressions",
    "conversions": "commandes distinctes − commandes annulées",
    "revenue": "Σ chiffre d'affaires − Σ remboursements",
    "invested": "forfaits et dépenses courus + CPM, CPC, CPA et parts du chiffre d'affaires",
    "cpa": "investissement ÷ conversions",
    "roi_ratio": "(chiffre d'affaires − investissement) ÷ investissement",
    "rated_mentions": "Σ count des interactions qui portent une tonalité",
    "sentiment_ratio": "(positives − négatives) ÷ mentions évaluées",
    "values_alignment_ratio": "Σ poids × note ÷ Σ poids ÷ 100 sur les valeurs notées",
    "cpe": "investissement ÷ interactions",
    "cpm": "investissement ÷ impressions × 1000",
    "emv": "Σ tarif × actions (impressions par 1000)",
    "emv_to_invested_ratio": "EMV ÷ investissement",
}

SAMPLES = {
    "100 impressions": "100 impressions",
    "100 persons": "100 personnes",
    "1000 impressions": "1000 impressions",
    "20 conversions": "20 conversions",
    "30 rated mentions": "30 mentions évaluées",
    "100 interactions": "100 interactions",
}

METHODS = {
    "as the estimate of distinct persons gives them": "celles de l'estimation des personnes distinctes",
    "those of target reach ÷ size of the target audience": "celles de la portée sur cible ÷ taille de la "
    "cible",
    "exact Poisson (Garwood 1936)": "Poisson exact (Garwood 1936)",
    "those of the clicks, exact Poisson (Garwood 1936), ÷ impressions": "celles des clics, Poisson exact "
    "(Garwood 1936), ÷ impressions",
    "those of the interactions, exact Poisson (Garwood 1936), ÷ the opposite bounds of reach": "celles des "
    "interactions, Poisson exact (Garwood 1936), ÷ les bornes opposées de la portée",
    "adjusted Wald for paired proportions (Bonett and Price 2012)": "Wald ajusté pour proportions appariées "
    "(Bonett et Price 2012)",
    "fixed costs ÷ bounds of the conversions, exact Poisson (Garwood 1936), + costs by conversion; "
    "the lower one is there without conversions too": "coûts fixes ÷ bornes des conversions, Poisson exact "
    "(Garwood 1936), + coûts par conversion ; la borne basse existe aussi sans conversion",
}
