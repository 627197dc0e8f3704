"""CMU AN4: spelled names, addresses and dates, and a few commands."""
