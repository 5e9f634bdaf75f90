"""Files that come in and go out (効果の表のファイル)."""
