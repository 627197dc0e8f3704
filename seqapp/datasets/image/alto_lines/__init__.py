"""ALTO: layout and text of page images, as libraries and eScriptorium write them."""
