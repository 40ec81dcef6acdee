"""Every write of this room that matters."""
