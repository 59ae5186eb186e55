"""The calendar file of a booking, read by a parser that others wrote."""
import json
import subprocess
from pathlib import Path

from harness.bookings import administrator, customer, service_of_new_provider

NPM = Path(__file__).resolve().parents[1] / "npm"


def read_calendar(text):
    assert (NPM / "node_modules").is_dir(), "tests/npm has no packages; run make setup"
    done = subprocess.run(
        ["node", "read_calendar.js"],
        cwd=NPM, input=text, capture_output=True, text=True, timeout=60, check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_another_parser_reads_the_file_and_its_changes(server):
    boss, ann = administrator(server), customer(server, "ann")
    name = 'Wedding; big, "grand" and पूजा ' + "long " * 20
    booking = service_of_new_provider(boss, ("Rāj", 'O"Neil; the, 2nd'), service_name=name)
    made = ann.post("/v1/bookings", {**booking, "scheduled_at": "2031-03-30T10:00:00Z"}).expect(201)
    path = f"/v1/bookings/{made['data']['booking_id']}"
    first = read_calendar(ann.get(path + "/calendar.ics").expect(200).text)
    assert first["method"] == "PUBLISH"
    assert first["summary"] == f'{name} with Rāj O"Neil; the, 2nd'
    assert first["organizerName"] == 'Rāj O"Neil; the, 2nd'
    assert (first["start"], first["end"]) == ("2031-03-30T10:00:00.000Z", "2031-03-30T11:00:00.000Z")
    ann.put(path + "/cancel", {"reason": "Ill;\nvery, ill"}).expect(200)
    last = read_calendar(ann.get(path + "/calendar.ics").expect(200).text)
    assert (last["method"], last["status"], last["uid"]) == ("CANCEL", "CANCELLED", first["uid"])
    assert last["sequence"] > first["sequence"]
    assert last["description"].endswith("Ill;\nvery, ill")
