"""Notes from the pickup point that a phone sends when it has signal: handed over, paid, not collected."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.intake.kinds import Incoming, Outcome, Refused, register
from base.intake.schema import Flag, Text
from marketplace.cooperative import handover
from marketplace.order.models import Order


@register(
    "handover",
    label=gettext_lazy("Handing over"),
    rule=gettext_lazy(
        "The first note about an order counts. Whoever notes it second is told who was first, and when."
    ),
    schema={
        "order": Text(8),
        "is_handed_over": Flag(optional=True),
        "is_paid": Flag(optional=True),
        "is_missed": Flag(optional=True),
    },
)
def note_from_the_point(entry: Incoming) -> Outcome:
    """Take the note in as of when it was made. Raises Refused for orders of others and for what was noted before.

    Membership is asked, not the open desk: when the last order of a closed cooperative was noted on another phone, this
    one is still told.
    """
    own = Order.objects.filter(cooperative__memberships__user=entry.user)
    order = own.select_related("purchase").filter(number=entry.body["order"]).first()
    if order is None:
        raise Refused(_("This is no order of a cooperative that you run."), status=403)
    try:
        noted = handover.note(
            order,
            by=entry.user,
            is_handed_over=bool(entry.body["is_handed_over"]),
            is_paid=bool(entry.body["is_paid"]),
            is_missed=bool(entry.body["is_missed"]),
            at=entry.made_at,
        )
    except handover.NotNoted as told:
        raise Refused(str(told)) from told
    return Outcome(order.number, " ".join(filter(None, (noted.words, noted.told))))
