"""READ 2016: minutes of the council of Bozen, in early modern German."""
