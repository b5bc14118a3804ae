"""What a coordinator is told about a message. No sentence holds a name, an address, or a word of the message."""

NO_DATE = "the message has no date: ask when it was sent"
BAD_DATE = "the date of the message is impossible and was left out: ask when it was sent"
NO_SENDER = "the message names no sender: find out how to answer before you go on"
OTHER_REPLY = "answers would go to another address than the sender's: check before you reply"
FORWARDED = (
    "the message was forwarded: sender, date and text are those of the message inside; "
    "check with the person who forwarded it how to answer"
)
INLINE_FORWARD = (
    "the text holds an earlier or forwarded message: the sender may only be the person who passed it on; "
    "check the contact"
)
ATTACHED_MESSAGE = "another message is attached and was not read as the appeal: open it in your mail program"
ENCRYPTED = "the message is encrypted: decrypt in your mail program, save, read again"
PARTLY_ENCRYPTED = "a part of the text is encrypted: decrypt in your mail program and add it to the narrative"
SIGNED_SHUT = "the text is wrapped in a signature: open in your mail program, save without the signature, read again"
CUT_OFF = "the message looks cut off: what could be read was read; save it again or ask for it"
CHARSET = "the letters of the message were declared wrongly or not at all and had to be guessed: read it through"
TOO_DEEP = "the message is packed too deeply: its inner parts were left out; open it in your mail program"
TOO_MANY = "the message has more than 500 parts: the rest was left out; open it in your mail program"
TNEF = "the attachments are packed in Outlook's own format (winmail.dat): open it or ask for them again"
AUTOMATIC = "the message was written by a machine (an automatic answer): it may be no appeal"
BOUNCE = "the message is a report about the delivery of another message: it may be no appeal"
LONG = "the text is longer than 200,000 characters and was cut: the whole is in the mailbox"
NO_TEXT = "the message has no readable text: look at it in your mail program"
