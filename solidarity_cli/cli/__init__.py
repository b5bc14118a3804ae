"""What a person types and sees: commands, the wizard, doctor, the demo."""
