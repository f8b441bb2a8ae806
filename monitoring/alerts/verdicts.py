"""Alerts on KPIs with a threshold: they fire where the verdict over the flight is "beyond", and nowhere else.

Whether a figure is beyond its threshold, keeps it, or it is too early to say is judged once, by the worker,
with bounds that hold at every look at once: an alert looks thousands of times in a flight. Dashboards and the
terminal show the same verdict.
"""

from dataclasses import dataclass

from models.kpis.catalogue import kpi_judged_by
from models.kpis.kpi import Kpi
from models.metrics.kpi_metrics import Side
from models.windows import FLIGHT
from models.words import Words
from monitoring.alerts.alert import Alert, Help, Recording, Severity
from monitoring.alerts.series import BEYOND, held_kpi, of_running, verdict
from monitoring.alerts.wording import CURRENCY, NAME, figure, form_of, heaviest, limit, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A KPI with a threshold and its alert.

    `threshold` is its name among the thresholds, `said` what the sentence calls it. `lack` is PromQL for each
    influencer's part of what is wrong, `lacking` what that is called.
    """

    alert: str
    threshold: str
    said: Words
    severity: Severity
    stays: str
    lack: str
    lacking: str
    help: Help

    @property
    def kpi(self) -> Kpi:
        """The KPI that the threshold's name stands for."""
        return kpi_judged_by(self.threshold)

    @property
    def measured(self) -> Recording:
        """The figure that the sentence tells."""
        return held_kpi(self.kpi.id, FLIGHT)

    @property
    def likely(self) -> Recording:
        """The bound that must be beyond the threshold: the lower one of what has a maximum."""
        side: Side = "always_lower" if self._is_maximum else "always_upper"
        return held_kpi(self.kpi.id, FLIGHT, side)

    @property
    def _is_maximum(self) -> bool:
        assert self.kpi.threshold is not None
        return self.kpi.threshold.bound == "max"

    def declared(self) -> Alert:
        """Declare the alert."""
        return Alert(
            self.alert,
            "campaigns",
            self.severity,
            of_running(f"{verdict(self.threshold)} == {BEYOND}"),
            "10m",
            self.stays,
            self._summary(),
            "It fires where the bound that holds at every look is beyond the threshold, and ends where it is "
            "not." + heaviest(self.lack, self.lacking),
            self.help,
            kpi=self.threshold,
        )

    def _summary(self) -> Words:
        least, most = Words("at least", "au moins"), Words("at most", "au plus")
        side, kind = (
            (least, Words("maximum", "maximum")) if self._is_maximum else (most, Words("minimum", "minimum"))
        )
        form = form_of(self.kpi)
        return sentence(
            f"{{name}}: {self.said.english} {{measured}}{{currency}} over the flight, likely {side.english} "
            f"{{likely}}; the {kind.english} is {{limit}}",
            f"{{name}} : {self.said.french} {{measured}}{{currency}} sur la campagne, probablement "
            f"{side.french} {{likely}} ; le {kind.french} est {{limit}}",
            name=NAME,
            measured=figure(self.measured, form),
            currency=f" {CURRENCY}" if self.kpi.unit == "money" else "",
            likely=figure(self.likely, form),
            limit=limit(self.threshold),
        )
