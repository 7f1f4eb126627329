"""Faults 27, 28, 30 to 37, 42 and 48: several people and devices, seeded schedules, clocks, a day without the server."""

import json
from datetime import UTC, datetime
from threading import Thread
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from competition.accounts.queries import account_by_username, actor_of
from competition.accounts.services import close_account, system_actor
from competition.audit.queries import entries_for
from competition.database import session
from competition.errors import Conflict, RuleBroken
from competition.scoring import queries
from competition.scoring.models import Sheet
from competition.scoring.services import reopen_sheet, sign_sheet
from competition.transactions import transaction
from tests.conftest import NOON
from tests.faults import deeds
from tests.faults.house import ASPECTS, House, Paper, mark_of
from tests.faults.invariants import assert_invariants
from tests.faults.schedules import Table
from tests.faults.servers import serving
from tests.faults.tablet import Tablet
from tests.faults.wires import Ask, InProcess, OverHttp
