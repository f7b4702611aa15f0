"""The pages of `lockrig web`: what the terminal does, for a tablet in a stairwell.

They show and pass on; they judge nothing, and there is no second procedure. A page that is to be
added goes to `pages`.
"""
