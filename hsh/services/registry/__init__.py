"""The registry: people, places, customers, equipment, rates."""
