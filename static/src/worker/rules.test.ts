import assert from "node:assert/strict";
import { test } from "node:test";
import { type Build, deskOf, isShell, kindOf } from "./rules.ts";

const EVENT = "0f1d2c3b-0000-4000-8000-000000000001";
const SHEET = "0f1d2c3b-0000-4000-8000-000000000002";
const HOME = "https://venue.example";
const build: Build = { version: "b1", assets: ["/assets/scoring.aaa.js", "/assets/scoring.bbb.css", "/assets/app.ccc.css"] };
const kind = (path: string, method = "GET", mode = "navigate", host = HOME) => kindOf(method, mode, new URL(path, host), HOME, build);

test("marks on their way are never touched", () => {
  assert.equal(kind(`/api/scoring/events/${EVENT}/operations`, "POST", "cors"), "pass");
  assert.equal(kind(`/judging/${EVENT}/desk`, "POST"), "pass");
  assert.equal(kind(`/api/scoring/events/${EVENT}/desk`, "GET", "cors"), "pass");
});

test("pages with names are not kept, the shell and its files are", () => {
  assert.equal(kind(`/judging/${EVENT}/A`), "pass");
  assert.equal(kind(`/judging/${EVENT}/sheets/${SHEET}/signature`), "pass");
  assert.equal(kind(`/judging/${EVENT}/desk`), "desk");
  assert.equal(kind("/assets/scoring.aaa.js", "GET", "no-cors"), "asset");
  assert.equal(kind("/assets/scoring.old.js", "GET", "no-cors"), "pass");
  assert.equal(kind("/assets/scoring.aaa.js", "GET", "no-cors", "https://elsewhere.example"), "pass");
});

test("the old address of a sheet leads to the desk", () => {
  assert.equal(kind(`/judging/${EVENT}/sheets/${SHEET}`), "sheet");
  assert.equal(deskOf(new URL(`/judging/${EVENT}/sheets/${SHEET}`, HOME)), `/judging/${EVENT}/desk#${SHEET}`);
});

test("a portal's page and the shell of another build are no shell", () => {
  const shell = '<script src="/assets/scoring.aaa.js"></script><link href="/assets/scoring.bbb.css"><div data-marking data-desk="x">';
  assert.ok(isShell(shell, build));
  assert.ok(!isShell(shell.replaceAll("aaa", "zzz"), build));
  assert.ok(!isShell("<h1>Venue Wi-Fi: log in</h1>", build));
});
