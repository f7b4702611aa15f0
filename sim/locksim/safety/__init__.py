"""How often the push-button diagnostic allows a change of a discharged pack, measured."""
