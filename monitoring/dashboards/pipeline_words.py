"""The words of the page on the service's health: English, then French."""

from models.words import Words

PIPELINE_WORDS: dict[str, Words] = {
    "health_now": Words("Now", "Maintenant"),
    "coming_in": Words("What comes in", "Ce qui arrive"),
    "behind": Words("How far behind", "Avec quel retard"),
    "kept": Words("What is remembered and shown", "Ce qui est gardé et montré"),
    "workers": Words("Workers", "Workers"),
    "workers_about": Words("Workers that answer Prometheus.", "Workers qui répondent à Prometheus."),
    "live": Words("Partitions live", "Partitions actives"),
    "live_about": Words(
        "Partitions whose campaigns are shown; as many as the topics have, when all is well.",
        "Partitions dont les campagnes sont montrées ; autant que les topics en ont, quand tout va bien.",
    ),
    "recovering": Words("Partitions recovering", "Partitions en reprise"),
    "recovering_about": Words(
        "Partitions whose state is being read back; their campaigns are on no page meanwhile.",
        "Partitions dont l'état est en relecture ; leurs campagnes ne sont sur aucune page entre-temps.",
    ),
    "lag": Words("Records waiting", "Enregistrements en attente"),
    "lag_about": Words(
        "Records at the broker that are in no gauge yet, over all topics.",
        "Enregistrements chez le broker qui ne sont encore dans aucune jauge, tous topics confondus.",
    ),
    "slowest": Words("Freshness, 99 %", "Fraîcheur, 99 %"),
    "slowest_about": Words(
        "99 % of the records were in the gauges within this time of their arrival at the broker.",
        "99 % des enregistrements étaient dans les jauges dans ce délai après leur arrivée chez le broker.",
    ),
    "durable_oldest": Words("Oldest stored state", "Plus ancien état stocké"),
    "durable_oldest_about": Words(
        "Age of the oldest stored state of any partition; what arrived since is counted again after a crash.",
        "Âge de la partition stockée il y a le plus longtemps ; la suite est recomptée après un arrêt "
        "brutal.",
    ),
    "lost": Words("Lost records", "Enregistrements perdus"),
    "lost_about": Words(
        "Records that retention deleted before they were read: missing from every figure, for good.",
        "Enregistrements supprimés par la rétention avant leur lecture : absents de tous les chiffres, "
        "définitivement.",
    ),
    "holes": Words("Holes in forwarding", "Trous de transfert"),
    "holes_about": Words(
        "Gaps in what was forwarded between partitions: events are missing.",
        "Lacunes dans ce qui est transféré entre partitions : des événements manquent.",
    ),
    "registry_oldest": Words("Registry seen", "Registre vu"),
    "registry_oldest_about": Words(
        "How long ago the worker furthest behind last saw the whole campaign registry.",
        "Temps écoulé depuis que le worker le plus en retard a vu le registre des campagnes en entier.",
    ),
    "horizon": Words("Duplicates known for", "Doublons reconnus sur"),
    "horizon_about": Words(
        "How far back every partition is sure to recognise an event that is sent twice, 1 h at most; 0 "
        "while a partition has had no event yet.",
        "Jusqu'où chaque partition reconnaît à coup sûr un événement envoyé deux fois, 1 h au plus ; 0 tant "
        "que l'une n'a eu aucun événement.",
    ),
    "dropped": Words("Series left out", "Séries omises"),
    "dropped_about": Words(
        "KPI series beyond KPIS_MAX_SERIES that no page shows, the least active first.",
        "Séries de KPI au-delà de KPIS_MAX_SERIES qu'aucune page ne montre, les moins actives d'abord.",
    ),
    "capped": Words("Campaigns capped", "Campagnes plafonnées"),
    "capped_about": Words(
        "Campaigns that reached KPIS_MAX_LEAVES: what came after counts under __other__. None: –.",
        "Campagnes ayant atteint KPIS_MAX_LEAVES : la suite est comptée sous __other__. Aucune : –.",
    ),
    "by_outcome": Words("Events by outcome", "Événements par issue"),
    "by_outcome_about": Words(
        "Records per second by what became of them, over 5 minutes.",
        "Enregistrements par seconde selon leur issue, sur 5 minutes.",
    ),
    "by_topic": Words("Events by topic", "Événements par topic"),
    "by_topic_about": Words(
        "Records per second by topic, over 5 minutes.",
        "Enregistrements par seconde selon le topic, sur 5 minutes.",
    ),
    "by_reason": Words("Dead letters by reason", "Lettres mortes par raison"),
    "by_reason_about": Words(
        "Refused records per second by reason, over 5 minutes; docs/events.md explains the reasons.",
        "Enregistrements refusés par seconde selon la raison, sur 5 minutes ; docs/events.md les explique.",
    ),
    "letters_total": Words("Dead letters to date", "Lettres mortes à ce jour"),
    "letters_total_about": Words(
        "Refused records since the beginning, by reason.",
        "Enregistrements refusés depuis le début, par raison.",
    ),
    "late": Words("Late events", "Événements tardifs"),
    "late_about": Words(
        "Events per second that arrived more than 24 h after they happened; shorter windows miss them.",
        "Événements par seconde arrivés plus de 24 h après les faits ; les fenêtres plus courtes ne les "
        "comptent pas.",
    ),
    "forwarded": Words("Forwarded events", "Événements transférés"),
    "forwarded_about": Words(
        "Events per second that arrived on another partition than their campaign's; each is read twice.",
        "Événements par seconde arrivés sur une autre partition que celle de leur campagne ; lus deux fois.",
    ),
    "lag_by_topic": Words("Records waiting by topic", "Enregistrements en attente par topic"),
    "lag_by_topic_about": Words(
        "Records that are in no gauge yet. If a curve only rises, more workers are needed, or one is stuck.",
        "Enregistrements dans aucune jauge encore ; si une courbe ne fait que monter, il manque des "
        "workers ou l'un est bloqué.",
    ),
    "freshness": Words("Freshness", "Fraîcheur"),
    "freshness_about": Words(
        "From a record's arrival at the broker until the gauges show it: half, 95 % and 99 % were faster.",
        "De l'arrivée d'un enregistrement chez le broker à sa présence dans les jauges : la moitié, 95 % et "
        "99 % ont été plus rapides.",
    ),
    "durable": Words("Age of the stored state", "Âge de l'état stocké"),
    "durable_about": Words(
        "How long ago each partition's state was last stored; it falls back to 0 at every flush.",
        "Âge du dernier état stocké de chaque partition ; il retombe à 0 à chaque écriture.",
    ),
    "partitions": Words("Partitions by state", "Partitions par état"),
    "partitions_about": Words(
        "Over all workers. Their sum dips for 2 to 5 seconds at a rebalance, and longer after a kill.",
        "Sur tous les workers. La somme baisse 2 à 5 secondes à un rééquilibrage, davantage après un arrêt "
        "brutal.",
    ),
    "registry": Words("Age of the registry", "Âge du registre"),
    "registry_about": Words(
        "How long ago each worker last saw the whole campaign registry. If a line climbs, Redis is down or "
        "empty.",
        "Temps écoulé depuis que chaque worker a vu le registre en entier. Si une ligne monte, Redis est "
        "arrêté ou vide.",
    ),
    "horizons": Words("Duplicate horizon", "Horizon des doublons"),
    "horizons_about": Words(
        "How far back each worker recognises duplicates.",
        "Jusqu'où chaque worker reconnaît les doublons.",
    ),
    "dropped_by_scope": Words("Series left out by scope", "Séries omises par niveau"),
    "dropped_by_scope_about": Words(
        "KPI series beyond KPIS_MAX_SERIES, by scope.",
        "Séries de KPI au-delà de KPIS_MAX_SERIES, par niveau.",
    ),
    "leaves": Words("Leaves by campaign", "Feuilles par campagne"),
    "leaves_about": Words(
        "Distinct {leaf} of each campaign; what memory and page size grow with.",
        "Distincts par campagne : {leaf} ; la mémoire et la page croissent avec.",
    ),
    "judged": Words("Texts rated, interactions judged", "Textes évalués, interactions jugées"),
    "read": Words("Texts read", "Textes lus"),
    "read_about": Words(
        "Texts of comments, mentions and replies per second, by the model that read them.",
        "Textes de commentaires, mentions et réponses par seconde, selon le modèle qui les a lus.",
    ),
    "unrated": Words("Texts without a rating", "Textes sans évaluation"),
    "unrated_about": Words(
        "Texts per second by why. untold: the model cannot tell, or does not read the language. Of the "
        "others there was no time or nobody to rate them: sentiment never knows them, but for a rebuild.",
        "Textes par seconde selon la raison. untold : le modèle ne peut pas dire, ou ne lit pas la langue. "
        "Aux autres il a manqué le temps ou le processus : sauf reconstruction, le sentiment les ignore.",
    ),
    "waiting": Words("Texts waiting", "Textes en attente"),
    "waiting_about": Words(
        "Texts that are with the process that rates; for long at 4096: more come than it rates.",
        "Textes chez le processus qui évalue ; longtemps à 4096 : il en vient plus qu'il n'en évalue.",
    ),
    "rated_otherwise": Words("Rated by another model", "Évaluées par un autre modèle"),
    "rated_otherwise_about": Words(
        "Campaigns of whose texts some were rated by another model, or version, than rates now: what was "
        "said before and after does not compare well until a rebuild. None: no line.",
        "Campagnes dont des textes ont été évalués par un autre modèle, ou une autre version : l'avant et "
        "l'après se comparent mal jusqu'à une reconstruction. Aucune : pas de courbe.",
    ),
    "judging_bytes": Words("Memory to judge by", "Mémoire pour juger"),
    "judging_bytes_about": Words(
        "What workers remember of interactions to judge the next ones by; KPIS_JUDGE_BYTES limits it.",
        "Ce que les workers retiennent des interactions pour juger les suivantes ; KPIS_JUDGE_BYTES le "
        "limite.",
    ),
    "forgotten": Words("Forgotten for want of room", "Oublié faute de place"),
    "forgotten_about": Words(
        "Entries per second that were forgotten before their time, by table: the rules of authenticity find "
        "less, and accuse nobody for it.",
        "Entrées par seconde oubliées avant l'heure, par table : les règles d'authenticité trouvent moins, "
        "et n'accusent personne pour cela.",
    ),
    "builds": Words("What runs", "Ce qui tourne"),
    "builds_about": Words("Version of each worker.", "Version de chaque worker."),
    "over_http": Words("Over HTTP (kpis collect)", "Par HTTP (kpis collect)"),
    "requests": Words("Requests", "Requêtes"),
    "requests_about": Words(
        "Requests that collectors answered, by code; 503: they could keep no more, or did not know the "
        "campaigns.",
        "Requêtes auxquelles les collecteurs ont répondu, par code ; 503 : plus rien n'était gardé, ou les "
        "campagnes n'étaient pas connues.",
    ),
    "collected": Words("Events over HTTP", "Événements par HTTP"),
    "collected_about": Words(
        "Events that came to collectors, by what became of them.",
        "Événements arrivés aux collecteurs, selon ce qu'ils sont devenus.",
    ),
    "not_taken": Words("Refused over HTTP", "Refusés par HTTP"),
    "not_taken_about": Words(
        "Events and requests that collectors refused, by reason; senders were told.",
        "Événements et requêtes refusés par les collecteurs, par raison ; les émetteurs l'ont su.",
    ),
    "spooled": Words("Waiting on disk for Kafka", "En attente de Kafka sur disque"),
    "spooled_about": Words(
        "Events that collectors answered for and that Kafka has not acknowledged; they are safe.",
        "Événements dont les collecteurs répondent et que Kafka n'a pas confirmés ; ils sont à l'abri.",
    ),
    "acked": Words("Until Kafka acknowledges", "Jusqu'à la confirmation de Kafka"),
    "acked_about": Words(
        "99 % of the events were acknowledged by Kafka within this time.",
        "99 % des événements ont été confirmés par Kafka dans ce délai.",
    ),
    "lost_clicks": Words("Clicks lost", "Clics perdus"),
    "lost_clicks_about": Words(
        "Visitors who were redirected while neither Kafka nor the disk took their click.",
        "Visiteurs redirigés alors que ni Kafka ni le disque ne prenaient leur clic.",
    ),
}
