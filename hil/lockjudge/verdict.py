"""From a trace to a verdict: may this battery be changed as usual? (interface; body to follow)"""
