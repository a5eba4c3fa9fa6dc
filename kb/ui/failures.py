"""What a reader sees when a screen fails because of a fault of ours."""

from __future__ import annotations

import logging

from kb.html import notices
from kb.ui import session
from kb.ui.components import markup

_log = logging.getLogger(__name__)


def show_failure(error: Exception) -> bool:
    """Log the fault in full and say in words that there was one, in place of Streamlit's own message."""
    _log.error("A screen failed.", exc_info=error)
    markup.show(notices.fault(session.texts()), key="fault")
    return True
