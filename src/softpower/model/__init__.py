"""What the library talks about: frozen records without numerics."""
