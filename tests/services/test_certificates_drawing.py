"""Certificates on paper, read back from the finished PDF."""

import io
from pathlib import Path
from typing import Any

import pypdf
import pytest

from competition.certificates import wording
from competition.certificates.documents import certificate_pdf, write_certificates
from competition.competitions.models import Group
from competition.rules.titles import Title
from competition.typesetting import lettering
from competition.typesetting.typefaces import unicode_map
from tests.builders.certificates import codes_of, fonts_of, text_of

BASE = "https://verify.example.cn"


@pytest.fixture
def database_kind() -> str:
    """Nothing here asks a database."""
    return "sqlite"


@pytest.fixture(autouse=True, scope="module")
def rare_fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    lettering.keep_rare_parts_in(folder)
    return folder


def snapshot(name: str = "王芳", *, partners: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    competition = Title("2026年华安省第三届职业技能大赛", "The 3rd Hua'an Province Skills Competition 2026")
    event, award = Title("焊工", "Welding"), Title("一等奖", "First prize")
    return {
        "number": "HA26-2026-WELD-FIRST-0001-K",
        "verification_id": "7Q2M4XK8ZT1B",
        "name": name,
        "unit": "华安精密制造有限公司",
        "award": {"id": "first", **award.as_json()},
        "issuers": [{"zh": "华安省人力资源和社会保障厅", "en": ""}],
        "issued_on": "2026-11-20",
        "replaces": "",
        "texts": wording.texts(
            competition=competition,
            event=event,
            award=award,
            place=1,
            partners=list(partners),
            group=Group.WORKER,
        ),
        **changes,
    }


def drawn(name: str = "王芳", **changes: Any) -> bytes:
    return certificate_pdf(snapshot(name, **changes), base_url=BASE)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    "name",
    [
        "王芳",
        "欧阳明哲",
        "阿卜杜热西提·买买提依明·努尔买买提",
        "李𬭊",
        "张䶮㛃",
        "陈𫖮",
        "刘𤳉",
        "Jean-Luc O’Neill",
        "张" * 50,
    ],
)
def test_a_name_can_be_copied_from_the_paper_as_it_is(name: str) -> None:
    assert squeezed(name) in squeezed(text_of(drawn(name)))


@pytest.mark.parametrize(
    "name", ["<para>${7*7}</para>", "<img src='http://169.254.1.1/'>", "&amp;{{7*7}}", '=HYPERLINK("x")']
)
def test_hostile_names_are_only_text(name: str) -> None:
    pdf = drawn(name)
    assert squeezed(name) in squeezed(text_of(pdf))
    assert b"169.254" not in pdf or b"/URI" not in pdf


def test_every_font_is_embedded_and_tagged() -> None:
    fonts = fonts_of(drawn("刘𤳉"))
    assert all(fonts.values())
    assert all(name[7] == "+" for name in fonts)


def test_different_subsets_of_a_face_have_different_tags() -> None:
    kai = [{name for name in fonts_of(drawn(name)) if "WenKai" in name} for name in ("王芳", "欧阳明哲")]
    assert len(kai[0] | kai[1]) == 2


@pytest.mark.parametrize("name", ["王芳", "刘𤳉"])
def test_the_code_leads_to_the_page_of_this_certificate(name: str) -> None:
    assert codes_of(drawn(name)) == [f"{BASE}/c/7Q2M4XK8ZT1B"]


def test_everything_that_counts_stands_on_it() -> None:
    text = squeezed(text_of(drawn("王芳", replaces="HA26-2026-WELD-FIRST-0009-X")))
    for part in (
        "获奖证书",
        "CERTIFICATEOFAWARD",
        "HA26-2026-WELD-FIRST-0001-K",
        "华安精密制造有限公司",
        "焊工赛项",
        "一等奖",
        "第1名",
        "特发此证",
        "华安省人力资源和社会保障厅",
        "2026年11月20日",
        "verify.example.cn",
        "扫码核验",
        "HA26-2026-WELD-FIRST-0009-X",
    ):
        assert part in text, part


def test_each_of_a_pair_has_an_own_certificate_that_names_the_other() -> None:
    assert "与李秀英组队" in squeezed(text_of(drawn("王芳", partners=("李秀英",))))


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    assert drawn("李𬭊") == drawn("李𬭊")


def test_the_document_is_as_old_as_the_certificate() -> None:
    created = pypdf.PdfReader(io.BytesIO(drawn())).metadata
    assert created is not None and str(created["/CreationDate"]).startswith("D:20261120")


def test_a_batch_shares_artwork_and_fonts() -> None:
    out = io.BytesIO()
    write_certificates(
        [snapshot(name) for name in ("王芳", "李𬭊", "张伟") * 10], base_url=BASE, title="批", out=out
    )
    reader = pypdf.PdfReader(out)
    assert len(reader.pages) == 30 and len(out.getvalue()) < 30 * 5_000
    assert squeezed("李𬭊") in squeezed(reader.pages[1].extract_text())
    assert codes_of(out.getvalue(), dpi=150) == [f"{BASE}/c/7Q2M4XK8ZT1B"] * 30


def test_a_name_is_drawn_with_one_face_when_one_has_it_all() -> None:
    assert [run.face for run in lettering.runs("欧阳明哲", lettering.FOR_NAMES)] == [lettering.KAI]
    assert [run.face for run in lettering.runs("㵑明", lettering.FOR_NAMES)] == [lettering.SONG]
    mixed = [run.text for run in lettering.runs("Li𤳉", lettering.FOR_NAMES)]
    assert mixed == ["Li", "𤳉"]


def test_a_character_nobody_can_draw_is_named_with_its_number() -> None:
    assert lettering.undrawable("王𱍐芳𱍐") == ("𱍐",)
    with pytest.raises(lettering.CannotDraw, match=r"U\+31350"):
        drawn("王𱍐芳")


def test_the_character_map_writes_surrogate_pairs_in_blocks_of_a_hundred() -> None:
    written = unicode_map("ABCDEF+Face", [0, *range(0x4E00, 0x4E00 + 120), 0x2CB4A])
    assert "<79> <D872DF4A>" in written
    assert "100 beginbfchar" in written and "22 beginbfchar" in written
    assert "<00> <FF>" in written
