"""What a sensor waits for."""
