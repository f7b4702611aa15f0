"""The keys of the units that are provisioned here, in one sealed file of the user's own.

`sealedfile` is the file, `unlock` where its key comes from, `store` what it holds.
"""
