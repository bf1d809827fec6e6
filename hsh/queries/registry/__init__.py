"""What the registry knows: people, places, prices."""
