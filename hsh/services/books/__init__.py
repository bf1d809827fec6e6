"""The books: stock ledger, numbers, audit, submissions, outbox. Both worlds meet here alone."""
