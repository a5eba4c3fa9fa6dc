"""The playbook: Markdown pages in both languages, read from the corpus and rendered safely."""
