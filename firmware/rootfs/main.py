import gc

# Modules stay for ever: tidied often, what is left over from loading one doesn't lie between them.
# Untidied, the firmware needs a quarter more of a board's memory.
gc.threshold(4_096)

from lockboards.app import main  # noqa: E402

main()
