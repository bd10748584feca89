"""The only writers of users, grants and the audit trail."""
