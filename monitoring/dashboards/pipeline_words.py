"""The words of the page about the service's health: English, then French."""

PIPELINE_WORDS: dict[str, tuple[str, str]] = {
    "health_now": ("Now", "Maintenant"),
    "coming_in": ("What comes in", "Ce qui arrive"),
    "behind": ("How far behind", "Avec quel retard"),
    "kept": ("What is remembered and shown", "Ce qui est gardé et montré"),
    "workers": ("Workers", "Workers"),
    "workers_about": ("Workers that answer Prometheus.", "Workers qui répondent à Prometheus."),
    "live": ("Partitions live", "Partitions actives"),
    "live_about": (
        "Partitions whose campaigns are shown; as many as the topics have, when all is well.",
        "Partitions dont les campagnes sont montrées ; autant que les topics en ont, quand tout va bien.",
    ),
    "recovering": ("Partitions recovering", "Partitions en reprise"),
    "recovering_about": (
        "Partitions whose state is being read back; their campaigns are on no page meanwhile.",
        "Partitions dont l'état est en relecture ; leurs campagnes ne sont sur aucune page entre-temps.",
    ),
    "lag": ("Records waiting", "Enregistrements en attente"),
    "lag_about": (
        "Records at the broker that are in no gauge yet, over all topics.",
        "Enregistrements chez le broker qui ne sont encore dans aucune jauge, tous topics confondus.",
    ),
    "slowest": ("Freshness, 99 %", "Fraîcheur, 99 %"),
    "slowest_about": (
        "99 % of the records were in the gauges within this time of their arrival at the broker.",
        "99 % des enregistrements étaient dans les jauges dans ce délai après leur arrivée chez le broker.",
    ),
    "durable_oldest": ("Oldest stored state", "Plus ancien état stocké"),
    "durable_oldest_about": (
        "How long ago the partition stored longest ago was; what came since is counted again after a crash.",
        "Âge de la partition stockée il y a le plus longtemps ; la suite est recomptée après un arrêt "
        "brutal.",
    ),
    "lost": ("Lost records", "Enregistrements perdus"),
    "lost_about": (
        "Records that retention took before they were read: in no number, for good.",
        "Enregistrements que la rétention a pris avant leur lecture : dans aucun chiffre, définitivement.",
    ),
    "holes": ("Holes in forwarding", "Trous de transfert"),
    "holes_about": (
        "Gaps in what was forwarded between partitions: events are missing.",
        "Lacunes dans ce qui est transféré entre partitions : des événements manquent.",
    ),
    "registry_oldest": ("Registry seen", "Registre vu"),
    "registry_oldest_about": (
        "How long ago the worker that is furthest behind saw the campaign registry whole.",
        "Depuis quand le worker le plus en retard n'a pas vu le registre des campagnes entier.",
    ),
    "horizon": ("Duplicates known for", "Doublons reconnus sur"),
    "horizon_about": (
        "How far back every partition is sure to recognise an event that is sent twice, 1 h at most; 0 while "
        "one has had no event yet.",
        "Jusqu'où chaque partition reconnaît à coup sûr un événement envoyé deux fois, 1 h au plus ; 0 tant "
        "que l'une n'a eu aucun événement.",
    ),
    "dropped": ("Series left out", "Séries omises"),
    "dropped_about": (
        "KPI series beyond KPIS_MAX_SERIES that no page shows, the least active first.",
        "Séries de KPI au-delà de KPIS_MAX_SERIES qu'aucune page ne montre, les moins actives d'abord.",
    ),
    "capped": ("Campaigns capped", "Campagnes plafonnées"),
    "capped_about": (
        "Campaigns that reached KPIS_MAX_LEAVES: what came after counts under __other__. None: –.",
        "Campagnes ayant atteint KPIS_MAX_LEAVES : la suite est comptée sous __other__. Aucune : –.",
    ),
    "by_outcome": ("Events by outcome", "Événements par issue"),
    "by_outcome_about": (
        "Records a second by what became of them, over 5 minutes.",
        "Enregistrements par seconde selon leur issue, sur 5 minutes.",
    ),
    "by_topic": ("Events by topic", "Événements par topic"),
    "by_topic_about": (
        "Records a second by topic, over 5 minutes.",
        "Enregistrements par seconde selon le topic, sur 5 minutes.",
    ),
    "by_reason": ("Dead letters by reason", "Lettres mortes par raison"),
    "by_reason_about": (
        "Refused records a second by reason, over 5 minutes; docs/events.md explains the reasons.",
        "Enregistrements refusés par seconde selon la raison, sur 5 minutes ; docs/events.md les explique.",
    ),
    "letters_total": ("Dead letters to date", "Lettres mortes à ce jour"),
    "letters_total_about": (
        "Refused records since the beginning, by reason.",
        "Enregistrements refusés depuis le début, par raison.",
    ),
    "late": ("Late events", "Événements tardifs"),
    "late_about": (
        "Events a second that came more than 24 h after they happened; they count in the flight alone.",
        "Événements par seconde arrivés plus de 24 h après les faits ; ils ne comptent que dans la campagne.",
    ),
    "forwarded": ("Forwarded events", "Événements transférés"),
    "forwarded_about": (
        "Events a second that came on another partition than their campaign's; each is read twice.",
        "Événements par seconde arrivés sur une autre partition que celle de leur campagne ; lus deux fois.",
    ),
    "lag_by_topic": ("Records waiting by topic", "Enregistrements en attente par topic"),
    "lag_by_topic_about": (
        "Records that are in no gauge yet; a curve that only rises: more workers are needed, or one stands.",
        "Enregistrements dans aucune jauge encore ; si la courbe ne fait que monter, il manque des workers.",
    ),
    "freshness": ("Freshness", "Fraîcheur"),
    "freshness_about": (
        "From a record's arrival at the broker until the gauges show it: half, 95 % and 99 % were faster.",
        "De l'arrivée d'un enregistrement chez le broker à sa présence dans les jauges : la moitié, 95 % et "
        "99 % ont été plus rapides.",
    ),
    "durable": ("Age of the stored state", "Âge de l'état stocké"),
    "durable_about": (
        "How long ago each partition's state was last stored; it falls back to 0 at every flush.",
        "Depuis quand l'état de chaque partition est stocké ; retombe à 0 à chaque écriture.",
    ),
    "partitions": ("Partitions by state", "Partitions par état"),
    "partitions_about": (
        "Over all workers. Their sum dips for 2 to 5 seconds at a rebalance, and longer after a kill.",
        "Sur tous les workers. La somme baisse 2 à 5 secondes à un rééquilibrage, davantage après un arrêt "
        "brutal.",
    ),
    "registry": ("Age of the registry", "Âge du registre"),
    "registry_about": (
        "How long ago each worker saw the campaign registry whole; a line that climbs: Redis is away or "
        "empty.",
        "Depuis quand chaque worker a vu le registre entier ; une ligne qui monte : Redis absent ou vide.",
    ),
    "horizons": ("Duplicate horizon", "Horizon des doublons"),
    "horizons_about": (
        "How far back each worker recognises duplicates.",
        "Jusqu'où chaque worker reconnaît les doublons.",
    ),
    "dropped_by_scope": ("Series left out by scope", "Séries omises par niveau"),
    "dropped_by_scope_about": (
        "KPI series beyond KPIS_MAX_SERIES, by scope.",
        "Séries de KPI au-delà de KPIS_MAX_SERIES, par niveau.",
    ),
    "leaves": ("Leaves by campaign", "Feuilles par campagne"),
    "leaves_about": (
        "Distinct influencer, content and channel of each campaign; what memory and page size grow with.",
        "Influenceur, contenu et canal distincts de chaque campagne ; la mémoire et la page croissent avec.",
    ),
    "builds": ("What runs", "Ce qui tourne"),
    "builds_about": ("Version of each worker.", "Version de chaque worker."),
}
