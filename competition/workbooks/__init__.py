"""Excel workbooks that somebody uploads: judged before they are unpacked, read in a process of their own."""
