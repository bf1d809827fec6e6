"""The trade once more, small and in memory: what every service must have done.

Written from the design and not from the services, with whole numbers alone: dollars, quantities,
rates and readings are counted in ten-thousandths, money in cents.
"""
