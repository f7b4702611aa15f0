"""The virtual radio: an air with units and centrals in it, on the world's clock.

It carries bytes as a radio does, late and sometimes not at all; what they mean is no business of
it. It needs the extra `virtual`, and whoever wants no radio imports nothing of it.
"""
