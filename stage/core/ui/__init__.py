"""What the template tags and forms stand on: tones, dates, pictures of numbers, notices."""
