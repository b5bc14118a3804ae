"""One file per verb: options, session, core, print. No decision about cases is taken here."""
