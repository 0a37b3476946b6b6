"""The whole loop of a desk through a client that was generated from the description, in two parts.

    loop.py BASE KEY close        a line, a recipient, closes; prints the rating request
    loop.py BASE KEY rated ID     what became of it, after the client has answered; and every list there is
"""

import importlib
import inspect
import pkgutil
import sys
from datetime import datetime, timezone

import lastword_client.api
from lastword_client import AuthenticatedClient
from lastword_client.api.alerts import acknowledge_alert, list_alerts
from lastword_client.api.deliveries import get_delivery, list_deliveries
from lastword_client.api.lines import get_line, put_line
from lastword_client.api.ratings import get_rating, get_rating_request, list_ratings
from lastword_client.api.recipients import put_recipient
from lastword_client.api.reports import get_summary_report
from lastword_client.api.reviews import reply_to_rating
from lastword_client.api.sessions import close_sessions, get_session, open_session, reopen_session
from lastword_client.models import (
    AcknowledgeBody,
    AddressBody,
    Alerts,
    CloseBody,
    DeliveryStateFilter,
    LineBody,
    LineSettings,
    OpenBody,
    Operator,
    Problem,
    RecipientBody,
    ReopenBody,
    ReplyBody,
    Scale,
)

BASE, KEY, PART = sys.argv[1:4]
client = AuthenticatedClient(base_url=BASE, token=KEY, raise_on_unexpected_status=True)


def close(session: str, line: str = "shop") -> CloseBody:
    return CloseBody(
        event_key=f"close {session}",
        session=session,
        line=line,
        closed_at=datetime.now(timezone.utc),
        operator=Operator(id="op-7", name="Olga"),
        connection="crm",
        address=AddressBody(chat=f"chat of {session}"),
    )


def first_part() -> None:
    made = put_recipient.sync_detailed(
        "anna", client=client, body=RecipientBody(name="Anna", connection="crm", address=AddressBody(chat="anna"))
    )
    assert made.status_code == 201, made
    settings = LineSettings(scale=Scale.FIVE_STAR, delay_secs=0, alerts=Alerts(recipients=["anna"]))
    line = put_line.sync("shop", client=client, body=LineBody(name="Shop", version=0, settings=settings))
    assert line.version == 1 and line.settings.scale == Scale.FIVE_STAR and line.warnings == [], line
    old = put_line.sync("shop", client=client, body=LineBody(name="Shop", version=7))
    assert isinstance(old, Problem) and old.code == "conflict" and old.present, old

    now = datetime.now(timezone.utc)
    opened = open_session.sync(client=client, body=OpenBody(event_key="open S-1", session="S-1", at=now, line="shop"))
    assert opened.result == "applied", opened
    taken = close_sessions.sync(client=client, body=close("S-1"))
    assert taken.result == "kept" and taken.decision == "ask" and isinstance(taken.due_at, datetime), taken
    several = close_sessions.sync(client=client, body=[close("S-1", "shop"), close("S-2", "nowhere")])
    assert (several.accepted, several.refused) == (0, 2), several
    assert [item.problem.code for item in several.items] == ["key_reused", "unknown_line"], several
    reopened = reopen_session.sync(client=client, body=ReopenBody(event_key="re", session="S-0", at=now))
    assert isinstance(reopened, Problem) and reopened.code == "not_found" and reopened.remedy, reopened
    print(taken.rating_request)


def second_part(request: str) -> None:
    found = get_rating.sync(request, client=client)
    assert found.rating_request.rating.score == 1 and found.rating_request.rating.low, found
    assert get_rating_request.sync(request, client=client).outcome == "answered"
    session = get_session.sync("S-1", client=client)
    assert session.status == "closed" and isinstance(session.history[0].at, datetime), session
    rating = list_ratings.sync(client=client, line="shop").items[0]
    assert (rating.rating_request, rating.session, rating.source) == (request, "S-1", "api"), rating

    alert = list_alerts.sync(client=client).items[0]
    assert alert.rating_request == request and alert.recipient == "anna", alert
    assert acknowledge_alert.sync(alert.id, client=client, body=AcknowledgeBody(by="Anna")).new
    deliveries = list_deliveries.sync(client=client, state=DeliveryStateFilter.SENT).items
    assert get_delivery.sync(deliveries[0].id, client=client).delivery.state == "sent"
    review = reply_to_rating.sync(request, client=client, body=ReplyBody(text="We are sorry, and call you today."))
    assert review.replies[0].text.startswith("We are sorry"), review
    report = get_summary_report.sync(client=client, line="shop").report
    assert report.funnel.closed == 1 and report.score.raw.bad == 1, report

    stranger = AuthenticatedClient(base_url=BASE, token="lw_wrong", raise_on_unexpected_status=True)
    assert get_line.sync("shop", client=stranger).code == "unauthorized"
    missing = get_line.sync("none", client=client)
    assert missing.code == "not_found" and "none" in missing.detail and missing.remedy, missing
    assert list_ratings.sync(client=client, limit=0).field == "limit"
    print(f"{every_list()} lists were read")


def every_list() -> int:
    """Calls everything that is read without naming anything: also what is added later."""
    read = 0
    for module in pkgutil.walk_packages(lastword_client.api.__path__, "lastword_client.api."):
        call = importlib.import_module(module.name)
        if module.ispkg or call._get_kwargs.__name__ is None:
            continue
        needed = [
            parameter.name
            for parameter in inspect.signature(call._get_kwargs).parameters.values()
            if parameter.default is inspect.Parameter.empty
        ]
        if needed or call._get_kwargs()["method"] != "get":
            continue
        answer = call.sync_detailed(client=client)
        assert answer.status_code == 200 and answer.parsed is not None, (module.name, answer)
        read += 1
    assert read > 15, read
    return read


if PART == "close":
    first_part()
else:
    second_part(sys.argv[4])
print("done")
