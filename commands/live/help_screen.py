"""What keys do and signs mean."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from models.windows import WINDOW_NAMES

_HELP = f"""\
↑ ↓  j k  PgUp PgDn  g G    select a row; ← → scroll to more columns
Enter, click on the row     go into it;  Esc goes back
Tab  1 to 5                 tabs of a campaign: KPIs, influencers, contents, channels, formats
w, click on a window        {", ".join(WINDOW_NAMES)}
s, click on a heading       sort by the next KPI, or by that one;  r turns the order round
b                           rank influencers and others by any KPI
/                           search names and ids; also status:running owner:… is:beyond
f  o  x                     only one status, owner, verdict;  Esc shows all
q  Ctrl-C                   end

✓ ✗   the figure likely keeps its threshold, or is beyond it
?     too early to say: it may be on either side of the threshold,
      or the sample is smaller than the campaign file asks for
      Campaigns are judged by the worker at every look. Influencers: by their 95 % bounds of
      one look against the campaign's threshold; of many, one in twenty may be wrong by chance.
~     few: the sample is too small for the figure to say much, or a share is above all
▲ ▼   likely to overspend, or to underspend, by the end of the flight
≥     no conversion yet: one will cost at least this
–     no figure: nothing to divide by, or its inputs are not known
grey  old: no worker shows the campaign just now
"""


class HelpScreen(ModalScreen[None]):
    """A page of help; any of Esc, ? and q closes it."""

    BINDINGS: ClassVar = [Binding("escape,question_mark,q,enter", "dismiss", "Back")]

    def compose(self) -> ComposeResult:
        """Show the page."""
        with VerticalScroll():
            yield Static(_HELP, markup=False)
