"""Every word of the sheet's script."""

from competition.rules.sentences import Sentence, sentence

TEXTS: dict[str, Sentence] = {
    "writing": sentence("Saving…"),
    "local": sentence("Stored on this device · {n} to upload"),
    "server": sentence("Uploaded · {time}"),
    "attention": sentence("Needs attention: {n}"),
    "unsafe": sentence("This device cannot save; use the paper sheet and call the technician"),
    "portal": sentence("Log in to the venue network; what you entered stays on this device until then."),
    "sign_in": sentence("Your session has ended. What you entered stays on this device."),
    "sign_in_again": sentence("Sign in again"),
    "offline": sentence("No connection. Go on marking; everything is stored on this device."),
    "refused": sentence("The server does not take marks from this device. Call the technician."),
    "revoked": sentence(
        "This device was turned off. What could not be sent any more is handed to the chief judge."
    ),
    "barred": sentence(
        "Your account has nothing to mark here any more. What is not uploaded stays on this device."
    ),
    "another": sentence("Somebody else has signed in on this device."),
    "send_now": sentence("Send now"),
    "user_name": sentence("User name"),
    "password": sentence("Password"),
    "pin_of_card": sentence("PIN of your card"),
    "wrong_pin": sentence("Card and PIN do not fit together, or the card is not valid any more."),
    "sign_in_by_name": sentence("Sign in with user name and password"),
    "later": sentence("Later: go on marking"),
    "wrong_password": sentence("User name and password do not fit together. Check both."),
    "too_often": sentence("There were too many tries in a short time. Wait a moment and try again."),
    "offline_sign_in": sentence(
        "The server cannot be reached now. What you entered stays on this device; try again later."
    ),
    "unsent_day": sentence(
        "Something on this device has waited for more than a day. Connect to the venue network, or give the technician the emergency file."
    ),
    "little_room": sentence("This device has little room left. Tell the technician."),
    "clock": sentence(
        "The clock of this device is {n} minutes off. Marks keep their order all the same; tell the technician."
    ),
    "held": sentence(
        "This device keeps {n} marks of another judge that are not uploaded. They are sent when that judge signs in here again."
    ),
    "held_give": sentence("Hand them to the chief judge"),
    "cleared": sentence(
        "The storage of this browser was cleared while {n} marks were not uploaded. Compare every sheet with your notes, and tell the chief judge."
    ),
    "beside": sentence(
        "Your sheets are also open on {devices}. Marks from both come together; two values for one item are asked about."
    ),
    "lacking": sentence(
        "The server was put back to an older state: {n} marks that it had kept are not there any more. Look through your sheets and enter again what is blank; the organiser has the list."
    ),
    "known": sentence("The server has {n} marks of yours from before; they are on the sheets."),
    "hand_over": sentence("Hand over the tablet"),
    "hand_over_ready": sentence("Everything you entered is uploaded. You can hand over the tablet."),
    "hand_over_waits": sentence(
        "Not uploaded yet: {n}. You stay signed in, and it is sent as soon as the network is there."
    ),
    "hand_over_attention": sentence("Before you go, look at what needs attention: {n}."),
    "hand_over_now": sentence("Sign out for the next judge"),
    "hand_over_anyway": sentence("Hand over all the same"),
    "back_to_sheet": sentence("Back to the sheet"),
    "emergency": sentence("Emergency file"),
    "emergency_what": sentence(
        "What is not uploaded, sealed so that only the organiser can open it. Give the file to the technician, or let them scan the codes."
    ),
    "emergency_none": sentence(
        "This browser cannot make it. Keep the tablet switched on and call the technician."
    ),
    "emergency_save": sentence("Save the emergency file"),
    "emergency_show": sentence("Show it as QR codes"),
    "code_of": sentence("Code {n} of {of}"),
    "code_before": sentence("Code before"),
    "code_after": sentence("Code after"),
    "codes_run": sentence("Run through the codes"),
    "codes_stop": sentence("Stop at this code"),
    "supervised": sentence("Hand over with a supervisor"),
    "supervised_what": sentence(
        "The entries stay sealed on this tablet until this judge signs in here again. The supervisor stands for that."
    ),
    "supervisor": sentence("Name of the supervisor"),
    "supervisor_first": sentence("Give the name of the supervisor and the reason."),
    "blanks": sentence("{n} blank"),
    "no_blanks": sentence("no blanks"),
    "points": sentence("Points on this sheet"),
    "of": sentence("of {max}"),
    "previous": sentence("Previous code"),
    "next_code": sentence("Next code"),
    "next": sentence("Next item"),
    "delete": sentence("Delete"),
    "clear": sentence("Clear"),
    "not_attempted": sentence("Not attempted"),
    "dnf": sentence("Did not finish"),
    "dns": sentence("Did not start"),
    "dsq": sentence("Disqualified"),
    "no_number": sentence("Instead of a number"),
    "fulfilled": sentence("Fulfilled"),
    "not_fulfilled": sentence("Not fulfilled"),
    "level": sentence("Level {n}"),
    "blank": sentence("blank"),
    "optional": sentence("optional"),
    "keypad": sentence("Keypad"),
    "items": sentence("Items"),
    "reason": sentence("Reason"),
    "add": sentence("Add deduction"),
    "remove": sentence("Remove"),
    "no_entries": sentence("No deduction"),
    "no_adjustments": sentence("No penalty, pause or bonus"),
    "add_entry": sentence("Add entry"),
    "kind": sentence("Kind of entry"),
    "seconds": sentence("Seconds"),
    "reason_first": sentence("Give the reason first."),
    "reason_is_shown": sentence("The reason stands beside the value in the result: name nobody in it."),
    "value_first": sentence("Type the value first."),
    "waiting": sentence("{given} of {seats} judges have given a level; levels are shown when all are in."),
    "together": sentence("All levels are in."),
    "discussion": sentence(
        "The levels lie too far apart. Talk about them; whoever changes a level gives the reason."
    ),
    "change_needs_reason": sentence("A change from here on needs its reason."),
    "agreed_stands": sentence("An agreed level stands for the levels of the judges."),
    "seat": sentence("Seat {seat}: {level}"),
    "range": sentence("{value} is outside the range {low} to {high}."),
    "step": sentence("{value} is not one of the steps of {step}."),
    "not_a_number": sentence("Type a number with digits and a point."),
    "sign": sentence("Check and sign"),
    "sign_wait": sentence("Signing waits until everything is uploaded."),
    "locked": sentence("This sheet is locked: {state}. It changes only when the chief judge reopens it."),
    "closed": sentence("The marking of this event is closed."),
    "attention_title": sentence("Needs attention"),
    "keep_mine": sentence("Keep mine: {value}"),
    "count_both": sentence("Both are meant: add mine ({value})"),
    "take_theirs": sentence("Take theirs: {value}"),
    "theirs": sentence("{value} from {device}, {time}"),
    "mine": sentence("Mine: {value}"),
    "understood": sentence("Understood"),
    "open_item": sentence("Go to the item"),
    "code": sentence("Code {code}"),
    "measured": sentence("Amount"),
}
"""By the names the script uses. Places are written {so}, because the script fills them in."""
