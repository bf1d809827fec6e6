"""The sales world: truck and customer."""
