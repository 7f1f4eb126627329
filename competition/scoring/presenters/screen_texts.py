"""What the sheet's script says beside the marks: tools, the form for many entrants, odd values, notes and photos, eye and hand."""

from competition.rules.sentences import Sentence, sentence
from competition.scoring.presenters.texts import TEXTS

SCREEN_TEXTS: dict[str, Sentence] = {
    "tools": sentence("Tools"),
    "undo": sentence("Undo"),
    "redo": sentence("Redo"),
    "undo_locked": sentence("The sheet is locked, so this step cannot be taken back."),
    "undo_changed": sentence("This mark was changed elsewhere since, so this step is not taken back."),
    "form": sentence("Form"),
    "one_entrant": sentence("By entrant"),
    "one_item": sentence("By item"),
    "group": sentence("Entrants"),
    "item_before": sentence("Item before"),
    "item_after": sentence("Item after"),
    "ordering": sentence("My order"),
    "ordering_hint": sentence("By your own points so far. It is nobody's result."),
    "done": sentence("{done} of {needed} marked"),
    "odd": sentence("{value}: really?"),
    "odd_far": sentence("This lies far from your other marks of this item."),
    "odd_low": sentence("This is unusually low for the scale. Is a digit missing?"),
    "odd_target": sentence("This lies far from the target. Is the point in its place?"),
    "record_anyway": sentence("Record anyway"),
    "correct": sentence("Correct it"),
    "looked_again": sentence("Looked again: it is right"),
    "anyway_hint": sentence("Reason; left empty, “{reason}” is noted."),
    "who_agrees": sentence("Measured by {n} judges together. Who stands behind the value?"),
    "agree_first": sentence("{n} judges measure this together. Say first who agrees."),
    "comfort": sentence("Eye and hand"),
    "sun": sentence("Sun mode"),
    "left_hand": sentence("Left hand"),
    "stay_awake": sentence("Screen stays on"),
    "awake_refused": sentence(
        "This device may switch its screen off by itself. Set a longer time in its settings; nothing is lost."
    ),
    "text_size": sentence("Size of text"),
    "text_normal": sentence("Normal text"),
    "text_large": sentence("Large text"),
    "text_largest": sentence("Largest text"),
    "remarks": sentence("Note or photo"),
    "remarks_count": sentence("Notes and photos: {n}"),
    "note": sentence("Note for the chief judge"),
    "keep_note": sentence("Keep the note"),
    "note_first": sentence("Write the note first."),
    "photo": sentence("Photo"),
    "take_photo": sentence("Take a photo"),
    "photo_preview": sentence("The photo before it is kept"),
    "keep_photo": sentence("Keep the photo"),
    "drop_photo": sentence("Discard it"),
    "photo_unreadable": sentence("This picture cannot be read. Take another one."),
    "remark_waits": sentence("On this device, to be uploaded"),
    "exposed": sentence("Identity exposed"),
    "exposed_told": sentence("Identity exposed: reported to the chief judge"),
    "ruled": sentence("ruled by the chief judge"),
    "sign_offline": sentence(
        "Signing needs the network. Everything you entered is kept here until it is back."
    ),
    "ask_reopening": sentence("Ask for a reopening"),
    "reopening_asked": sentence("You have asked for a reopening; the chief judge sees it."),
    "practice": sentence("Practice sheet: nothing you enter here is sent or counted."),
    "practice_first": sentence(
        "First time on this device? Practise for three minutes; nothing of it is sent."
    ),
    "practise": sentence("Practise"),
    "not_now": sentence("Not now"),
    "practice_end": sentence("End the practice"),
}
"""Places are written {so}, because the script fills them in."""

EVERY_TEXT = {**TEXTS, **SCREEN_TEXTS}
