"""An officer clicks: the pages on which a unit reads its cases and answers them."""

from handlers.desk.desk import Desk
from handlers.desk.map import routes

__all__ = ["Desk", "routes"]
