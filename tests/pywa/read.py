"""WhatsApp as pywa has it, a client library that is not ours. Takes one JSON document: posts of Meta's, and messages of ours.
Gives what pywa reads from each post, and the same messages as pywa itself would send them."""

import json
import logging
import sys

import httpx
from pywa import WhatsApp, utils
from pywa.types import Button, Section, SectionList, SectionRow
from pywa.types.base_update import RawUpdate

NUMBER = "106540352242922"
# What it cannot read shows in what it gives.
logging.disable(logging.CRITICAL)
sent = []


def take(request):
    sent.append(json.loads(request.content))
    return httpx.Response(200, json={"messages": [{"id": "wamid.x"}], "contacts": [{"input": "1", "wa_id": "1", "user_id": "US.1"}]})


session = httpx.Client(transport=httpx.MockTransport(take), base_url="https://graph.example/v25.0")
whatsapp = WhatsApp(phone_id=NUMBER, token="token", session=session, filter_updates=False, validate_updates=False)


def read(post, secret):
    body = post["body"].encode()
    assert utils.webhook_updates_validator(secret, body, post["signature"]), "it is not signed as pywa wants it"
    raw = RawUpdate(body, hmac_header=post["signature"], update_hash="")
    update = whatsapp._handlers_to_updates[whatsapp._get_handler_type(raw)].from_update(client=whatsapp, update=raw)
    answered = getattr(update, "reply_to_message", None)
    status = getattr(update, "status", None)
    return {
        "id": update.id,
        "at": int(update.timestamp.timestamp() * 1000),
        "chat": update.from_user.wa_id or update.from_user.bsuid,
        "user": update.from_user.bsuid,
        "token": getattr(update, "data", None),
        "text": getattr(update, "text", None) or getattr(update, "caption", None),
        "answers": answered and answered.id,
        "status": status and status.value,
        "key": getattr(update, "tracker", None),
    }


def sends(message):
    interactive = message.get("interactive")
    text = interactive["body"]["text"] if interactive else message["text"]["body"]
    buttons = None
    if interactive and interactive["type"] == "button":
        replies = [button["reply"] for button in interactive["action"]["buttons"]]
        buttons = [Button(reply["title"], reply["id"]) for reply in replies]
    elif interactive:
        action = interactive["action"]
        row = lambda row: SectionRow(row["title"], row["id"], row.get("description"))
        sections = [Section(section.get("title", ""), [row(one) for one in section["rows"]]) for section in action["sections"]]
        buttons = SectionList(action["button"], sections)
    whatsapp.send_message(to=message["to"], text=text, buttons=buttons, tracker=message["biz_opaque_callback_data"])
    body = sent.pop()
    # A single section needs no title, and pywa writes an empty one.
    for section in body.get("interactive", {}).get("action", {}).get("sections", []):
        if not section.get("title"):
            section.pop("title", None)
    return body


asked = json.load(sys.stdin)
json.dump(
    {"posts": [read(post, asked["secret"]) for post in asked["posts"]], "messages": [sends(message) for message in asked["messages"]]},
    sys.stdout,
)
