"""speechocean762: English read by speakers of Mandarin, half of them children."""
