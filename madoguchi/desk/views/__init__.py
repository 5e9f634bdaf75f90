"""Pages of the desk (画面)."""

from madoguchi.desk.views.home import home
from madoguchi.desk.views.looks import looks
from madoguchi.desk.views.monday import monday
from madoguchi.desk.views.person import person

__all__ = ["home", "looks", "monday", "person"]
