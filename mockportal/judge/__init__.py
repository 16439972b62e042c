"""The judge: tells whether a target, the mock or a real deployment, keeps the contract."""
