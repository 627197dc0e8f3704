"""Copiste d'un jour: modern French handwriting by volunteers of Québec (BAnQ)."""
