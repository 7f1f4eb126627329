"""Tablets that never lose a mark: what lies on the device survives the network, the battery, an older build and a careless hand."""

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.venue import PATIENCE, Tablet, Venue, a_venue

ITEMS = 25
ENTRANTS = 21


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    with a_venue(tmp_path_factory.mktemp("venue"), entrants=ENTRANTS, items=ITEMS) as found:
        yield found


def test_statements_18_and_19_a_hundred_marks_survive_reload_and_restart_without_a_network(
    venue: Venue, tablet: Tablet
) -> None:
    judge = venue.judges[0]
    tablet.signs_in(judge)
    tablet.opens_desk()
    tablet.has_its_shell()
    tablet.context.set_offline(True)
    typed = tablet.marks_sheets(100 // ITEMS)
    tablet.reloads()
    tablet.shows("local", "已存本机 · 待上传 100 条")
    tablet.restart(offline=True)
    tablet.opens_desk()
    tablet.shows("local", "已存本机 · 待上传 100 条")
    assert tablet.all_values() == typed

    tablet.context.set_offline(False)
    tablet.signs_in_again(judge)  # a browser that was switched off has forgotten its session
    tablet.shows("server", "已上传 · ")
    assert venue.marks_of(judge) == typed == tablet.all_values()
    assert tablet.stored("operations") == []


@pytest.mark.long
def test_rg7_a_day_of_500_marks_with_two_restarts_is_uploaded_within_a_minute(
    venue: Venue, tablet: Tablet
) -> None:
    judge = venue.judges[1]
    tablet.signs_in(judge)
    tablet.opens_desk()
    tablet.has_its_shell()
    tablet.context.set_offline(True)
    typed = tablet.marks_sheets(10)
    tablet.restart(offline=True)
    tablet.opens_desk()
    tablet.goes_on()  # from the sheet at which it was switched off
    typed |= tablet.marks_sheets(10)
    tablet.restart(offline=True)
    tablet.opens_desk()
    tablet.shows("local", "待上传 500 条")
    tablet.context.set_offline(False)
    tablet.signs_in_again(judge)
    tablet.shows("server", "已上传 · ", patience=60_000)
    assert len(typed) == 500 and venue.marks_of(judge) == typed == tablet.all_values()


@pytest.mark.long
def test_what_waits_is_sealed_and_the_keys_stay_in_the_browser(venue: Venue, tablet: Tablet) -> None:
    tablet.signs_in(venue.judges[2])
    tablet.opens_desk("21")
    tablet.shows("server")
    tablet.context.set_offline(True)
    tablet.types("8.25")
    tablet.shows("local", "1")
    (row,) = tablet.stored("operations")
    assert set(row) == {"op_id", "scope", "seq", "kept_at", "sealed"} and row["sealed"]["iv"]
    taken = tablet.page.evaluate(
        """() => new Promise(done => {
          const open = indexedDB.open("skillsladder-scoring");
          open.onsuccess = () => {
            const all = open.result.transaction("keys").objectStore("keys").getAll();
            all.onsuccess = async () => {
              open.result.close();
              const keys = all.result.flatMap(one => one.privateKey ? [one.privateKey] : [one]);
              const out = await Promise.all(keys.map(key => crypto.subtle.exportKey("jwk", key).then(() => "taken", () => "kept")));
              done([out, JSON.stringify(all.result)]);
            };
          };
        })"""
    )
    assert set(taken[0]) == {"kept"} and len(taken[0]) == 2
    assert venue.rows("SELECT count(*) FROM device WHERE public_key IS NULL") == [(0,)]
    tablet.context.set_offline(False)
    tablet.shows("server")


@pytest.mark.long
def test_fault_39_a_browser_that_is_killed_while_typing_opens_at_the_same_item(
    venue: Venue, tablet: Tablet
) -> None:
    tablet.signs_in(venue.judges[2])
    tablet.opens_desk("20")
    tablet.marks("8", "7.5")
    tablet.uploads()
    tablet.page.keyboard.type("8.2")
    tablet.page.wait_for_timeout(300)
    with pytest.raises(Exception):  # noqa: B017,PT011 - the page is gone, in whatever words
        tablet.page.goto("chrome://crash")
    tablet.page = tablet.context.new_page()
    tablet.signs_in(venue.judges[2])
    tablet.opens_desk("20")
    expect(tablet.page.locator("[data-focus=number]")).to_have_value("8.2")
    expect(tablet.page.locator(".item[aria-current]")).to_contain_text("项目3")


@pytest.mark.long
def test_fault_41_cleared_storage_is_said_and_the_sheets_come_from_the_server(
    venue: Venue, tablet: Tablet
) -> None:
    tablet.signs_in(venue.judges[2])
    tablet.opens_desk("19")
    tablet.marks("8", "7.5")
    tablet.uploads()
    tablet.context.set_offline(True)
    tablet.types("8")
    tablet.shows("local", "1")
    tablet.page.route("**/operations", lambda route: route.abort())
    tablet.context.set_offline(False)
    tablet.page.goto("/sign-in")
    tablet.page.evaluate(
        "() => new Promise(done => { indexedDB.deleteDatabase('skillsladder-scoring').onsuccess = done; })"
    )
    tablet.page.unroute_all()
    tablet.opens_desk("19")
    expect(tablet.page.locator("[data-notice=cleared]")).to_contain_text("有1条评分未上传")
    expect(tablet.page.locator("[data-notice=known]")).to_be_visible()
    assert tablet.values()[:3] == ["8", "7.5", "未评"]


OLD_DATABASE = """
([scope, operations]) => new Promise((done, failed) => {
  const open = indexedDB.open("skillsladder-scoring", 1);
  open.onupgradeneeded = () => {
    const db = open.result;
    db.createObjectStore("scopes", {keyPath: "scope"});
    db.createObjectStore("queue", {keyPath: "operation.op_id"}).createIndex("scope", "scope");
    db.createObjectStore("attention", {keyPath: "attention.op_id"}).createIndex("scope", "scope");
    db.createObjectStore("copies", {autoIncrement: true});
    db.createObjectStore("drafts");
  };
  open.onerror = () => failed(open.error);
  open.onsuccess = () => {
    const tx = open.result.transaction(["scopes", "queue"], "readwrite");
    tx.objectStore("scopes").put({scope, device: null, next: operations.length + 1});
    for (const operation of operations) tx.objectStore("queue").put({scope, operation});
    tx.oncomplete = () => { open.result.close(); done(); };
  };
})
"""


@pytest.mark.long
def test_fault_42_what_an_older_build_left_in_the_queue_is_sealed_and_sent(
    venue: Venue, tablet: Tablet
) -> None:
    judge = venue.judges[2]
    tablet.signs_in(judge)
    account = tablet.page.request.get(f"/api/scoring/events/{venue.event}/desk").json()["account"]
    operations = [
        {"op_id": str(uuid4()), "seq": seq, "sheet": venue.sheets[judge]["18"], "aspect": f"i{seq}", "kind": "mark", "base_version": 0,
         "value": f"{seq + 6}.5", "state": "value", "round": 1, "reason": "", "device_time": "2026-06-01T12:00:00+08:00"}
        for seq in (1, 2, 3)
    ]  # fmt: skip
    tablet.page.evaluate(OLD_DATABASE, [f"{venue.event}:{account}", operations])
    tablet.page.route("**/devices", lambda route: route.abort())
    tablet.opens_desk("18")
    tablet.shows("local", "3")
    assert tablet.values()[:4] == ["7.5", "8.5", "9.5", "未评"]
    assert tablet.stored("queue") == [] and len(tablet.stored("operations")) == 3
    tablet.page.unroute_all()
    tablet.page.reload()
    tablet.is_ready()
    tablet.shows("server")
    found = venue.marks_of(judge)
    assert [found["18", f"i{seq}"] for seq in (1, 2, 3)] == ["7.5", "8.5", "9.5"]


@pytest.mark.long
def test_fault_42_a_new_build_takes_over_without_losing_the_queue(venue: Venue, tablet: Tablet) -> None:
    judge = venue.judges[2]
    tablet.signs_in(judge)
    tablet.opens_desk("11")
    tablet.has_its_shell()
    tablet.context.set_offline(True)
    tablet.marks("8", "7.5")
    tablet.page.route("**/operations", lambda route: route.abort())
    venue.stop()
    venue.start(another_build=True)
    tablet.context.set_offline(False)
    tablet.reloads()
    tablet.until("async () => (await caches.keys()).every(name => name.startsWith('scoring-next-'))")
    tablet.shows("local", "待上传 2 条")
    tablet.has_its_shell()
    tablet.context.set_offline(True)
    tablet.reloads()
    assert tablet.values()[:3] == ["8", "7.5", "未评"]
    tablet.page.unroute_all()
    tablet.context.set_offline(False)
    tablet.shows("server")
    assert venue.marks_of(judge)["11", "i2"] == "7.5"
    venue.stop()
    venue.start()


@pytest.mark.long
def test_fault_14_a_server_restored_from_an_older_backup_gets_the_acknowledged_marks_again(
    venue: Venue, tablet: Tablet, tmp_path: Path
) -> None:
    judge = venue.judges[2]
    tablet.signs_in(judge)
    tablet.opens_desk("17")
    tablet.marks("8")
    tablet.uploads()
    venue.stop()
    shutil.copy(venue.database, tmp_path / "backup.sqlite3")
    venue.start()
    tablet.marks("7")
    tablet.marks("7.5")
    tablet.uploads()
    assert venue.marks_of(judge)["17", "i3"] == "7.5"
    venue.stop()
    for left in venue.folder.glob("venue.sqlite3-*"):
        left.unlink()
    shutil.copy(tmp_path / "backup.sqlite3", venue.database)
    venue.start()
    assert ("17", "i3") not in venue.marks_of(judge)
    tablet.types("9")
    venue.waits_for(judge, ("17", "i4"))
    tablet.uploads()
    found = venue.marks_of(judge)
    assert [found["17", f"i{item}"] for item in (1, 2, 3, 4)] == ["8", "7", "7.5", "9"]


@pytest.mark.long
def test_only_the_shell_and_its_files_are_kept_beside_the_database(venue: Venue, tablet: Tablet) -> None:
    tablet.signs_in(venue.judges[2])
    tablet.page.goto("/judging")
    tablet.opens_desk("16")
    tablet.has_its_shell()
    tablet.marks("8")
    tablet.uploads()
    kept = tablet.page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async name => (await (await caches.open(name)).keys())
          .map(one => new URL(one.url).pathname)))).flat()"""
    )
    assert [path for path in kept if not path.startswith("/assets/")] == [f"/judging/{venue.event}/desk"]
    page = tablet.page.evaluate(
        "path => caches.match(path).then(found => found.text())", f"/judging/{venue.event}/desk"
    )
    assert not [name for name in (*venue.names, *venue.sheets[venue.judges[2]].values()) if name in page]


@pytest.mark.long
def test_the_page_weighs_less_than_350_kilobytes(venue: Venue, tablet: Tablet) -> None:
    tablet.signs_in(venue.judges[2])
    session = tablet.context.new_cdp_session(tablet.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    tablet.opens_desk("15")
    assert 20_000 < sum(weights) <= 350_000


@pytest.mark.long
def test_without_a_service_worker_everything_but_the_reload_works(venue: Venue, tablet: Tablet) -> None:
    tablet.page.add_init_script("delete Navigator.prototype.serviceWorker")
    tablet.signs_in(venue.judges[2])
    tablet.opens_desk("14")
    tablet.context.set_offline(True)
    tablet.marks("8", "7.5")
    tablet.shows("local", "2")
    tablet.context.set_offline(False)
    tablet.shows("server")


@pytest.mark.long
def test_a_second_tab_shows_what_the_first_one_records_and_one_of_them_sends(
    venue: Venue, tablet: Tablet
) -> None:
    judge = venue.judges[2]
    tablet.signs_in(judge)
    tablet.opens_desk("13")
    sent: list[str] = []
    tablet.context.on(
        "request",
        lambda request: sent.append(request.post_data or "") if request.url.endswith("/operations") else None,
    )
    other = tablet.context.new_page()
    other.goto(f"/judging/{venue.event}/desk#{venue.sheets[judge]['13']}")
    expect(other.locator(".item").first).to_be_visible(timeout=PATIENCE)
    tablet.page.bring_to_front()
    tablet.marks("8", "7.5")
    tablet.uploads()
    expect(other.locator(".item-value").nth(1)).to_have_text("7.5", timeout=PATIENCE)
    operations = [one["op_id"] for body in sent for one in json.loads(body)["operations"]]
    assert len(operations) == len(set(operations)) == 2


@pytest.mark.long
def test_every_batch_is_signed_by_the_device(venue: Venue, tablet: Tablet) -> None:
    tablet.signs_in(venue.judges[2])
    tablet.opens_desk("12")
    with tablet.page.expect_request("**/operations") as sent:
        tablet.types("8")
    signature = sent.value.headers["x-device-signature"]
    assert len(base64.urlsafe_b64decode(signature + "==")) == 64
    assert json.loads(sent.value.post_data or "")["schema"] == 2
    tablet.shows("server")
