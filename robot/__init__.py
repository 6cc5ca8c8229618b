"""The live side: a supervisor between a robot, a policy and a model that sees failures."""
