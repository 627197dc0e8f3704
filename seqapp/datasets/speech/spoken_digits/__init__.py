"""The Free Spoken Digit Dataset: single digits, and strings of digits joined from them."""
