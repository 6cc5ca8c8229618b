"""How a failure is corrected: by the policy following symbols (VSF), or by a motion to the point (PMC)."""
