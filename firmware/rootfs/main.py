from lockboards.app import main

main()
