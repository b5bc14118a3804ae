"""Who gives emergency help, and how far a referral to them has come."""
