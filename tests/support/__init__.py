"""What tests share: people, registers, servers, readers of what the program wrote. No test is in here."""
