"""The bundled samples: folders of CSV in the sheets and headers that a planner fills in."""
