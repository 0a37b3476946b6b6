"""What apprise sends for a text, for each service that it knows: JSON on standard output, by service.

Nothing leaves: the calls of its HTTP client are taken as they are made, and answered.
"""

import json
import sys

import apprise
import requests

TITLE, BODY, KIND = sys.argv[1:4]

URLS = {
    "slack": "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ?footer=no&image=no&blocks=yes",
    "mattermost": "mmost://Lastword@localhost/3ccdd113474722377935511fc85d3dd4?image=no",
    "rocketchat": "rocket://abcdef0123456789/abcdefabcdefabcdef@localhost?avatar=no",
    "zulip": "zulip://botname@org/abcdefghijklmnopqrstuvwxyz123456/stream",
    "teams": "workflow://prod-1.logic.azure.com:443/643e69f0972f4a0f9b5e6e6c8d6c0b01/abcdefgABCDEFG1234567?image=no",
    "discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?avatar=no&footer=no&fields=no",
    "google_chat": "gchat://workspace/key/token",
    "ntfy": "ntfy://localhost/support-alerts?image=no&priority=high",
    "gotify": "gotify://localhost/abcdefGHIJKLMNO?priority=high",
    "matrix": "matrixs://token@localhost/!room:localhost?image=no&format=html&e2ee=no",
    "pagerduty": "pagerduty://R0UT1NGKEYR0UT1NGKEYR0UT1NGKEY12@key0123456789abcdef/Lastword/Lastword?image=no",
}


def taken(self, method, url, **rest):
    response = requests.Response()
    response.status_code = 200
    response.url = url
    response._content = b'{"room_id":"!room:localhost","event_id":"$e","user_id":"@a:localhost","joined_rooms":["!room:localhost"]}'
    made.append({"method": method.upper(), "url": url, "headers": dict(rest.get("headers") or {}), "body": rest.get("data")})
    return response


requests.Session.request = taken
said = {}
for service, url in URLS.items():
    made = []
    one = apprise.Apprise()
    if not one.add(url):
        sys.exit(f"apprise does not read the address of {service}")
    one.notify(title=TITLE, body=BODY, notify_type=KIND)
    calls = [call for call in made if call["method"] in ("POST", "PUT") and call["body"]]
    body = calls[-1]["body"] if calls else None
    if isinstance(body, (bytes, str)):
        body = json.loads(body)
    said[service] = {"body": body, "headers": calls[-1]["headers"] if calls else {}}
json.dump(said, sys.stdout)
