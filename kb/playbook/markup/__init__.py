"""What Markdown lacks for a playbook, and what it allows too much of: one module for each piece of markup."""
