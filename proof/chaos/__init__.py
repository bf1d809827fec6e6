"""A driver's day in bad weather: a real browser, a real server, and all between them failing."""
