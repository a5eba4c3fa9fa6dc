"""The whole truth of one library behind one name."""

from __future__ import annotations

from kb.settings import Settings
from kb.store.audit import Audit
from kb.store.baskets import Baskets
from kb.store.citation_checks import CitationChecks
from kb.store.cited_passages import CitedPassages
from kb.store.corrections import Corrections
from kb.store.database import Database
from kb.store.deletions import Deletions
from kb.store.files import FileStore
from kb.store.former_works import FormerWorks
from kb.store.jobs import Jobs
from kb.store.origins import Origins
from kb.store.pages import Pages
from kb.store.passages import Passages
from kb.store.queue import Queue
from kb.store.receipts import Receipts
from kb.store.revisions import Revisions
from kb.store.sketches import Sketches
from kb.store.succession import Succession
from kb.store.versions import Versions
from kb.store.wiki_comments import WikiComments
from kb.store.wiki_drafts import WikiDrafts
from kb.store.wiki_images import WikiImages
from kb.store.wiki_links import WikiLinks
from kb.store.wiki_pages import WikiPages
from kb.store.wiki_searches import WikiSearches
from kb.store.withdrawals import Withdrawals


class Store:
    """Repositories of one library; the database is made, or brought up to date, when this is."""

    def __init__(self, settings: Settings) -> None:
        self.database = Database(settings.data_dir / "library.sqlite3")
        self.files = FileStore(settings.files_dir)
        self.versions = Versions(self.database)
        self.succession = Succession(self.database)
        self.former_works = FormerWorks(self.database)
        self.pages = Pages(self.database)
        self.passages = Passages(self.database)
        self.receipts = Receipts(self.database)
        self.jobs = Jobs(self.database)
        self.baskets = Baskets(self.database)
        self.queue = Queue(self.database)
        self.corrections = Corrections(self.database)
        self.origins = Origins(self.database)
        self.sketches = Sketches(self.database)
        self.withdrawals = Withdrawals(self.database)
        self.deletions = Deletions(self.database)
        self.audit = Audit(self.database)
        self.wiki = WikiPages(self.database)
        self.revisions = Revisions(self.database)
        self.wiki_comments = WikiComments(self.database)
        self.wiki_links = WikiLinks(self.database)
        self.wiki_drafts = WikiDrafts(self.database)
        self.wiki_images = WikiImages(self.database)
        self.citation_checks = CitationChecks(self.database)
        self.cited_passages = CitedPassages(self.database)
        self.wiki_searches = WikiSearches(self.database)

    def close(self) -> None:
        """Give back every connection."""
        self.database.close()
