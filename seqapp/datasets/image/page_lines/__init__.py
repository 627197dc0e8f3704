"""PAGE XML: layout and text of page images, as Transkribus, eScriptorium and Larex write them."""
