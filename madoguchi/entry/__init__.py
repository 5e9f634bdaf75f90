"""Where the parts are joined and started: settings, routes, command line (入口)."""
