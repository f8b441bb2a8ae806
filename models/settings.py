"""The settings: each with its default, its rule and a sentence for whoever runs the service."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from models.addresses import address, address_ranges, addresses, origins, redis_url
from models.scopes import GIVING_WAY, Leaf
from models.times import parse_duration
from models.words import listed


def _duration(text: str) -> str:
    parse_duration(text)
    return text


RedisUrl = Annotated[str, AfterValidator(redis_url)]
Address = Annotated[str, AfterValidator(address)]
Addresses = Annotated[str, AfterValidator(addresses)]
AddressRanges = Annotated[str, AfterValidator(address_ranges)]
Origins = Annotated[str, AfterValidator(origins)]
Duration = Annotated[str, AfterValidator(_duration)]


class Settings(BaseModel):
    """What can be set: as `KPIS_<NAME>` in the environment, or as a key of kpis.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kafka: Addresses = Field(
        "127.0.0.1:9092", description="Kafka's bootstrap servers, HOST:PORT, comma between several."
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How every client talks to Kafka."
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="SASL mechanism, where the protocol is a SASL one."
    )
    kafka_sasl_username: str | None = Field(None, description="SASL user name.")
    kafka_sasl_password: SecretStr | None = Field(None, description="SASL password.")
    kafka_ca_file: Path | None = Field(None, description="CA certificates (PEM) that the brokers must show.")
    kafka_cert_file: Path | None = Field(
        None, description="Certificate (PEM) that every Kafka client shows, with a TLS protocol."
    )
    kafka_key_file: Path | None = Field(
        None, description="Its private key (PEM, not encrypted), where it is not in the certificate's file."
    )
    redis_url: RedisUrl = Field(
        "redis://127.0.0.1:6379/0", description="Redis that holds the campaign registry."
    )
    redis_prefix: str = Field("kpis:", description="Prefix of every key in Redis.")
    topic_prefix: str = Field(
        "", pattern=r"^[A-Za-z0-9._-]{0,100}$", description="Prefix of the input topics and of dead-letters."
    )
    group: str = Field(
        "campaign-kpis",
        pattern=r"^[A-Za-z0-9._-]{1,100}$",
        description="Kafka consumer group; deployments that share a cluster differ in group and prefix.",
    )
    instance: str = Field(
        "",
        pattern=r"^[A-Za-z0-9._-]{0,100}$",
        description="The worker's own name in its group: killed, and started again under it within 10 s, it "
        "gets its partitions back without moving any of others, and shows them 8 s after it has joined. No "
        "two workers may have the same; empty for none.",
    )
    create_topics: bool = Field(True, description="Create missing topics when a worker starts.")
    partitions: int = Field(8, ge=1, le=1000, description="Partitions of topics that are created.")
    replication: int | None = Field(
        None,
        ge=1,
        le=10,
        description="Replicas of topics that are created; unset: three, or as many as there are brokers.",
    )
    retention: Duration = Field("60d", description="Retention of topics that are created.")
    metrics_address: Address = Field(
        "127.0.0.1:9464", description="Where a worker serves /metrics, /livez and /readyz."
    )
    collect_connections: int = Field(
        1000, ge=10, description="Connections that each process of the collector holds open at most."
    )
    collect_proxies: AddressRanges = Field(
        "127.0.0.0/8,::1",
        description="Proxies whose X-Forwarded-For the collector believes: addresses or ranges, with commas.",
    )
    collect_rate: float = Field(
        200.0,
        ge=0,
        description="Requests a second that the collector takes from neighbouring addresses (/24, /48), ten "
        "seconds' worth at once; of servers only those that fail to prove who they are. 0: any.",
    )
    collect_origins: Origins = Field(
        "",
        description="Origins whose pages may read answers of /v1/*, such as https://shop.example.",
    )
    collect_do_not_track: bool = Field(
        True, description="Take the header DNT as an objection to being told apart, as Sec-GPC is."
    )
    click_lifetime: Duration = Field(
        "90d", description="How long after a click its signed id attributes an order to it."
    )
    secrets_file: Path | None = Field(
        None,
        description="The collector's secrets (TOML); unset: secrets.toml in the data directory, made at the "
        "first start.",
    )
    secrets: SecretStr | None = Field(None, description="The text of the secrets, in place of a file.")
    collect_address: Address = Field("127.0.0.1:8080", description="Where the collector listens.")
    data_dir: Path = Field(
        Path("~/.local/share/campaign-kpis"),
        description="Where `kpis up` keeps its servers' data, and collectors what Kafka did not take.",
    )
    jars_dir: Path | None = Field(
        None,
        description="Where `kpis up` keeps Kafka's jars; unset: Maven's folder (~/.m2/repository), "
        "or the data directory where that cannot be written.",
    )
    cache_dir: Path = Field(
        Path("~/.cache/campaign-kpis"),
        description="Where compiled code is kept: whoever can write there can have workers run any code.",
    )
    assume_consent: bool = Field(False, description="Use person_id of events that say nothing of consent.")
    rate_texts: bool = Field(
        True,
        description="Rate the texts of comments, mentions and replies that say no sentiment of their own, in "
        "a process beside each worker.",
    )
    duplicate_ids: int = Field(
        20_000_000,
        ge=1000,
        description="Event ids that a worker remembers, at most an hour, to drop duplicates.",
    )
    judge_bytes: int = Field(
        256_000_000,
        ge=1_000_000,
        description="Memory for what a worker remembers to judge interactions by (authenticity); beyond, the "
        "oldest is forgotten. It takes up to twice as much while tables grow.",
    )
    snapshot_bytes: int = Field(
        4_000_000,
        ge=1,
        description="State that a partition may write to its journal before a snapshot replaces it; "
        "more where the snapshot itself is larger.",
    )
    max_leaves: int = Field(
        20_000,
        ge=1,
        description=f"Distinct {listed(Leaf._fields[1:], 'and')} that a campaign may have; "
        "beyond, new ones count under `__other__`.",
    )
    max_series: int = Field(
        200_000,
        ge=0,
        description="KPI series that a page of metrics may have; beyond, the least active are left out: "
        f"{', then '.join(one.plural.english.lower() for one in GIVING_WAY)}. Campaigns always stay.",
    )

    collect_spool_bytes: int = Field(
        1_000_000_000,
        ge=1_000_000,
        description="Disk that each process of the collector may fill, under the data directory, with events "
        "that Kafka does not take now; above four fifths of it batches are refused, at the bound all.",
    )

    @model_validator(mode="after")
    def _sasl_needs_credentials(self) -> "Settings":
        needed = self.kafka_security_protocol.startswith("SASL")
        if needed and not (self.kafka_sasl_username and self.kafka_sasl_password):
            raise ValueError("kafka_security_protocol asks for kafka_sasl_username and kafka_sasl_password")
        return self

    @model_validator(mode="after")
    def _certificate_needs_tls(self) -> "Settings":
        if self.kafka_key_file and not self.kafka_cert_file:
            raise ValueError("kafka_key_file asks for kafka_cert_file")
        if self.kafka_cert_file and not self.kafka_security_protocol.endswith("SSL"):
            raise ValueError("kafka_cert_file asks for kafka_security_protocol SSL or SASL_SSL")
        return self
