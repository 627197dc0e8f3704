"""Pages with layouts: any folder or archive of ALTO or PAGE with its pictures, for finding lines."""
