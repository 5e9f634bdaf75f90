"""Our own backups (バックアップ): taken, followed, restored and proved; nothing here knows a table.

A backup is a base (every page of the server, checked as it is read), the data folder's own files,
and the log of all changes since. Everything that leaves the machine is sealed first. What proves a
backup is not that it was written but that it was restored: the same rows, table by table, as were
counted when it was taken.

- **B1** What was sealed comes back byte by byte, or is called damaged: nothing in between.
- **B2** A base restored to the moment it was counted at is equal to it in every row.
- **B3** Whatever file of a backup is changed or lost, its restore says so.
- **B4** With a follower, a committed row lies sealed in the place within the closing time of the log.

Read ``taking.py``, then ``restoring.py``. ``sealing.py`` is the file format, ``place.py`` where files
lie, ``counting.py`` what is compared, ``server.py`` the server's tools.
"""
