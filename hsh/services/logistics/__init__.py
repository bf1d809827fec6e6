"""The logistics world: depot and truck."""
