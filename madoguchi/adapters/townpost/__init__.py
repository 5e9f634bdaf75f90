"""Files of the portal and messages between towns, as files in a folder (町どうしの送受信)."""
