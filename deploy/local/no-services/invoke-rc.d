#!/bin/sh
# Stands in the path of what deploy/local/install runs: a package that would start its service starts nothing.
exit 0
